"""A report: what was asked, the cut that answers it, the files made of it, and who took them away."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import may_export
from reports.document import Document
from reports.enums import Failure, Format, ReportState, Subject
from reports.orders import Order


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those one made oneself, and those that somebody shared. Nothing for people who may carry nothing away."""
        if not may_export(user):
            return self.none()
        shared = Report.shared_with.through.objects.filter(user=user).values("report")
        return self.filter(Q(maker=user) | Q(pk__in=shared))


class Report(models.Model):
    """One order and its answer. The row is the truth; messages only hurry it along."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    subject = models.CharField(max_length=10, choices=Subject)
    name = models.CharField(max_length=120, blank=True, help_text=_("in the maker's words"))
    order = models.JSONField(help_text=_("what was asked for, see reports.orders"))
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    shared_with = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    schedule = models.ForeignKey(
        "reports.Schedule", null=True, blank=True, on_delete=models.SET_NULL, related_name="reports"
    )
    due_at = models.DateTimeField(null=True, blank=True, help_text=_("when its schedule asked for it"))
    # How far it is.
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.QUEUED)
    done = models.PositiveIntegerField(default=0, help_text=_("rows and pages so far"))
    total = models.PositiveIntegerField(default=0)
    attempt = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=100, blank=True)
    failure = models.CharField(max_length=10, choices=Failure, blank=True)
    reason = models.TextField(blank=True, help_text=_("for the operator: which step, which kind of error"))
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    ordered_at = models.DateTimeField(auto_now_add=True)
    queued_at = models.DateTimeField(null=True, blank=True, help_text=_("when it was last asked for"))
    published_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    kept_until = models.DateTimeField(null=True, blank=True, help_text=_("its rows and files are removed then"))
    removed_at = models.DateTimeField(null=True, blank=True, help_text=_("since when its rows and files are gone"))
    # The cut.
    cut_at = models.DateTimeField(null=True, blank=True)
    run = models.ForeignKey("matching.Run", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    rests_on = models.JSONField(default=dict, blank=True, help_text=_("run, versions, weights, template"))
    head = models.JSONField(null=True, blank=True, help_text=_("the document without its rows"))
    data_sha256 = models.CharField(max_length=64, blank=True, help_text=_("of the head and all rows"))
    rows = models.PositiveBigIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0, help_text=_("fields that may not cross to the recipient"))

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="report_state_is_known"),
            models.CheckConstraint(condition=Q(subject__in=Subject.values), name="report_subject_is_known"),
            models.UniqueConstraint(
                fields=["schedule", "due_at"],
                condition=Q(schedule__isnull=False),
                name="report_of_a_schedule_is_made_once",
            ),
        ]
        indexes = [models.Index(fields=["data_sha256"], name="report_by_digest")]

    def __str__(self) -> str:
        return self.name or f"{self.subject} {self.pk}"

    @property
    def asked(self) -> Order:
        return Order.of_json(self.order)

    @property
    def document(self) -> Document:
        return Document.of_json(self.head)

    @property
    def is_over(self) -> bool:
        return self.state in (ReportState.READY, ReportState.FAILED, ReportState.CANCELLED)


class ReportPiece(models.Model):
    """Some thousand rows of one table of the cut, packed."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="pieces")
    table = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["report", "table", "number"]
        constraints = [models.UniqueConstraint(fields=["report", "table", "number"], name="report_piece_is_kept_once")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.table} {self.number}"


class ReportFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(report__in=Report.objects.visible_to(user))

    def made(self):
        return self.exclude(sha256="")


class ReportFile(models.Model):
    """One file of a report: a format in one language, or in two side by side. Without a digest it is not made yet."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="files")
    format = models.CharField(max_length=4, choices=Format)
    languages = ArrayField(models.CharField(max_length=2), size=2)
    name = models.CharField(max_length=150, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text=_("bytes"))
    sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    template = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("version of what wrote it"))
    written_by = models.CharField(max_length=64, blank=True, db_default="", default="")  # see reports.writing.state
    failure = models.CharField(max_length=10, choices=Failure, blank=True, db_default="", default="")

    objects = ReportFileQuerySet.as_manager()

    class Meta:
        ordering = ["report", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "format", "languages"], name="report_file_is_made_once"),
            models.CheckConstraint(condition=Q(format__in=Format.values), name="report_format_is_known"),
        ]
        indexes = [models.Index(fields=["sha256"], name="report_file_by_digest")]

    def __str__(self) -> str:
        return self.name or f"{self.report_id}.{self.format}"

    @property
    def is_made(self) -> bool:
        return self.sha256 != ""


class FilePiece(models.Model):
    """About a megabyte of a file; sent to people piece by piece, so that no page ever holds a whole one."""

    file = models.ForeignKey(ReportFile, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["file", "number"]
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="file_piece_is_kept_once")]

    def __str__(self) -> str:
        return f"{self.file_id} {self.number}"


class ReportDownload(models.Model):
    """Somebody took a file away: who, when. Kept when the file is gone, and never changed."""

    report = models.ForeignKey(
        Report,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="downloads",
        help_text=_("empty: a list that was handed over at once"),
    )
    asked = models.TextField(blank=True, db_default="", help_text=_("filters of a list that was handed over at once"))
    file_name = models.CharField(max_length=150)
    sha256 = models.CharField(max_length=64)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(auto_now_add=True)
    had_contacts = models.BooleanField(default=False)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.taken_at}"
