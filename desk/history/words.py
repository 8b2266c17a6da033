"""Says changes in the reader's words: each field before and after, things and people by their names."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import Field, ForeignKey
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from accounts import figures
from accounts.models import User
from desk.history.changes import Change, Step
from desk.history.internal import INTERNAL
from desk.history.labels import TOGETHER, label_of
from desk.history.people import People
from matching.models import MatchResult
from matching.texts.names import COMPONENT_NAMES

# What says nothing of its own: numbers of rows, and what the page is about anyway.
SILENT = ("id", "created_at", "contact", "match", "capacity", "need", "moved")
LANGUAGES = dict(settings.LANGUAGES)
FACTORS = {
    "totp": gettext_lazy("codes of an app"),
    "webauthn": gettext_lazy("passkey"),
    "recovery_codes": gettext_lazy("recovery codes"),
}


# What a child is called, before the name of what it is about.
TITLES = {
    "Membership": gettext_lazy("member"),
    "VerificationFact": gettext_lazy("check"),
    "Certificate": gettext_lazy("certificate"),
    "Consent": gettext_lazy("consent of a contact person"),
    "StandIn": gettext_lazy("standing in"),
    "NeedCommodity": gettext_lazy("accepted goods"),
    "NeedParameter": gettext_lazy("parameter"),
    "CapacityParameter": gettext_lazy("parameter"),
    "NeedCertificate": gettext_lazy("certificate asked for"),
    "Decision": gettext_lazy("decision"),
    "SecondFactor": gettext_lazy("second factor"),
    "LegSwitch": gettext_lazy("opened or closed"),
}
# What a child is about; said in its name, and as a field only where it changed.
ABOUT = ("certificatekind", "parameter", "group", "commodity", "kind", "user", "type")


@dataclass(frozen=True)
class Line:
    """One field, as it was and as it is; empty where nothing was there at all."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Part:
    """What happened to one row of a change: the thing itself, or a named child of it."""

    name: str
    action: str  # added, changed, removed; first: what was there before is not known
    lines: list[Line]


class Words:
    """The words of the changes on one page. Everything that is named is fetched at once."""

    def __init__(self, reader: User, changes: list[Change]):
        wanted = defaultdict(set)
        for row in rows_of(changes):
            for field in fields_of(type(row)):
                if isinstance(field, ForeignKey) and (number := getattr(row, field.attname)):
                    wanted[field.related_model].add(number)
        self.people = People(reader, changes, wanted.pop(User, set()))
        self._named = {model: fetched(model, numbers) for model, numbers in wanted.items()}

    def parts(self, change: Change) -> list[Part]:
        """What a change did, to the thing itself and to its children."""
        parts = [self._part(step) for step in change.steps]
        return [part for part in parts if part.lines or part.action in ("added", "removed")]

    def _part(self, step: Step) -> Part:
        action = "removed" if step.after is None else "added" if step.before is None else "changed"
        if not step.is_known_before:
            action = "first"
        return Part(self._name(step) if step.is_of_child else "", action, self._lines(step))

    def _lines(self, step: Step) -> list[Line]:
        lines, said = [], set()
        is_change = step.before is not None and step.after is not None
        for field in fields_of(type(step.row)):
            key = key_of(step.row, field)
            if key in said or self._is_silent(step, field):
                continue
            said.add(key)
            before, after = (self._said(row, key, field) if row else "" for row in (step.before, step.after))
            is_told = before or after if not is_change else raw(step.before, key) != raw(step.after, key)
            if is_told and (is_change or not (step.is_of_child and field.name in (*ABOUT, "position"))):
                blank = _("not stated") if is_change else ""
                lines.append(Line(label_of(step.source.tracked, key), before or blank, after or blank))
        return lines

    def _is_silent(self, step: Step, field: Field) -> bool:
        if field.name in SILENT or step.source.parent == field.attname:
            return True
        if step.is_of_child and field.name == "company":
            return True
        return self.people.is_company and field.name in INTERNAL.get(step.source.tracked, ())

    def _said(self, row, key: str, field: Field) -> str:
        return TOGETHER[key](row) if key in TOGETHER else self._value(field, getattr(row, field.attname))

    def _value(self, field: Field, value) -> str:
        """One value in words; empty where nothing is stated."""
        if value is None or value in ("", [], {}):
            return ""
        if isinstance(field, ForeignKey):
            return self._thing(field.related_model, value)
        if isinstance(field, ArrayField):
            return ", ".join(self._value(field.base_field, item) for item in value)
        if field.flatchoices:
            return str(dict(field.flatchoices).get(value, value))
        if field.name in ("language", "languages"):
            return get_language_info(value)["name_local"] if value in LANGUAGES else value
        if field.name == "type":
            return str(FACTORS.get(value, value))
        if field.name.endswith("_kg"):
            return figures.measured(figures.shortest(Decimal(value) / figures.KG_PER_T), _("t"))
        return plain(value)

    def _thing(self, model: type, number: int) -> str:
        if model is User:
            return self.people.name(number)
        thing = self._named.get(model, {}).get(number)
        if thing is None:
            return _("no longer here")
        return _("run %(number)s") % {"number": thing.run_id} if isinstance(thing, MatchResult) else str(thing)

    def _name(self, step: Step) -> str:
        """What a child is called: its kind, and what it is about."""
        row, title = step.row, str(TITLES[step.source.tracked.__name__])
        for field in fields_of(type(row)):
            if field.name in ABOUT and getattr(row, field.attname):
                return f"{title}: {self._value(field, getattr(row, field.attname))}"
        return title


def rows_of(changes: list[Change]) -> list:
    """Every kept row that the changes compare."""
    return [row for change in changes for step in change.steps for row in (step.before, step.after) if row]


@cache
def fields_of(events: type) -> list[Field]:
    """The fields of the thing itself, without those of the keeping."""
    return [field for field in events._meta.concrete_fields if not field.name.startswith("pgh_")]


def key_of(row, field: Field) -> str:
    """The label of a field: its own name, or that of the fields with which it says one thing."""
    names = {other.name for other in fields_of(type(row))}
    for key in TOGETHER:
        parts = key.split("+")
        if field.name in parts and names.issuperset(parts):
            return key
    return field.name


def raw(row, key: str) -> list:
    """What is stored under a label: two figures may look alike and differ."""
    return [getattr(row, row._meta.get_field(name).attname) for name in key.split("+")]


def fetched(model: type, numbers: set) -> dict:
    rows = model._default_manager.filter(pk__in=numbers)
    return {row.pk: row for row in rows}


def plain(value) -> str:
    """A value that needs no names."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return figures.moment(value)
    if isinstance(value, date):
        return figures.day(value)
    if isinstance(value, Decimal):
        return figures.shortest(value, most=10)
    if isinstance(value, int):
        return figures.decimal(value)
    if isinstance(value, dict):  # the weights of a score
        return ", ".join(
            f"{COMPONENT_NAMES[name]} {figures.measured(figures.shortest(100 * Decimal(str(share))), '%')}"
            for name, share in value.items()
        )
    return str(value)
