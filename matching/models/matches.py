"""Pairs put before people: one row for ever, what each run found of it, what people decided."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import kept
from accounts.permissions import may_see_every_company
from companies.enums import CompanyStatus, ListingStatus
from companies.models import Company
from matching.enums import DismissReason, MatchState, Side
from matching.models.runs import Run, RunShard

SIDES = ("need", "capacity")

# Keys of rows that runs write by the million: triggers check them once a statement (migration 0023, adr/0009), and a
# unique constraint that begins with the column serves as its index.
SET_BY_SET = {"db_constraint": False}
SET_BY_SET_INDEXED = SET_BY_SET | {"db_index": False}


def trading(pair: str = "", *sides: str) -> Q:
    """Both sides of a pair stand today: companies active, not hidden; listings open, not expired. `pair`: "match__".

    Whoever is suspended leaves every match at that moment, not at the next run; so does what is paused or expires.
    """
    found = Q()
    for side in sides or SIDES:
        company = f"{pair}{side}__company__"
        found &= Q((f"{company}status", CompanyStatus.ACTIVE), (f"{company}is_hidden", False))
        found &= open_today(f"{pair}{side}__")
    return found


def open_today(listing: str) -> Q:
    """A listing is open and has not expired. `listing` leads to it: "need__"."""
    lasting = Q((f"{listing}valid_until__isnull", True)) | Q((f"{listing}valid_until__gte", timezone.localdate()))
    return Q((f"{listing}status", ListingStatus.OPEN)) & lasting


def seen_by_readers() -> Q:
    """Staff and officers see every pair, but for those of a company that is hidden."""
    return Q(need__company__is_hidden=False, capacity__company__is_hidden=False)


def told_to(companies) -> Q:
    """Pairs of which these companies are told: one side is theirs and open, and the other stands: see `trading`."""
    found = Q(pk__in=[])
    for own in SIDES:
        found |= Q((f"{own}__company__in", companies)) & told_to_side(own)
    return found


def told_to_side(own: str) -> Q:
    """Pairs of which the company of the need is told, or that of the capacity."""
    (other,) = set(SIDES) - {own}
    # Two entries of one company that were merged: a pair of theirs is none, from that moment on.
    return open_today(f"{own}__") & trading("", other) & ~Q(need__company=F("capacity__company"))


class MatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff and officers see every match; business users what fits the companies they act for."""
        if may_see_every_company(user):
            return self.filter(seen_by_readers())
        return self.told_to(Company.objects.visible_to(user))

    def told_to(self, companies):
        """What companies are told of: matches of theirs that hold today and that the city has not dismissed."""
        return self.filter(told_to(companies), is_current=True).exclude(state=MatchState.DISMISSED)

    def told_to_side(self, side: str):
        """The same for the companies of one side, whichever they are."""
        return self.filter(told_to_side(side), is_current=True).exclude(state=MatchState.DISMISSED)

    def current(self):
        """Found by the newest official run or by a refresh since, and both companies trade today."""
        return self.filter(trading(), is_current=True)


class NearMissQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff and officers see every near miss; business users those of the companies they act for."""
        if may_see_every_company(user):
            return self.filter(seen_by_readers())
        return self.told_to(Company.objects.visible_to(user))

    def told_to(self, companies):
        return self.filter(told_to(companies), is_current=True)

    def current(self):
        """What is known now: found by the newest official run or by a refresh since, and both companies trade today."""
        return self.filter(trading(), is_current=True)


class Match(models.Model):
    """A need and a capacity, one row for ever. Scores come and go with runs; decisions stay."""

    need = models.ForeignKey("companies.Need", on_delete=models.PROTECT, related_name="matches", db_index=False)
    capacity = models.ForeignKey("companies.Capacity", on_delete=models.PROTECT, related_name="matches")
    state = models.CharField(max_length=12, choices=MatchState, default=MatchState.NEW)
    is_current = models.BooleanField(default=False)
    latest = models.ForeignKey("MatchResult", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    first_run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+", **SET_BY_SET)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "matches"
        constraints = [
            models.UniqueConstraint(fields=["need", "capacity"], name="match_is_one_row_for_ever"),
            models.CheckConstraint(condition=Q(state__in=MatchState.values), name="match_state_is_known"),
        ]
        indexes = [models.Index(fields=["is_current", "state"], name="match_current_state")]

    def __str__(self) -> str:
        return f"№ {self.pk}"

    @property
    def is_in_trade(self) -> bool:
        """Both sides stand today; for rows, load them with both sides. See `trading`."""
        today, sides = timezone.localdate(), (self.need, self.capacity)
        return all(
            side.company.status == CompanyStatus.ACTIVE
            and side.status == ListingStatus.OPEN
            and (side.valid_until is None or side.valid_until >= today)
            for side in sides
        )


class MatchResult(models.Model):
    """What one run found of a match. Scores in millionths, so that they sort and compare exactly."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="results", **SET_BY_SET_INDEXED)
    shard = models.ForeignKey(
        RunShard,
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,  # of an official run, which is not deleted
        related_name="+",
        db_constraint=False,
        db_index=False,
        help_text=_("where the facts lie of a pair that does not keep them itself"),
    )
    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="results", **SET_BY_SET)
    score_ppm = models.PositiveIntegerField()
    could_reach_ppm = models.PositiveIntegerField()
    components = models.JSONField(help_text=_("component -> value from 0 to 1, or null where not known"))
    verdicts = models.JSONField(help_text=_("rule -> -1 fails, 0 not known, 1 passes"))
    facts = models.JSONField(default=dict, help_text=_("the numbers the rules compared, with their units in the names"))
    rank_for_need = models.PositiveSmallIntegerField(null=True, blank=True)
    rank_for_capacity = models.PositiveSmallIntegerField(null=True, blank=True)
    movable_kg = models.PositiveBigIntegerField(null=True, blank=True)
    planned_kg = models.PositiveBigIntegerField(default=0)
    landed_low_usd_per_t = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    landed_high_usd_per_t = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    days_low = models.PositiveSmallIntegerField(null=True, blank=True)
    days_high = models.PositiveSmallIntegerField(null=True, blank=True)
    known_rules = models.PositiveSmallIntegerField()
    failed_rules = ArrayField(models.CharField(max_length=20), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "match"], name="match_has_one_result_a_run"),
            models.CheckConstraint(
                condition=Q(score_ppm__lte=F("could_reach_ppm"), could_reach_ppm__lte=1_000_000),
                name="match_score_is_within_reach",
            ),
        ]
        indexes = [models.Index(fields=["run", "-score_ppm"], name="match_result_by_score")]

    def __str__(self) -> str:
        return f"№ {self.match_id}, #{self.run_id}"


class DecisionBatch(models.Model):
    """One decision about many matches at once: it can be taken back as a whole."""

    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name_plural = "decision batches"

    def __str__(self) -> str:
        return f"#{self.pk}"


@kept()
class Decision(models.Model):
    """What a person decided about a match, on the facts of which run."""

    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="decisions")
    state = models.CharField(max_length=12, choices=MatchState)
    reason = models.CharField(max_length=12, choices=DismissReason, blank=True)
    note = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)
    result = models.ForeignKey(MatchResult, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    batch = models.ForeignKey(DecisionBatch, null=True, blank=True, on_delete=models.SET_NULL, related_name="decisions")

    class Meta:
        ordering = ["-decided_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MatchState.values), name="decision_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state=MatchState.DISMISSED) | ~Q(reason=""), name="dismissal_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.match_id}: {self.get_state_display()}"


class Allocation(models.Model):
    """Kilograms that a run's plan gives a pair: shipped in one month, delivered in another."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="allocations", **SET_BY_SET_INDEXED)
    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="allocations", **SET_BY_SET)
    ship_month = models.DateField()
    deliver_month = models.DateField()
    quantity_kg = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["run", "match", "ship_month", "deliver_month"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "match", "ship_month", "deliver_month"], name="allocation_is_one_a_month"
            ),
            models.CheckConstraint(condition=Q(quantity_kg__gt=0), name="allocation_is_positive"),
        ]

    def __str__(self) -> str:
        return f"№ {self.match_id}, {self.ship_month:%Y-%m}: {self.quantity_kg} kg"


class NearMiss(models.Model):
    """A pair that fails exactly one rule, with the smallest change by one side that would open it."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="near_misses", **SET_BY_SET_INDEXED)
    need = models.ForeignKey("companies.Need", on_delete=models.CASCADE, related_name="near_misses")
    capacity = models.ForeignKey("companies.Capacity", on_delete=models.CASCADE, related_name="near_misses")
    rule = models.CharField(max_length=20)
    side = models.CharField(max_length=8, choices=Side)
    change = models.JSONField(help_text=_("the amount with its unit, or the term, certificate or parameter"))
    effort = models.PositiveSmallIntegerField(help_text=_("row of the published table of effort"))
    score_ppm = models.PositiveIntegerField(help_text=_("what the pair would score after the change"))
    is_current = models.BooleanField(
        default=False, db_default=False, help_text=_("the newest official run or a refresh after it found it")
    )

    objects = NearMissQuerySet.as_manager()

    class Meta:
        ordering = ["run", "need", "effort"]
        verbose_name_plural = "near misses"
        constraints = [
            models.UniqueConstraint(fields=["run", "need", "capacity"], name="near_miss_is_listed_once_a_run"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="near_miss_side_is_known"),
        ]
        indexes = [
            models.Index(fields=["need"], condition=Q(is_current=True), name="near_miss_current"),
            models.Index(fields=["effort", "id"], condition=Q(is_current=True), name="near_miss_by_effort"),
            models.Index(fields=["rule", "effort", "id"], condition=Q(is_current=True), name="near_miss_by_rule"),
            models.Index(fields=["-score_ppm", "id"], condition=Q(is_current=True), name="near_miss_by_score"),
        ]

    def __str__(self) -> str:
        return f"#{self.run_id}: {self.need} / {self.capacity}, {self.rule}"
