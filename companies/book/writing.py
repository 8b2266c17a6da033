"""Writes the entries of a book, in one transaction and in batches: the number of queries grows by hundreds of rows."""

from collections.abc import Iterable

from django.utils import timezone

from companies.book.entries import CAPACITY_FIELDS, COMPANY_FIELDS, NEED_FIELDS, CapacityEntry, CompanyEntry, NeedEntry
from companies.enums import CompanyStatus
from companies.models import (
    Capacity,
    CapacityParameter,
    Certificate,
    Company,
    Need,
    NeedCommodity,
    NeedParameter,
    VerificationFact,
)

BATCH = 500


def write_companies(entries: list[CompanyEntry]) -> None:
    for entry in entries:
        if entry.here is None and entry.company.status == CompanyStatus.SUBMITTED:
            entry.company.submitted_at = timezone.now()
    Company.objects.bulk_create([entry.company for entry in entries if entry.here is None], batch_size=BATCH)
    _update(Company, [entry for entry in entries if entry.here is not None], COMPANY_FIELDS)
    facts = [
        VerificationFact(company=entry.here or entry.company, kind=kind, checked_on=day)
        for entry in entries
        for kind, day in entry.facts.items()
    ]
    VerificationFact.objects.bulk_create(
        facts,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["company", "kind"],
        update_fields=["checked_on"],
    )
    _keep_certificates(
        [
            (
                entry.here or entry.company,
                None,
                entry.here.certificates_of_company if entry.here else (),
                entry.certificates,
            )
            for entry in entries
            if entry.certificates is not None
        ]
    )


def write_needs(entries: list[NeedEntry]) -> None:
    new = [entry for entry in entries if entry.here is None]
    old = [entry for entry in entries if entry.here is not None]
    Need.objects.bulk_create([entry.draft.need for entry in new], batch_size=BATCH)
    _update(Need, old, NEED_FIELDS)
    for entry in old:
        entry.draft.need = entry.here
    accepted = new + [entry for entry in old if entry.changes_accepted]
    _replace(NeedCommodity, "need", accepted, lambda entry: entry.draft.accepted())
    parameters = new + [entry for entry in old if entry.changes_parameters]
    _replace(NeedParameter, "need", parameters, lambda entry: entry.draft.parameters())
    certificates = new + [entry for entry in old if entry.changes_certificates]
    link = Need.required_certificates.through
    _replace(
        link,
        "need",
        certificates,
        lambda entry: [link(need=entry.draft.need, certificatekind=kind) for kind in entry.draft.facts.certificates],
    )


def write_capacities(entries: list[CapacityEntry]) -> None:
    new = [entry for entry in entries if entry.here is None]
    old = [entry for entry in entries if entry.here is not None]
    Capacity.objects.bulk_create([entry.draft.capacity for entry in new], batch_size=BATCH)
    _update(Capacity, old, CAPACITY_FIELDS)
    for entry in old:
        entry.draft.capacity = entry.here
    parameters = new + [entry for entry in old if entry.changes_parameters]
    _replace(CapacityParameter, "capacity", parameters, lambda entry: entry.draft.parameters())
    _keep_certificates(
        [
            (
                entry.draft.capacity.company,
                entry.draft.capacity,
                entry.here.own_certificates.all() if entry.here else (),
                entry.draft.facts.certificates,
            )
            for entry in new + [entry for entry in old if entry.changes_certificates]
        ]
    )


def _update(model, entries: list, fields: dict[str, tuple[str, ...]]) -> None:
    """Save the changed columns of what is here already; each changed row is marked as changed now."""
    now = timezone.now()
    changed = [entry.existing for entry in entries if entry.changes]
    for thing in changed:
        thing.changed_at = now
    names = {name for columns in fields.values() for name in columns}
    used = sorted(names & {name for entry in entries for name in entry.changed_fields})
    model.objects.bulk_update(changed, [*used, "changed_at"], batch_size=BATCH)


def _replace(model, owner: str, entries: list, rows_of) -> None:
    """Give each owner the rows it states now, in place of those it had."""
    owners = [getattr(entry.draft, owner) for entry in entries if entry.here is not None]
    if owners:
        model.objects.filter(**{f"{owner}__in": owners}).delete()
    model.objects.bulk_create([row for entry in entries for row in rows_of(entry)], batch_size=BATCH)


def _keep_certificates(stated: Iterable[tuple]) -> None:
    """Keep what is said of certificates, kind by kind: a number or an issuer entered elsewhere stays."""
    added, changed, dropped = [], [], []
    for company, capacity, here, certificates in stated:
        by_kind = {row.kind_id: row for row in here}
        for one in certificates:
            row = by_kind.pop(one.kind.pk, None)
            (changed if row else added).append(
                row := row or Certificate(company=company, capacity=capacity, kind=one.kind)
            )
            row.state, row.valid_until = one.state, one.valid_until
        dropped += [row.pk for row in by_kind.values()]
    if dropped:
        Certificate.objects.filter(pk__in=dropped).delete()
    Certificate.objects.bulk_create(added, batch_size=BATCH)
    Certificate.objects.bulk_update(changed, ["state", "valid_until"], batch_size=BATCH)
