"""One carrying-out of the engine over the book. The Run row is the truth; messages only hurry it along."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.history import kept
from accounts.permissions import may_see_every_company
from matching.enums import Failure, RunKind, RunState, ShardState


class WeightsQuerySet(models.QuerySet):
    def in_force(self) -> "Weights":
        """The newest version."""
        return self.latest("version")


@kept()
class Weights(models.Model):
    """The score table, versioned: a change is a new row with its reason."""

    version = models.PositiveIntegerField(unique=True)
    values = models.JSONField(help_text=_("component -> weight; they sum to 1"))
    reason = models.TextField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now_add=True)
    promoted_from = models.ForeignKey(
        "Run",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="promotions",
        help_text=_("the what-if run that tried them first"),
    )

    objects = WeightsQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        verbose_name_plural = "weights"

    def __str__(self) -> str:
        return str(self.version)


class RunQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if may_see_every_company(user) else self.none()

    def unfinished(self):
        return self.filter(state__in=[RunState.QUEUED, RunState.RUNNING])

    def finished(self):
        return self.filter(state=RunState.FINISHED)

    def official(self):
        return self.filter(kind=RunKind.OFFICIAL)

    def refreshes(self):
        return self.filter(kind=RunKind.REFRESH)

    def recorded(self):
        """Those that say who fits whom: official runs and refreshes, but no what-if."""
        return self.exclude(kind=RunKind.WHAT_IF)


class Run(models.Model):
    """Who asked for it, on which facts and rules it rests, how far it is and how it ended."""

    kind = models.CharField(max_length=10, choices=RunKind, default=RunKind.OFFICIAL)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.QUEUED)
    as_of = models.DateField(help_text=_("the day the run takes as today"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    options = models.JSONField(
        default=dict, blank=True, help_text=_("what a what-if changes or narrows; whose book a refresh reads")
    )
    need = models.ForeignKey(
        "companies.Need", null=True, blank=True, on_delete=models.SET_NULL, related_name="refreshes"
    )
    capacity = models.ForeignKey(
        "companies.Capacity", null=True, blank=True, on_delete=models.SET_NULL, related_name="refreshes"
    )
    weights = models.ForeignKey(Weights, on_delete=models.PROTECT, related_name="+")
    rules_version = models.CharField(max_length=20)
    engine_version = models.CharField(max_length=20)
    corridor_version = models.CharField(max_length=64, blank=True)
    book_cut_at = models.DateTimeField(null=True, blank=True)
    input_hash = models.CharField(max_length=64, blank=True)
    done = models.PositiveIntegerField(default=0, help_text=_("listings matched so far"))
    total = models.PositiveIntegerField(default=0, help_text=_("listings that have somebody to be matched with"))
    attempt = models.PositiveSmallIntegerField(default=0, help_text=_("of the present step: cutting or closing"))
    worker = models.CharField(max_length=100, blank=True)
    queued_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    timings = models.JSONField(default=dict, blank=True)
    reason_code = models.CharField(max_length=40, choices=Failure, blank=True)
    reason = models.TextField(blank=True, help_text=_("for the operator: which step, which kind of error"))

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RunKind.values), name="run_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="run_state_is_known"),
            models.CheckConstraint(condition=Q(reason_code__in=["", *Failure.values]), name="run_reason_is_known"),
            models.CheckConstraint(
                condition=~Q(state=RunState.FAILED) | ~Q(reason_code=""), name="failed_run_keeps_its_reason"
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(kind=RunKind.OFFICIAL, state__in=[RunState.QUEUED, RunState.RUNNING]),
                name="one_official_run_at_a_time",
                violation_error_message=_("A run is under way already."),
            ),
            *(
                models.UniqueConstraint(
                    fields=[listing],
                    condition=Q(kind=RunKind.REFRESH, state=RunState.QUEUED),
                    name=f"one_refresh_of_a_{listing}_waits",
                )
                for listing in ("need", "capacity")
            ),
            models.CheckConstraint(
                condition=Q(kind=RunKind.REFRESH) | Q(need__isnull=True, capacity__isnull=True),
                name="only_a_refresh_names_a_listing",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_over(self) -> bool:
        return self.state in (RunState.FINISHED, RunState.FAILED)


class RunShard(models.Model):
    """One connected component of headings, cut from the book: facts in, results out, both as bytes of the engine."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="shards")
    number = models.PositiveIntegerField()
    headings = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=ShardState, default=ShardState.WAITING)
    done = models.PositiveIntegerField(default=0, help_text=_("listings matched so far"))
    total = models.PositiveIntegerField(default=0, help_text=_("listings of the shard"))
    weight = models.PositiveBigIntegerField(default=0, help_text=_("months of needs x months of capacities to compare"))
    attempt = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=100, blank=True, help_text=_("kind of the last error, without its words"))
    taken_at = models.DateTimeField(null=True, blank=True)
    market = models.BinaryField()
    points = models.JSONField(
        null=True,
        blank=True,
        help_text=_("departures and arrivals by row and column of the lanes; older runs have none"),
    )
    watch = models.JSONField(default=list, help_text=_("pairs of need and capacity that people decided upon"))
    instructions = models.JSONField(
        null=True, blank=True, help_text=_("what staff asked of the plan when the book was cut, in the order asked")
    )
    solve_s = models.FloatField(null=True, blank=True)
    result = models.BinaryField(null=True, blank=True)

    class Meta:
        ordering = ["run", "number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="shard_number_is_used_once"),
            models.CheckConstraint(condition=Q(state__in=ShardState.values), name="shard_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state=ShardState.DONE) | Q(result__isnull=False), name="done_shard_has_a_result"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.run_id}.{self.number}"
