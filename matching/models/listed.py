"""The list of matches as its pages read it: one narrow row a match, with everything it is sorted and narrowed by.

Nobody writes these rows by hand: triggers keep them true (migration 0015), docs/lists.md tells how. A column is what
its source says at this moment; only what depends on the day stays a condition, see `ListedQuerySet.of_today`.
"""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Least, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.permissions import may_see_every_company
from commodities.enums import Sector
from corridor.enums import Country
from matching.enums import MatchState

FOR_EVER = dt.date(9999, 12, 31)
NEVER = dt.date(1, 1, 1)


def beside(model: str, **options) -> models.ForeignKey:
    """A column that repeats what another table says. The database does not ask the other table again for each row."""
    return models.ForeignKey(
        model, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False, **options
    )


class ListedQuerySet(models.QuerySet):
    def of_today(self):
        """What is listed: current matches of sides that trade today, and what people decided upon."""
        return self.filter(listed_until__gte=timezone.localdate())

    def visible_to(self, user):
        """Staff and officers see every row, but for those of a company that is hidden. Both sides are named."""
        return self.filter(is_seen=True) if may_see_every_company(user) else self.none()


class ListedMatch(models.Model):
    """A match that is current, or that somebody decided upon: its newest result and both sides, in one row."""

    match = models.OneToOneField(
        "matching.Match", primary_key=True, on_delete=models.DO_NOTHING, related_name="listed", db_constraint=False
    )
    result = beside("matching.MatchResult")
    first_run = beside("matching.Run", help_text=_("which put the pair before people"))
    state = models.CharField(max_length=12, choices=MatchState)
    is_current = models.BooleanField()
    # What the engine found.
    score_ppm = models.PositiveIntegerField()
    known_rules = models.PositiveSmallIntegerField()
    unknown_rules = ArrayField(models.CharField(max_length=20), help_text=_("in the order of their codes"))
    failed_rules = ArrayField(models.CharField(max_length=20))
    movable_kg = models.PositiveBigIntegerField(null=True)
    planned_kg = models.PositiveBigIntegerField()
    landed_high_usd_per_t = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    days_high = models.PositiveSmallIntegerField(null=True)
    # The capacity.
    capacity = beside("companies.Capacity")
    capacity_open = models.BooleanField()
    capacity_until = models.DateField(null=True)
    commodity = beside("commodities.Commodity")
    sector = models.CharField(max_length=12, choices=Sector, blank=True)
    tree_lo = models.IntegerField()
    goods_name = models.CharField(max_length=600, help_text=_("in English, as lists are sorted"))
    origin_country = models.CharField(max_length=2, choices=Country)
    exporter = beside("companies.Company")
    exporter_name = models.CharField(max_length=250)
    exporter_region = beside("corridor.Region", null=True)
    exporter_trades = models.BooleanField(help_text=_("active and not hidden"))
    exporter_is_hidden = models.BooleanField()
    # The need.
    need = beside("companies.Need")
    need_open = models.BooleanField()
    need_until = models.DateField(null=True)
    destination_country = models.CharField(max_length=2, choices=Country)
    importer = beside("companies.Company")
    importer_name = models.CharField(max_length=250)
    importer_region = beside("corridor.Region", null=True)
    importer_trades = models.BooleanField(help_text=_("active and not hidden"))
    importer_is_hidden = models.BooleanField()
    # What follows from the columns above.
    listed_until = models.GeneratedField(
        expression=Case(
            When(~Q(state=MatchState.NEW), then=Value(FOR_EVER)),
            When(
                Q(
                    is_current=True,
                    exporter_trades=True,
                    importer_trades=True,
                    need_open=True,
                    capacity_open=True,
                ),
                then=Least(F("need_until"), F("capacity_until"), Value(FOR_EVER)),
            ),
            default=Value(NEVER),
        ),
        output_field=models.DateField(),
        db_persist=True,
        help_text=_("the last day on which the match is listed"),
    )
    is_seen = models.GeneratedField(
        expression=Q(exporter_is_hidden=False, importer_is_hidden=False),
        output_field=models.BooleanField(),
        db_persist=True,
        help_text=_("neither company is hidden"),
    )

    objects = ListedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "listed matches"
        indexes = [
            # One for each order of the list; where a figure may be missing one for each direction, it comes last.
            models.Index(F("score_ppm").desc(), "match", name="listed_by_score"),
            models.Index(F("movable_kg").desc(nulls_last=True), "match", name="listed_by_quantity"),
            models.Index("movable_kg", "match", name="listed_by_little"),
            models.Index("landed_high_usd_per_t", "match", name="listed_by_landed"),
            models.Index(F("landed_high_usd_per_t").desc(nulls_last=True), "match", name="listed_by_dear"),
            models.Index("days_high", "match", name="listed_by_days"),
            models.Index(F("days_high").desc(nulls_last=True), "match", name="listed_by_slow"),
            models.Index("exporter_name", "match", name="listed_by_exporter"),
            models.Index("importer_name", "match", name="listed_by_importer"),
            models.Index("goods_name", "match", name="listed_by_goods"),
            models.Index("state", "match", name="listed_by_state"),
            # One for each source: what changes there is changed here.
            models.Index("exporter", name="listed_exporter"),
            models.Index("importer", name="listed_importer"),
            models.Index("need", name="listed_need"),
            models.Index("capacity", name="listed_capacity"),
            models.Index("commodity", F("score_ppm").desc(), "match", name="listed_commodity"),
            models.Index("listed_until", condition=Q(listed_until__lt=FOR_EVER), name="listed_until"),
        ]

    def __str__(self) -> str:
        return f"№ {self.match_id}"


class ListedDoubt(models.Model):
    """A source whose listed rows could not be brought up to it at once, for somebody else was writing them.

    A company that is suspended does not wait until a run has been saved. `services.listed.settle` does it after that.
    """

    class Source(models.TextChoices):
        COMPANY = "company", "company"
        NEED = "need", "need"
        CAPACITY = "capacity", "capacity"
        COMMODITY = "commodity", "commodity"
        BOOK = "book", "all of them"

    source = models.CharField(max_length=9, choices=Source)
    source_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.source} {self.source_id}"


class ListedChange(models.Model):
    """That the list, or the near misses, have changed, written with each change: what was counted before is not shown
    after it.

    Rows are only added, so that nobody who decides waits for anybody; the sweeper takes the old ones away.
    """

    MOST_KEPT = 2000
    made_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"#{self.pk}"
