"""What a person keeps on their desk: the sectors they follow, when they were here last; and what was told to all."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from commodities.enums import Sector


class Desk(models.Model):
    """One person's desk. `seen_until` is the end of the visit before this one: what came after it is new."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk")
    sectors = ArrayField(models.CharField(max_length=12, choices=Sector), default=list, blank=True)
    seen_until = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id}"


class RunTold(models.Model):
    """A run of which those who follow its sectors have been told. Its row is what keeps a second telling away."""

    run = models.OneToOneField("matching.Run", on_delete=models.CASCADE, related_name="told")
    told_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "runs told"

    def __str__(self) -> str:
        return f"#{self.run_id}"
