"""What staff ask of the plan: a pair that it has to hold, a pair that it may not hold."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import may_see_every_company
from matching.enums import InstructionKind
from matching.models.matches import Match


class PlanInstructionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if may_see_every_company(user) else self.none()

    def in_force(self):
        """Those that the next plan has to follow."""
        return self.filter(lifted_at__isnull=True)


class PlanInstruction(models.Model):
    """A pin or a ban of one pair, with its reason. It holds from the next plan on, until somebody lifts it.

    The row is its own history: nothing of it changes but that it is lifted, once.
    """

    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="instructions")
    kind = models.CharField(max_length=8, choices=InstructionKind)
    quantity_kg = models.PositiveBigIntegerField(
        null=True, blank=True, help_text=_("at least so much of a pin, in all; not known: its smallest shipment")
    )
    reason = models.TextField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = PlanInstructionQuerySet.as_manager()

    class Meta:
        ordering = ["-set_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=InstructionKind.values), name="instruction_kind_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="instruction_has_a_reason"),
            models.CheckConstraint(
                condition=Q(quantity_kg__isnull=True) | Q(kind=InstructionKind.PIN, quantity_kg__gt=0),
                name="only_a_pin_has_a_quantity",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | Q(lifted_at__gte=F("set_at")),
                name="instruction_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=["match"], condition=Q(lifted_at__isnull=True), name="one_instruction_of_a_match_holds"
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.match_id}: {self.kind}"
