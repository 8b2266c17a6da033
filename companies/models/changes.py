"""Notes that the book has changed. Triggers write them (migration 0017), so no way of writing goes unnoticed."""

from django.db import models
from django.db.models.functions import Now


class BookChange(models.Model):
    """A statement changed companies, what was checked of them, or what they need and offer.

    What was counted before may be counted otherwise since; see `accounts.lists.remembering`.
    """

    MOST_KEPT = 10_000
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.pk}"
