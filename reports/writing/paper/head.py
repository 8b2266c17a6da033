"""What stands around the pages: letterhead, number, moment of the cut, foot, mark of the recipient."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts import figures
from reports.enums import Office, Subject
from reports.frozen import Frozen
from reports.writing.paper.speech import Speech

DIGEST_SHOWN = 16  # letters of the SHA-256: enough to find it by, short enough to be typed


def around(frozen: Frozen, speech: Speech) -> dict:
    """All but the blocks."""
    document = frozen.document
    return {
        "languages": list(speech.languages),
        "moment": [frozen.cut_at.year, frozen.cut_at.month, frozen.cut_at.day],
        "offices": _offices(frozen.office, speech),
        "kind": speech.words(lambda: Subject(document.subject).label),
        "title": speech.text(document.title),
        "subtitle": speech.text(document.subtitle),
        "name": ", ".join(filter(None, (speech.text(part)[0] for part in (document.title, document.subtitle)))),
        "number": frozen.number,
        "head": _head(frozen, speech),
        "about": [[speech.text(line.label), speech.text(line.value)] for line in document.about],
        "examples": speech.words(lambda: _("Example. Companies and figures are invented."))
        if document.has_examples
        else None,
        "left_out": speech.words(lambda: left_out(document.left_out)) if document.left_out else None,
        "watermark": speech.text(frozen.recipient)[0] if document.has_contacts and frozen.recipient else None,
        "foot": speech.words(lambda: _foot(frozen), may_break=False),
        "page": speech.words(lambda: _("Page %(number)s of %(all)s") % {"number": "{n}", "all": "{m}"}),
        "contents": speech.words(lambda: pgettext("of a printed report", "Contents")),
        "unknown": speech.words(lambda: _("not known")),
    }


def _offices(office: Office, speech: Speech) -> list:
    names = {
        Office.CITY: [lambda: _("City Government of Balikpapan")],
        Office.EMBASSY: [lambda: _("Embassy of Indonesia in Astana")],
    }
    chosen = names.get(office) or names[Office.CITY] + names[Office.EMBASSY]
    return [speech.words(name) for name in chosen]


def _head(frozen: Frozen, speech: Speech) -> list:
    lines = [
        [speech.words(lambda: pgettext("of a report", "Number")), _number(frozen, speech)],
        [speech.words(_cut_on), speech.words(lambda: figures.moment(frozen.cut_at))],
    ]
    if frozen.recipient:
        lines.append([speech.words(lambda: pgettext("who gets a report", "For")), speech.text(frozen.recipient)])
    return lines


def _number(frozen: Frozen, speech: Speech) -> list:
    if frozen.number:
        return [frozen.number]
    return speech.words(lambda: _("none: this file was written at once, and nobody keeps what it holds"))


def _cut_on() -> str:
    return pgettext("of a report", "Cut on")


def left_out(count: int) -> str:
    return ngettext(
        "%(number)s field is left out, for it may not cross to the recipient.",
        "%(number)s fields are left out, for they may not cross to the recipient.",
        count,
    ) % {"number": figures.decimal(count)}


def _foot(frozen: Frozen) -> str:
    """The cut in the words of the head, its digest, and where to ask; without a number there is nothing to ask for."""
    told = [f"{_cut_on()}: {figures.moment(frozen.cut_at)}", f"SHA-256 {frozen.data_sha256[:DIGEST_SHOWN]}"]
    if frozen.number:
        told.append("{}: {}".format(_("Verify a file"), frozen.verify_at))
    return " · ".join(told)
