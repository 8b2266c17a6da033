"""A merge taken back: each thing goes to where it was, if it is still where the merge put it."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.history import changes_by_the_way
from accounts.models import User
from companies.enums import FactKind
from companies.models import Company, Merge, VerificationFact
from companies.permissions import may_verify
from companies.services.merging.changes import (
    MODELS,
    NUMBER,
    Change,
    Exchange,
    apply,
    changes_in,
    digest_of,
    exchange,
    exchanges_in,
)
from companies.services.merging.merging import both_locked, settled

# What shows when a row was changed by somebody, of those kinds that people change.
SHOWS_CHANGE = ("need", "capacity", "contact")


@dataclass
class Undoing:
    """What taking a merge back would do now. `told`: what changed since, as a code with the words it needs."""

    changes: list[Change] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    back: dict[str, int] = field(default_factory=dict)  # rows that go back, by kind
    moved: dict[str, int] = field(default_factory=dict)  # rows that the merge moved, by kind
    told: list[list] = field(default_factory=list)

    def tell(self, code: str, **words: str) -> None:
        self.told.append([code, words])


def undoing_of(merge: Merge) -> Undoing:
    """What goes back and what does not, as things are now."""
    undoing = Undoing()
    changes = changes_in(merge.moved)
    rows = {
        kind: model.objects.in_bulk({change.pk for change in changes if change.kind == kind})
        for kind, model in MODELS.items()
    }
    bound = _sort_exchanges(merge, undoing)
    numbers = [change for change in changes if change.column == NUMBER]
    if not all(_is_reversible(change, rows, merge) for change in numbers):
        bound |= _number_checks(undoing, rows)
    for change in reversed(changes):
        row = rows[change.kind].get(change.pk)
        is_move = change.column == "company_id"
        if is_move:
            undoing.moved[change.kind] = undoing.moved.get(change.kind, 0) + 1
        if row is None:
            if is_move:
                undoing.tell("gone", kind=change.kind)
        elif _is_bound(change, bound):
            undoing.tell("exchanged_and_changed", kind=change.kind)
        elif getattr(row, change.column) != change.after:
            undoing.tell("changed", kind=change.kind, column=change.column, name=name_of(change.kind, row))
        elif change.column == NUMBER and is_registered_elsewhere(row, change.before, merge):
            undoing.tell("number_taken", number=change.before)
        else:
            undoing.changes.append(change.reversed)
            if is_move:
                undoing.back[change.kind] = undoing.back.get(change.kind, 0) + 1
                _tell_if_changed(undoing, change.kind, row, merge)
    return undoing


def _sort_exchanges(merge: Merge, undoing: Undoing) -> set[tuple[str, int]]:
    """The pairs that say again what they said. Of the others, the papers are bound to what they prove now."""
    bound = set()
    for pair in exchanges_in(merge.moved):
        if digest_of(pair) == pair.digest:
            undoing.exchanges.append(pair)
            continue
        undoing.tell("exchanged_and_changed", kind=pair.kind)
        if pair.kind == "certificate":
            bound |= {("file", pair.first), ("file", pair.second)}
    return bound


def _number_checks(undoing: Undoing, rows: dict) -> set[tuple[str, int]]:
    """The checks of a number that does not go back: they stay where the number is that was checked."""
    facts = VerificationFact.objects.filter(kind=FactKind.NUMBER_CHECKED)
    exchanged = [pair for pair in undoing.exchanges if pair.kind == "fact"]
    of_number = set(facts.filter(pk__in=[pair.first for pair in exchanged]).values_list("pk", flat=True))
    undoing.exchanges = [pair for pair in undoing.exchanges if pair.kind != "fact" or pair.first not in of_number]
    return {("fact", pk) for pk, fact in rows["fact"].items() if fact.kind == FactKind.NUMBER_CHECKED}


def _is_bound(change: Change, bound: set[tuple[str, int]]) -> bool:
    """A paper by the certificate on either end of its way, a check by itself."""
    named = {change.before, change.after} if change.kind == "file" else {change.pk}
    return bool(bound & {(change.kind, number) for number in named})


def _is_reversible(change: Change, rows: dict, merge: Merge) -> bool:
    row = rows[change.kind].get(change.pk)
    is_there = row is not None and getattr(row, change.column) == change.after
    return is_there and not is_registered_elsewhere(row, change.before, merge)


def _tell_if_changed(undoing: Undoing, kind: str, row, merge: Merge) -> None:
    if kind in SHOWS_CHANGE and row.changed_at > merge.merged_at:
        state = row.status if hasattr(row, "status") else ""
        undoing.tell("goes_as_it_is", kind=kind, name=name_of(kind, row), state=state)


def name_of(kind: str, row) -> str:
    return row.reference if kind in ("need", "capacity") else ""


def is_registered_elsewhere(company: Company, number: str, merge: Merge) -> bool:
    """Somebody else has registered the number since."""
    others = Company.objects.exclude(pk__in=[merge.stays_id, merge.goes_id])
    return bool(number) and others.filter(country=company.country, registration_number=number).exists()


def may_undo(user, merge: Merge) -> bool:
    """Whoever verifies the company that stays: nobody for one that they act for."""
    return may_verify(user, merge.stays)


def why_no_undoing(merge: Merge) -> ValidationError | None:
    """Why a merge cannot be taken back now, in words."""
    if merge.undone_at is not None:
        return ValidationError(_("This merge has been undone already."), code="undone")
    if merge.stays.merged_into_id:
        said = _("%(company)s has been merged into another entry since. Undo that first.")
        return ValidationError(said, code="merged_on", params={"company": str(merge.stays)})
    return None


@transaction.atomic
def undo_merge(*, merge: Merge, undone_by: User) -> Undoing:
    """Part two entries again. What was changed since goes back as it is; what is no longer where it was put stays."""
    stays, goes = both_locked(merge.stays, merge.goes)
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    merge.stays, merge.goes = stays, goes
    if refusal := why_no_undoing(merge):
        raise refusal
    undoing = undoing_of(merge)
    changes_by_the_way(way="merge_undone")
    for pair in undoing.exchanges:
        exchange(pair)
    apply(undoing.changes)
    merge.undone_by, merge.undone_at = undone_by, timezone.now()
    merge.save(update_fields=["undone_by", "undone_at"])
    settled(stays, goes)
    return undoing
