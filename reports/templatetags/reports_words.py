"""Reports in templates: the kind and languages of a file, its size, how a report stands."""

from collections.abc import Iterable

from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from accounts import figures
from reports.enums import ReportState
from reports.models import Report

register = template.Library()
KILO = 1000
TONES = {ReportState.READY: "pass", ReportState.FAILED: "fail", ReportState.CANCELLED: "fail"}
ICONS = {"pass": "pass", "fail": "fail", "unk": "clock"}


@register.filter
def kind_in_short(kind: str) -> str:
    """The kind of a file as everybody calls it."""
    return kind.upper()


@register.filter
def in_languages(codes: Iterable[str]) -> str:
    """One language, or two side by side, each by its own name."""
    names = dict(settings.LANGUAGES)
    return " + ".join(names[code] for code in codes)


@register.filter
def file_size(size: int) -> str:
    """How large a file is, in kilobytes or megabytes of a thousand."""
    if size < KILO * KILO:
        return _("%(number)s kB") % {"number": figures.decimal(max(1, round(size / KILO)))}
    return _("%(number)s MB") % {"number": figures.decimal(size / KILO / KILO, 1)}


@register.filter
def tone(report: Report) -> str:
    return TONES.get(report.state, "unk")


@register.filter
def icon(report: Report) -> str:
    return ICONS[tone(report)]


@register.filter
def called(report: Report) -> str:
    """Its name, or what it is about where nobody gave it one."""
    return report.name or report.get_subject_display()
