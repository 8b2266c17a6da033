"""A book that somebody sent as a spreadsheet: read, shown, confirmed, written, and undone where it was a mistake."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import may_see_every_company
from companies.book.answer import Outcome
from companies.enums import ImportState
from companies.models.company import Company
from companies.models.listings import Capacity, Need


class BookImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff and officers see every book that came in; a business those of the companies it acts for."""
        if may_see_every_company(user):
            return self.filter(Q(company=None) | Q(company__is_hidden=False))
        return self.filter(company__in=Company.objects.acted_for_by(user))


def kept_at(book: "BookImport", _name: str) -> str:
    """Where a file lies: under a name of chance, which tells nothing and cannot be guessed."""
    return f"books/{uuid4().hex}.{book.file_kind}"


class BookImport(models.Model):
    """One spreadsheet and how far it is. The row is the truth; messages only hurry it along."""

    company = models.ForeignKey(
        Company,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="imports",
        help_text=_("whose own listings they are; empty: a book of many companies"),
    )
    file = models.FileField(upload_to=kept_at)
    file_name = models.CharField(max_length=200, help_text=_("as it was called where it came from"))
    file_kind = models.CharField(max_length=4)
    size = models.PositiveIntegerField(help_text=_("bytes"))
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.CHECKING)
    takes_good_rows = models.BooleanField(default=False, help_text=_("although others are refused"))
    done = models.PositiveIntegerField(default=0, help_text=_("rows so far"))
    total = models.PositiveIntegerField(default=0, help_text=_("rows in all"))
    counts = models.JSONField(default=dict, blank=True, help_text=_("outcome -> rows"))
    told = models.JSONField(default=list, blank=True, help_text=_("what is said of the file and its sheets, in codes"))
    attempt = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=100, blank=True, help_text=_("kind of the last error, without its words"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,  # nobody is looked for by it
        help_text=_("who confirmed or undid it last"),
    )
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    written_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = BookImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="import_state_is_known"),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportedRow(models.Model):
    """What became of one row: its outcome, what is said of its cells in codes, and what it made or changed."""

    book = models.ForeignKey(BookImport, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    sheet = models.CharField(max_length=120)
    row = models.PositiveIntegerField()
    key = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(max_length=14, choices=Outcome)
    told = models.JSONField(default=list, blank=True)
    made_company = models.ForeignKey(Company, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_need = models.ForeignKey(Need, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_capacity = models.ForeignKey(Capacity, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    before = models.JSONField(null=True, blank=True, help_text=_("what a row that was brought up to date said before"))

    class Meta:
        ordering = ["book", "position"]
        constraints = [
            models.UniqueConstraint(fields=["book", "position"], name="imported_row_position_is_used_once"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="imported_row_outcome_is_known"),
        ]
        indexes = [models.Index(fields=["book", "outcome"], name="imported_row_by_outcome")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.row}"
