"""City staff acting for a company: begun with a reason, told to the company, ended by either."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.history import kept
from companies.models.company import Company


class StandInQuerySet(models.QuerySet):
    def open(self):
        return self.filter(ended_at__isnull=True)


@kept()
class StandIn(models.Model):
    """A member of city staff who acts for a company for a while, because it asked for it or cannot do it itself."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="stand_ins")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    began_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = StandInQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="stand_in_has_a_reason"),
            models.UniqueConstraint(
                fields=["company", "user"], condition=Q(ended_at__isnull=True), name="stand_in_is_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.company_id}"
