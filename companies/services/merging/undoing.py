"""A merge taken back: each thing goes to where it was, if it is still where the merge put it."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.history import changes_by_the_way
from accounts.models import User
from companies.models import Company, Merge
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
    both = [merge.stays_id, merge.goes_id]
    for change in reversed(changes):
        row = rows[change.kind].get(change.pk)
        is_move = change.column == "company_id"
        if is_move:
            undoing.moved[change.kind] = undoing.moved.get(change.kind, 0) + 1
        if row is None:
            if is_move:
                undoing.tell("gone", kind=change.kind)
        elif getattr(row, change.column) != change.after:
            undoing.tell("changed", kind=change.kind, column=change.column, name=name_of(change.kind, row))
        elif change.column == NUMBER and is_registered_elsewhere(row, change.before, both):
            undoing.tell("number_taken", number=change.before)
        else:
            undoing.changes.append(change.reversed)
            if is_move:
                undoing.back[change.kind] = undoing.back.get(change.kind, 0) + 1
                if change.kind in SHOWS_CHANGE and row.changed_at > merge.merged_at:
                    state = row.status if hasattr(row, "status") else ""
                    undoing.tell("goes_as_it_is", kind=change.kind, name=name_of(change.kind, row), state=state)
    for pair in exchanges_in(merge.moved):
        if digest_of(pair) == pair.digest:
            undoing.exchanges.append(pair)
        else:
            undoing.tell("exchanged_and_changed", kind=pair.kind)
    return undoing


def name_of(kind: str, row) -> str:
    return row.reference if kind in ("need", "capacity") else ""


def is_registered_elsewhere(company: Company, number: str, both: list[int]) -> bool:
    """Somebody else has registered the number since."""
    others = Company.objects.exclude(pk__in=both)
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
