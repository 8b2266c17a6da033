"""Groups of near misses in words: what each is called, whose it is, and the address of exactly its near misses."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from commodities.enums import NodeKind
from commodities.models import Commodity
from companies.models import Company
from corridor.models import Region
from matching.coaching.changes import BETWEEN, CERTIFICATES, NOWHERE
from matching.coaching.openings import Opening
from matching.texts import CHANGE_NAMES, RULE_NAMES, Names
from matching.texts.names import term


@dataclass(frozen=True)
class Line:
    """One row of the page on what is missing."""

    opening: Opening
    text: str
    detail: str  # the certificate, the term, the parameter; empty: nothing more to say
    company: Company | None
    address: str  # of the near misses that it stands for
    whom: str  # the companies that would have to change, for these near misses alone


def lines_of(openings: Iterable[Opening], by: str, query: QueryDict, names: Names) -> list[Line]:
    """A page of groups in words. One query at most.

    Args:
        query: what the page is narrowed by, and nothing else of its address.
    """
    openings = list(openings)
    known = KNOWN[by]([opening.key for opening in openings]) if by in KNOWN else {}
    return [line_of(opening, by, query, names, known) for opening in openings]


def line_of(opening: Opening, by: str, query: QueryDict, names: Names, known: dict) -> Line:
    key = opening.key
    found = known.get(key)
    text, detail = WORDS[by](key, found, names)
    narrowed = narrowed_to(choices_of(by, key, found), query)
    misses = f"{reverse('matching:near-miss-list')}?{narrowed}"
    whom = f"{reverse('matching:coaching')}?by=company&{narrowed}"
    return Line(opening, text, detail, found if by == "company" else None, misses, whom)


def narrowed_to(choices: dict[str, str], query: QueryDict) -> str:
    """The query of a list that is narrowed as the page is, and to one group."""
    address = query.copy()
    for name, value in choices.items():
        address[name] = value
    return address.urlencode()


def choices_of(by: str, key: str, found) -> dict[str, str]:
    if by == "change":
        code, _between, what = key.partition(BETWEEN)
        more = {"accept_term": "term"} | dict.fromkeys(CERTIFICATES, "certificate")
        return {"change": code} | ({more.get(code, "parameter"): what} if what else {})
    if by == "goods":
        return {"commodity" if found.kind == NodeKind.COMMODITY else "goods": found.code}
    return {{"certificate": "certificate", "company": "changer", "district": "region", "rule": "rule"}[by]: key}


def change_words(key: str, _found, names: Names) -> tuple[str, str]:
    code, _between, what = key.partition(BETWEEN)
    if code in CERTIFICATES:
        return str(CHANGE_NAMES[code]), names.certificate(what)
    if code == "accept_term":
        return str(CHANGE_NAMES[code]), term(what)
    parameter, _between, unit = what.partition(BETWEEN)
    return str(CHANGE_NAMES[code]), names.parameter(parameter, unit) if what else ""


def district_words(key: str, region: Region | None, _names: Names) -> tuple[str, str]:
    return (_("District not known") if key == NOWHERE else region.name), ""


WORDS = {
    "change": change_words,
    "certificate": lambda key, _found, names: (names.certificate(key), ""),
    "company": lambda _key, company, _names: (str(company), ""),
    "goods": lambda _key, goods, _names: (goods.name, ""),
    "district": district_words,
    "rule": lambda key, _found, _names: (str(RULE_NAMES[key]), ""),
}
KNOWN = {
    "company": lambda keys: by_number(Company.objects.select_related("region", "place"), keys),
    "goods": lambda keys: by_number(Commodity.objects, keys),
    "district": lambda keys: {region.code: region for region in Region.objects.filter(code__in=keys)},
}


def by_number(rows, keys: list[str]) -> dict[str, object]:
    return {str(pk): row for pk, row in rows.in_bulk([int(key) for key in keys]).items()}
