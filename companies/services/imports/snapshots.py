"""What a company, a need or a capacity says with all its rows beside it, as plain JSON: to be compared and put back."""

import hashlib
import json
from collections import defaultdict
from datetime import date

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

BATCH = 1000
# What the product keeps for itself, and what says only when something was touched.
NOT_SAID = ("created_at", "changed_at", "reminded_for")
RequiredCertificate = Need.required_certificates.through
# The rows that belong to each: their model, by which column, and which of them.
ROWS_OF = {
    Company: ((VerificationFact, "company_id", {}), (Certificate, "company_id", {"capacity": None})),
    Need: ((NeedCommodity, "need_id", {}), (NeedParameter, "need_id", {}), (RequiredCertificate, "need_id", {})),
    Capacity: ((CapacityParameter, "capacity_id", {}), (Certificate, "capacity_id", {})),
}


def snapshots(model: type, pks: list[int]) -> dict[int, dict]:
    """Each thing with its rows, in a fixed number of queries for every thousand."""
    found = {}
    for start in range(0, len(pks), BATCH):
        found |= _snapshots(model, pks[start : start + BATCH])
    return found


def _snapshots(model: type, pks: list[int]) -> dict[int, dict]:
    found = {row["id"]: {"columns": row, "rows": defaultdict(list)} for row in _values(model, {"pk__in": pks})}
    for related, owner, which in ROWS_OF[model]:
        for row in _values(related, {f"{owner}__in": pks, **which}):
            found[row[owner]]["rows"][related._meta.label].append(row)
    return found


def _values(model: type, which: dict) -> list[dict]:
    names = [field.attname for field in model._meta.concrete_fields if field.name not in NOT_SAID]
    rows = model.objects.filter(**which).order_by("pk").values(*names)
    return json.loads(json.dumps(list(rows), default=_plain))


def _plain(value) -> str:
    """Days and moments to their last digit, amounts as they are written."""
    return value.isoformat() if isinstance(value, date) else str(value)


def digest_of(snapshot: dict) -> str:
    said = json.dumps(snapshot, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def put_back(model: type, was: dict[int, dict], now) -> None:
    """Let things say again what they said before, with the rows they had under the numbers they had."""
    if not was:
        return
    here = snapshots(model, list(was))
    names = [
        field.name
        for field in model._meta.concrete_fields
        if any(
            snapshot["columns"].get(field.attname) != here[pk]["columns"].get(field.attname)
            for pk, snapshot in was.items()
        )
    ]
    things = [model(**_read(model, snapshot["columns"]), changed_at=now) for snapshot in was.values()]
    model.objects.bulk_update(things, [*names, "changed_at"], batch_size=500)
    for related, owner, which in ROWS_OF[model]:
        wanted = [row for snapshot in was.values() for row in snapshot["rows"].get(related._meta.label, ())]
        _put_back_rows(related, {f"{owner}__in": list(was), **which}, wanted)


def _put_back_rows(model: type, which: dict, wanted: list[dict]) -> None:
    """Rows that are the same stay; the others go, and what was there comes back."""
    here = {row["id"]: row for row in _values(model, which)}
    same = {row["id"] for row in wanted if here.get(row["id"]) == row}
    model.objects.filter(pk__in=here.keys() - same).delete()
    model.objects.bulk_create([model(**_read(model, row)) for row in wanted if row["id"] not in same], batch_size=500)


def _read(model: type, columns: dict) -> dict:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {name: fields[name].to_python(value) for name, value in columns.items()}
