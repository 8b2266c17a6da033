"""A run's plan for people: what becomes of every listing of its book, and who supplies whom. Written once, at its end.

Official runs and what-ifs keep the same rows, so that both are looked at on the same page.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.permissions import may_see_every_company
from matching.enums import Rest
from matching.models.matches import Match, seen_by_readers
from matching.models.runs import Run


class PlanLineQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff and officers read the plan, but for listings of a company that is hidden."""
        return self.seen() if may_see_every_company(user) else self.none()

    def seen(self):
        return self.exclude(need__company__is_hidden=True).exclude(capacity__company__is_hidden=True)


class PlanLine(models.Model):
    """One need or one capacity of a run's book: how much of it the plan moves, and why the rest is left."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="plan_lines")
    need = models.ForeignKey("companies.Need", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    capacity = models.ForeignKey(
        "companies.Capacity", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    commodity = models.ForeignKey(
        "commodities.Commodity",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        help_text=_("the principal goods; of a need for a group one of its members"),
    )
    quantity_kg = models.PositiveBigIntegerField(help_text=_("wanted or offered in all, when the book was read"))
    planned_kg = models.PositiveBigIntegerField(default=0)
    left_kg = models.PositiveBigIntegerField(help_text=_("the quantity without what is planned"))
    rest = models.CharField(max_length=10, choices=Rest, help_text=_("why there is a rest"))
    why = models.JSONField(null=True, blank=True, help_text=_("the near miss, or who takes the other side's kilograms"))
    price_ppm = models.BigIntegerField(
        default=0, help_text=_("one more kilogram in its dearest month, in millionths of the full score")
    )
    price_month = models.DateField(null=True, blank=True, help_text=_("that month; none where there is one only"))

    objects = PlanLineQuerySet.as_manager()

    class Meta:
        ordering = ["-left_kg", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(need__isnull=True, capacity__isnull=False) | Q(need__isnull=False, capacity__isnull=True),
                name="plan_line_is_of_one_listing",
            ),
            models.CheckConstraint(condition=Q(quantity_kg=F("planned_kg") + F("left_kg")), name="plan_line_adds_up"),
            models.CheckConstraint(condition=Q(rest__in=Rest.values), name="plan_line_rest_is_known"),
            models.UniqueConstraint(fields=["run", "need"], name="plan_line_is_one_a_need"),
            models.UniqueConstraint(fields=["run", "capacity"], name="plan_line_is_one_a_capacity"),
        ]
        indexes = [
            models.Index(fields=["run", "-left_kg", "id"], condition=Q(left_kg__gt=0), name="plan_line_by_rest"),
            models.Index(fields=["run", "-price_ppm"], condition=Q(price_ppm__gt=0), name="plan_line_price"),
        ]

    def __str__(self) -> str:
        return f"#{self.run_id}: {self.need or self.capacity}"


class PlanFlowQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.seen() if may_see_every_company(user) else self.none()

    def seen(self):
        """As those see it who may see a plan at all."""
        return self.filter(seen_by_readers())


class PlanFlow(models.Model):
    """What a run's plan moves from a capacity to a need, and in which months."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="plan_flows")
    need = models.ForeignKey("companies.Need", on_delete=models.CASCADE, related_name="+")
    capacity = models.ForeignKey("companies.Capacity", on_delete=models.CASCADE, related_name="+")
    match = models.ForeignKey(Match, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    quantity_kg = models.PositiveBigIntegerField()
    score_ppm = models.PositiveIntegerField()
    first_month = models.DateField(help_text=_("in which the first part is shipped"))
    last_month = models.DateField(help_text=_("in which the last part is delivered"))
    months = models.JSONField(help_text=_("month of shipping, month of delivery, kilograms"))

    objects = PlanFlowQuerySet.as_manager()

    class Meta:
        ordering = ["-quantity_kg", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity_kg__gt=0), name="plan_flow_is_positive"),
            models.UniqueConstraint(fields=["run", "need", "capacity"], name="plan_flow_is_one_a_pair"),
        ]
        indexes = [
            models.Index(fields=["run", "-quantity_kg", "id"], name="plan_flow_by_quantity"),
            models.Index(fields=["run", "-score_ppm", "id"], name="plan_flow_by_score"),
        ]

    def __str__(self) -> str:
        return f"#{self.run_id}: {self.capacity} / {self.need}"


class PlanChange(models.Model):
    """That plans are seen otherwise: rows are gone, a company was hidden or is shown again, or a listing is elsewhere.

    Elsewhere: with other goods, another place, country or company. Nothing else that the sums of a plan are made of
    changes once its run is over, so what was summed of it stays right until there is a new one.
    """

    MOST_KEPT = 1000

    made_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"#{self.pk}"
