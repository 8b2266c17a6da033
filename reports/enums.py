"""What may be chosen for a report, and how far one can be."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Subject(models.TextChoices):
    """What a report is about."""

    MATCHES = "matches", _("Matches")
    PLAN = "plan", _("The plan: who supplies whom")
    UNMET = "unmet", _("Needs that nobody meets")
    LANDED = "landed", _("Landed costs, line by line")
    SECTORS = "sectors", _("Summary by sector")
    COMPANIES = "companies", _("What is known of companies")
    PAIR = "pair", _("Brief of one pair")
    BOOK = "book", _("The book, as it is imported")


class Format(models.TextChoices):
    XLSX = "xlsx", _("Workbook (.xlsx)")
    CSV = "csv", _("Table (.csv)")
    PDF = "pdf", _("For paper (.pdf)")
    JSON = "json", _("For machines (.json)")


class ReportState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("report", "Waiting")
    MAKING = "making", pgettext_lazy("report", "Being made")
    READY = "ready", pgettext_lazy("report", "Ready")
    FAILED = "failed", pgettext_lazy("report", "Failed")
    CANCELLED = "cancelled", pgettext_lazy("report", "Cancelled")


class Failure(models.TextChoices):
    """Why a report was not made, as the page says it."""

    REFUSED = "refused", _("What was asked for cannot be asked any more, for a filter names something that is gone.")
    TOO_LARGE = "too_large", _("There is too much for a file of this kind. Narrow the filter, or take a workbook.")
    TOO_LONG = "too_long", _("It took longer than a report may take.")
    LOST = "lost", _("The worker that made it was lost, again and again.")
    ERROR = "error", _("Something broke while it was made. We keep what happened; you can try again.")


class Office(models.TextChoices):
    """Whose letterhead a printed report bears."""

    CITY = "city", _("City Government of Balikpapan")
    EMBASSY = "embassy", _("Embassy of the Republic of Indonesia in Astana")
    BOTH = "both", _("Both")


class Grouping(models.TextChoices):
    NONE = "", _("Not grouped")
    SECTOR = "sector", _("By sector")
    GOODS = "goods", _("By goods")
    DIRECTION = "direction", _("By direction")
    EXPORTER = "exporter", _("By exporter")
    IMPORTER = "importer", _("By importer")


class Every(models.TextChoices):
    """How often a schedule is due."""

    DAY = "day", _("every day")
    WEEK = "week", _("every week")
    MONTH = "month", _("every month")


class Clock(models.TextChoices):
    """On whose clock the day and the hour of a schedule are meant."""

    BALIKPAPAN = "Asia/Makassar", _("Balikpapan (WITA)")
    ASTANA = "Asia/Almaty", _("Astana")


class TurnOutcome(models.TextChoices):
    """What became of one time at which a schedule was due."""

    MAKING = "making", pgettext_lazy("report", "Being made")
    SENT = "sent", _("Made and told to everybody who gets it")
    NOTHING_NEW = "nothing_new", _("Nothing new: no file was sent")
    FAILED = "failed", _("Not made")
    PAUSED = "paused", _("Not made, and paused")


class TurnReason(models.TextChoices):
    """Why a schedule made nothing."""

    OWNER_LEFT = "owner_left", _("The account of its owner is closed, or may carry nothing away any more.")
    REFUSED = "refused", _("What it asks for cannot be asked any more.")
    NOT_MADE = "not_made", _("The report was not made; its page says why.")
    GONE = "gone", _("The report was removed before it was ready.")
