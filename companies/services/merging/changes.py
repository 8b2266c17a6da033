"""What a merge changes, written down so that it can be taken back: one column of one row at a time, nothing deleted.

Where only one of two rows can stand (a certificate, a check), they exchange what they say; of that only a digest is
written down, as it may hold what people wrote about people.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from companies.models import (
    BookImport,
    Capacity,
    Certificate,
    CertificateFile,
    Claim,
    Company,
    ContactLook,
    ContactPerson,
    Invitation,
    Membership,
    Need,
    StandIn,
    VerificationFact,
)

MODELS: dict[str, type[Model]] = {
    "company": Company,
    "need": Need,
    "capacity": Capacity,
    "member": Membership,
    "contact": ContactPerson,
    "look": ContactLook,
    "certificate": Certificate,
    "file": CertificateFile,
    "fact": VerificationFact,
    "stand_in": StandIn,
    "invitation": Invitation,
    "claim": Claim,
    "import": BookImport,
}
EXCHANGED = {
    "certificate": ("state", "number", "issuer", "scope", "valid_from", "valid_until"),
    "fact": ("checked_on", "checked_by_id", "note"),
}
NUMBER = "registration_number"


@dataclass(frozen=True)
class Change:
    """One column of one row: what it said before and says since."""

    kind: str
    pk: int
    column: str
    before: Any
    after: Any

    @property
    def reversed(self) -> "Change":
        return Change(self.kind, self.pk, self.column, self.after, self.before)

    def as_list(self) -> list:
        return [self.kind, self.pk, self.column, self.before, self.after]


@dataclass(frozen=True)
class Exchange:
    """Two rows of one kind that say since what the other said. `digest`: of both, as they stand after it."""

    kind: str
    first: int
    second: int
    digest: str = ""

    def as_list(self) -> list:
        return [self.kind, self.first, self.second, self.digest]


def apply(changes: list[Change]) -> None:
    """Write the changes: all of a row at once, and many rows of one kind where they say the same."""
    numbers = [change for change in changes if change.column == NUMBER]
    if numbers:  # two entries may swap their numbers, and no two may have the same one at any moment
        Company.objects.filter(pk__in=[change.pk for change in numbers]).update(**{NUMBER: ""})
    by_row: dict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
    for change in changes:
        by_row[change.kind, change.pk][change.column] = change.after
    together: dict[tuple[str, str], list[int]] = defaultdict(list)
    said = {}
    for (kind, pk), columns in by_row.items():
        together[kind, repr(columns)].append(pk)
        said[kind, repr(columns)] = columns
    for (kind, words), pks in together.items():
        MODELS[kind].objects.filter(pk__in=pks).update(**said[kind, words])


def exchange(pair: Exchange) -> Exchange:
    """Let two rows exchange what they say."""
    model, columns = MODELS[pair.kind], EXCHANGED[pair.kind]
    rows = model.objects.in_bulk([pair.first, pair.second])
    first, second = rows[pair.first], rows[pair.second]
    said = {column: getattr(second, column) for column in columns}
    model.objects.filter(pk=second.pk).update(**{column: getattr(first, column) for column in columns})
    model.objects.filter(pk=first.pk).update(**said)
    return Exchange(pair.kind, pair.first, pair.second, digest_of(pair))


def digest_of(pair: Exchange) -> str:
    """By what one knows that neither row of an exchange was changed since; empty where one is gone."""
    model, columns = MODELS[pair.kind], EXCHANGED[pair.kind]
    rows = model.objects.in_bulk([pair.first, pair.second])
    if len(rows) < 2:
        return ""
    said = [[str(getattr(rows[pk], column)) for column in columns] for pk in (pair.first, pair.second)]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def written(changes: list[Change], exchanges: list[Exchange], told: list[list]) -> dict:
    return {
        "changes": [change.as_list() for change in changes],
        "exchanges": [pair.as_list() for pair in exchanges],
        "told": told,
    }


def changes_in(moved: dict) -> list[Change]:
    return [Change(*one) for one in moved["changes"]]


def exchanges_in(moved: dict) -> list[Exchange]:
    return [Exchange(*one) for one in moved["exchanges"]]
