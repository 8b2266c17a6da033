"""What a person should know of a merge or of taking it back, in sentences; the rows hold codes."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commodities.models import CertificateKind
from companies.enums import FactKind, ListingStatus
from companies.models import Merge
from companies.services.merging.fields import FIELDS
from companies.services.merging.undoing import Undoing

COLUMNS = {column: field.label for field in FIELDS for column in field.columns} | {
    "screening": gettext_lazy("Screening"),
    "role": gettext_lazy("Role"),
    "reference": gettext_lazy("Reference"),
}

# What was moved, counted: one, many.
COUNTED: dict[str, Callable[[int], str]] = {
    "need": lambda count: ngettext("%(count)s need", "%(count)s needs", count),
    "capacity": lambda count: ngettext("%(count)s capacity", "%(count)s capacities", count),
    "member": lambda count: ngettext("%(count)s person who acts for it", "%(count)s people who act for it", count),
    "contact": lambda count: ngettext("%(count)s contact person", "%(count)s contact persons", count),
    "certificate": lambda count: ngettext("%(count)s certificate", "%(count)s certificates", count),
    "fact": lambda count: ngettext("%(count)s check", "%(count)s checks", count),
    "stand_in": lambda count: ngettext("%(count)s standing in", "%(count)s times standing in", count),
    "invitation": lambda count: ngettext("%(count)s invitation", "%(count)s invitations", count),
    "claim": lambda count: ngettext("%(count)s claim", "%(count)s claims", count),
    "import": lambda count: ngettext("%(count)s imported book", "%(count)s imported books", count),
}


def moved_in_words(merge: Merge) -> list[str]:
    """What went over, kind by kind."""
    counts: dict[str, int] = {}
    for kind, _pk, column, _before, _after in merge.moved["changes"]:
        if column == "company_id":
            counts[kind] = counts.get(kind, 0) + 1
    return [COUNTED[kind](count) % {"count": count} for kind, count in counts.items() if kind in COUNTED]


def taken_in_words(merge: Merge) -> str:
    """Of which fields the value of the entry that went counts since."""
    labels = [
        str(COLUMNS[column])
        for kind, pk, column, _before, _after in merge.moved["changes"]
        if kind == "company" and pk == merge.stays_id and column in COLUMNS
    ]
    return ", ".join(dict.fromkeys(labels))


def back_in_words(undoing: Undoing) -> list[str]:
    """How much of what was moved goes back."""
    return [
        _("%(back)s of %(moved)s")
        % {"back": undoing.back.get(kind, 0), "moved": COUNTED[kind](count) % {"count": count}}
        for kind, count in undoing.moved.items()
        if kind in COUNTED
    ]


def told_in_words(told: Iterable[list]) -> list[str]:
    """What was kept as a code, once each."""
    told = list(told)
    kinds = {words["kind"] for code, words in told if code.startswith("certificate_")}
    certificates = {str(one.pk): one.name for one in CertificateKind.objects.filter(pk__in=kinds)}
    said = [SENTENCES[code](words | {"certificates": certificates}) for code, words in told]
    return list(dict.fromkeys(said))


def _fact(words: dict) -> dict:
    return {"check": str(FactKind(words["kind"]).label)}


def _certificate(words: dict) -> dict:
    return {"certificate": words["certificates"].get(words["kind"], "")}


def _state(words: dict) -> dict:
    return {"name": words["name"], "state": str(ListingStatus(words["state"]).label) if words["state"] else ""}


def _goes_as_it_is(words: dict) -> str:
    if not words["name"]:
        return _("A contact person was changed meanwhile and goes back as it is now.")
    return _("%(name)s was changed meanwhile and goes back as it is now: %(state)s.") % _state(words)


def _changed(words: dict) -> str:
    if words["column"] == "company_id":
        return _("Something that was moved is no longer where the merge put it, and stays where it is.")
    label = {"field": str(COLUMNS.get(words["column"], words["column"]))}
    return _("“%(field)s” was changed meanwhile and stays as it is now.") % label


SENTENCES: dict[str, Callable[[dict], str]] = {
    "reference_changed": lambda words: (
        _("Both have a listing with the reference %(old)s. The one that was moved is %(new)s now.") % words
    ),
    "screening_refused": lambda words: _("The screening of the entry that went says refused, and counts for both."),
    "check_left": lambda words: (
        _("Both have the check “%(check)s”, or it is of the other number. That of the entry that stays counts.")
        % _fact(words)
    ),
    "check_taken": lambda words: (
        _("Both have the check “%(check)s”. That of the entry that went is later, or of the number that was kept.")
        % _fact(words)
    ),
    "check_of_other_number": lambda words: _(
        "The registration number that was checked is no longer the company's own: its check stays with it."
    ),
    "certificate_left": lambda words: (
        _("Both state the certificate %(certificate)s. That of the entry that stays counts.") % _certificate(words)
    ),
    "certificate_taken": lambda words: (
        _("Both state the certificate %(certificate)s. That of the entry that went says more, and counts.")
        % _certificate(words)
    ),
    "gone": lambda words: _("Something that was moved has been removed meanwhile, and does not come back."),
    "changed": _changed,
    "number_taken": lambda words: (
        _("The registration number %(number)s belongs to another company by now, and is not given back.") % words
    ),
    "goes_as_it_is": _goes_as_it_is,
    "exchanged_and_changed": lambda words: _(
        "A certificate or check that both had was changed meanwhile. Each entry keeps what it has now."
    ),
}
