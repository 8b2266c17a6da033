"""The public directory: real companies from public sources, listed without needs or capacities until they claim it."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from commodities.facts import Confidence
from companies.enums import CompanyKind, CompanyStatus
from companies.models import Company
from corridor.enums import Country
from corridor.models import Place, Region

# What is taken over from the source on every loading; what a person decides about an entry is left alone.
SOURCED_FIELDS = (
    "name_registered",
    "country",
    "region",
    "place",
    "city",
    "sectors",
    "website",
    "description",
    "source",
    "confidence",
)


@dataclass(frozen=True)
class DirectoryCount:
    """What loading the directory did."""

    new: int
    changed: int
    unchanged: int
    hidden: int


@transaction.atomic
def load_directory(path: Path) -> DirectoryCount:
    """Enter the public companies of a table. The unsure ones are hidden from everybody until somebody has checked them.

    Loading again changes only what the table says anew. An entry that has been claimed is no longer touched.
    """
    wanted = list(_read(path))
    here = {company.code: company for company in Company.objects.filter(code__in=[one.code for one in wanted])}
    new = [company for company in wanted if company.code not in here]
    changed = []
    for company in wanted:
        known = here.get(company.code)
        if known is not None and known.is_directory and _take_over(known, company):
            changed.append(known)
    Company.objects.bulk_create(new, batch_size=500)
    Company.objects.bulk_update(changed, SOURCED_FIELDS, batch_size=500)
    hidden = Company.objects.filter(kind=CompanyKind.DIRECTORY, is_hidden=True).count()
    return DirectoryCount(len(new), len(changed), len(wanted) - len(new) - len(changed), hidden)


def _take_over(known: Company, company: Company) -> bool:
    """Bring a known entry up to date; True when something changed."""
    changed = [name for name in SOURCED_FIELDS if getattr(known, name) != getattr(company, name)]
    for name in changed:
        setattr(known, name, getattr(company, name))
    return bool(changed)


def _read(path: Path) -> Iterable[Company]:
    places, regions = Place.objects.in_bulk(field_name="code"), Region.objects.in_bulk(field_name="code")
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["country"] not in Country.values:
                continue  # carriers and terminals of countries that goods only pass through
            yield Company(
                kind=CompanyKind.DIRECTORY,
                code=f"public-{row['id'].lower()}",
                name_registered=row["name"],
                country=row["country"],
                region=regions.get(row["region_code"]),
                place=places.get(row["place_code"]),
                city=row["city"][:120],
                sectors=sorted(filter(None, row["sector"].split(";"))),
                website=row["website"],
                description="\n".join(filter(None, (row["products"], row["note"]))),
                status=CompanyStatus.ACTIVE,
                is_hidden=row["confidence"] == Confidence.UNSURE,
                source=row["source"],
                confidence=row["confidence"],
            )
