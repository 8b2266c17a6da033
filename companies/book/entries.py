"""One row of the book on its way into the database: what it says, what is here already, what would change."""

from dataclasses import dataclass, field
from typing import Any

from companies.book.answer import Message, Outcome, RowAnswer
from companies.book.rows import RowReader
from companies.drafts import CapacityDraft, NeedDraft
from companies.facts import StatedCertificate
from companies.models import Capacity, Company, Need

# The fields of the model that each column fills, where the names differ.
COMPANY_FIELDS = {
    key: (key,)
    for key in (
        "name_registered",
        "name_latin",
        "name_short",
        "country",
        "registration_number",
        "region",
        "place",
        "first_mile_km",
        "city",
        "sectors",
        "size",
        "languages",
        "website",
        "role_mailbox",
        "switchboard",
        "description",
        "status",
        "screening",
    )
}
LISTING_FIELDS = {
    "own_words": ("own_words",),
    "language": ("language",),
    "quantity": ("quantity_typed", "quantity_kg", "unit_kg", "weight_basis", "glaze_percent"),
    "unit": ("quantity_unit",),
    "period": ("period",),
    "price": ("price_amount",),
    "currency": ("price_currency",),
    "price_unit": ("price_unit",),
    "incoterm": ("incoterm",),
    "payment_terms": ("payment_terms",),
    "valid_until": ("valid_until",),
    "status": ("status",),
}
NEED_FIELDS = LISTING_FIELDS | {
    "smallest_share": ("smallest_share_kg",),
    "price_basis": ("price_basis",),
    "named_place": ("named_place",),
    "destination": ("destination",),
    "window_from": ("window_from",),
    "window_until": ("window_until",),
    "accepted_origins": ("accepted_origins",),
    "excluded_origins": ("excluded_origins",),
}
CAPACITY_FIELDS = LISTING_FIELDS | {
    "commodity": ("commodity",),
    "origin_country": ("origin_country",),
    "lot": ("lot_kg",),
    "lot_multiple": ("lot_multiple_kg",),
    "packaging": ("packaging",),
    "net_kg_per_transport_unit": ("net_kg_per_transport_unit",),
    "place": ("place",),
    "available_from": ("available_from",),
    "available_until": ("available_until",),
    "lead_days": ("lead_days",),
}
# Faults that matter to something new, and not to a listing that stands here already and says the same as before.
FAULTS_OF_NEW_ONES = {"window_over", "valid_until_over", "company_suspended"}


@dataclass
class Entry:
    """What companies, needs and capacities have in common on their way in."""

    reader: RowReader
    key: str
    changes: list[Message] = field(default_factory=list)
    changed_fields: list[str] = field(default_factory=list)
    hints: list[Message] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        return bool(self.reader.faults or self.reader.readable.faults)

    @property
    def existing(self):
        raise NotImplementedError

    @property
    def outcome(self) -> Outcome:
        if self.is_refused:
            return Outcome.REFUSED
        if self.existing is not None:
            return Outcome.UPDATED if self.changes else Outcome.ALREADY_THERE
        return Outcome.CONVERTED if self.reader.conversions else Outcome.TAKEN

    @property
    def thing(self):
        """The company or listing of the row: what is here, or what it makes."""
        raise NotImplementedError

    def answer(self) -> RowAnswer:
        """What is said about the row: its faults alone, or how it was converted and what it changes."""
        if self.is_refused:
            of_sheet = []
            if self.reader.readable.faults:
                of_sheet = [Message("sheet_refused", {}, self.reader.readable.name, self.reader.row.number)]
            return self.reader.answer(self.key, Outcome.REFUSED, sorted(self.reader.faults, key=_place) + of_sheet)
        told = self.changes if self.existing is not None else []
        return self.reader.answer(
            self.key, self.outcome, sorted(self.reader.conversions + told + self.hints, key=_place)
        )

    def compare(self, wanted, fields: dict[str, tuple[str, ...]]) -> None:
        """Note what the row would change of what is here, and make the change on the object that is here.

        A column that the sheet does not have changes nothing.
        """
        here = self.existing
        for key, names in fields.items():
            if self.reader.is_absent(key):
                continue
            changed = [name for name in names if _comparable(here, name) != _comparable(wanted, name)]
            if changed:
                self.note_change(key, _shown(here, names[0]), _shown(wanted, names[0]))
            for name in changed:
                setattr(here, name, getattr(wanted, name))
            self.changed_fields += changed

    def note_change(self, key: str, old: Any, new: Any) -> None:
        self.changes.append(self.reader.message(key, "changed", {"old": str(old), "new": str(new)}))


@dataclass
class CompanyEntry(Entry):
    """A row of the sheet of companies."""

    company: Company | None = None
    here: Company | None = None
    certificates: tuple[StatedCertificate, ...] | None = None
    facts: dict = field(default_factory=dict)

    @property
    def existing(self) -> Company | None:
        return self.here

    @property
    def thing(self) -> Company:
        return self.here or self.company


@dataclass
class NeedEntry(Entry):
    """A row of the sheet of needs."""

    draft: NeedDraft | None = None
    here: Need | None = None
    status_before: str = ""
    changes_accepted: bool = False
    changes_parameters: bool = False
    changes_certificates: bool = False

    @property
    def existing(self) -> Need | None:
        return self.here

    @property
    def thing(self) -> Need:
        return self.here or self.draft.need


@dataclass
class CapacityEntry(Entry):
    """A row of the sheet of capacities."""

    draft: CapacityDraft | None = None
    here: Capacity | None = None
    status_before: str = ""
    changes_parameters: bool = False
    changes_certificates: bool = False

    @property
    def existing(self) -> Capacity | None:
        return self.here

    @property
    def thing(self) -> Capacity:
        return self.here or self.draft.capacity


def _comparable(thing, name: str):
    """A field as it can be compared: another row by its key, without loading it."""
    attribute = f"{name}_id" if hasattr(thing, f"{name}_id") else name
    return getattr(thing, attribute)


def _shown(thing, name: str) -> str:
    value = getattr(thing, name)
    if value in (None, "", []):
        return "-"
    if isinstance(value, list):
        return ", ".join(value)
    if hasattr(value, "code"):
        return value.code
    return f"{value.normalize():f}" if hasattr(value, "normalize") else str(value)


def _place(message: Message) -> tuple[int, str]:
    """Messages about a row stand in the order of its cells: A2 before Z2 before AA2."""
    return len(message.cell), message.cell
