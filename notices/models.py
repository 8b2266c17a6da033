"""What a person is told: once inside the product, and once by mail in the rhythm they chose."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notices.enums import NoticeKind


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and nobody else's."""
        return self.filter(user=user) if user.is_authenticated and user.is_active else self.none()

    def unread(self):
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One event, told to one person. The sentence is made when it is read, in the reader's language."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=NoticeKind)
    event = models.CharField(max_length=80, help_text=_("what happened, so that it is told once"))
    facts = models.JSONField(default=dict, blank=True, help_text=_("what the sentence names"))
    address = models.CharField(max_length=200, blank=True, help_text=_("the page it leads to, within the product"))
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    letter_taken_at = models.DateTimeField(null=True, blank=True, help_text=_("when a worker took it to be mailed"))
    letter_sent_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "event"], name="event_is_told_once"),
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="notice_kind_is_known"),
        ]
        indexes = [
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["user"], condition=Q(letter_taken_at__isnull=True), name="notice_not_mailed"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.event}"
