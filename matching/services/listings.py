"""The open needs and capacities, as columns of the engine. Each function makes a fixed number of queries."""

from collections.abc import Collection
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import nan

import numpy as np
from django.db.models import Q

from commodities.enums import ParameterKind, Unit
from commodities.models import CommodityParameter
from companies.enums import CompanySize, CompanyStatus
from companies.models import Capacity, Need, NeedCommodity
from matching.engine.market import NOT_KNOWN_DAYS, NOT_KNOWN_KG, Capacities, Needs
from matching.services.checked import SCREENED, Companies
from matching.services.months_left import load_commitments, month_slots
from matching.services.trips import CAPACITY_COLUMNS, NEED_COLUMNS
from matching.services.vocabulary import Vocabulary

KG_PER_PRICE_UNIT = {Unit.TONNE: 1, Unit.KILOGRAM: 1000}  # how many of the unit make a tonne


def number(value: Decimal | None) -> float:
    return nan if value is None else float(value)


def usd_per_t(amount: Decimal | None, currency: str, unit: str, rates: dict[str, Decimal]) -> float:
    """A price in USD per tonne, to the hundredth of a cent; nan without a price or a rate of exchange."""
    if amount is None or currency not in rates:
        return nan
    usd = amount * rates[currency] * KG_PER_PRICE_UNIT[unit]
    return float(usd.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP))


def need_rows(as_of: date, only: Collection[int] | None = None) -> list[dict]:
    return list(
        Need.objects.in_book(as_of)
        .filter(Q() if only is None else Q(pk__in=only))
        .order_by("pk")
        .values(
            *("id", "company_id", "company__status", "company__screening", "window_from", "window_until"),
            *("quantity_kg", "period", "smallest_share_kg", "payment_terms", "accepted_origins", "excluded_origins"),
            *("price_amount", "price_currency", "price_unit"),
            *NEED_COLUMNS,
        )
    )


def capacity_rows(as_of: date, only: Collection[int] | None = None) -> list[dict]:
    return list(
        Capacity.objects.in_book(as_of)
        .filter(Q() if only is None else Q(pk__in=only))
        .order_by("pk")
        .values(
            *("id", "company_id", "company__status", "company__screening", "company__size"),
            *("available_from", "available_until"),
            *("quantity_kg", "period", "lot_multiple_kg", "lead_days", "payment_terms"),
            *("price_amount", "price_currency", "price_unit", *CAPACITY_COLUMNS),
            *("commodity__tree_lo", "commodity__tree_hi", "commodity__hs_code"),
        )
    )


def load_needs(
    rows: list[dict], accepted: list, asked: list, words: Vocabulary, companies: Companies, rates: dict
) -> Needs:
    """What importers want; `arrival` is filled in with the lanes."""
    row_of = {need["id"]: row for row, need in enumerate(rows)}
    slots = month_slots(rows, "window_from", "window_until", load_commitments("need", row_of))
    state, first, last = companies.held([(need["company_id"], None) for need in rows], words)
    requires = np.zeros((len(rows), len(words.kinds)), dtype=bool)
    for need_id, kind in Need.required_certificates.through.objects.filter(need__in=row_of).values_list(
        "need_id", "certificatekind_id"
    ):
        requires[row_of[need_id], words.kind_of[kind]] = True
    accepts = np.ones((len(rows), len(words.countries)), dtype=bool)
    for row, need in enumerate(rows):
        wanted = need["accepted_origins"] or words.countries
        accepts[row] = [c in wanted and c not in need["excluded_origins"] for c in words.countries]
    asked_rows = parameter_columns(asked, row_of, words)
    return Needs(
        **listing_columns(rows, words, companies),
        country=ints([words.countries.index(need["destination__country"]) for need in rows]),
        accepted_of=ints([row for row, _lo, _hi, _hs in accepted]),
        accepted_lo=ints([lo for _row, lo, _hi, _hs in accepted]),
        accepted_hi=ints([hi for _row, _lo, hi, _hs in accepted]),
        accepts_origin=accepts,
        window_from=ints([need["window_from"].toordinal() for need in rows]),
        window_until=ints([need["window_until"].toordinal() for need in rows]),
        **slots,
        smallest_share_kg=ints([need["smallest_share_kg"] or 0 for need in rows]),
        limit_usd_per_t=prices(rows, rates),
        requires=requires,
        certificate=state,
        certificate_from=first,
        certificate_until=last,
        **{f"asked_{name}": column for name, column in asked_rows.items()},
        pays_by=words.paying([need["payment_terms"] for need in rows]),
        arrival=ints([0] * len(rows)),
    )


def load_capacities(
    rows: list[dict], offered: list, words: Vocabulary, companies: Companies, rates: dict
) -> Capacities:
    """What exporters can supply; `departure` is filled in with the lanes."""
    row_of = {capacity["id"]: row for row, capacity in enumerate(rows)}
    slots = month_slots(rows, "available_from", "available_until", load_commitments("capacity", row_of))
    state, first, last = companies.held([(capacity["company_id"], capacity["id"]) for capacity in rows], words)
    offered_rows = parameter_columns(offered, row_of, words)
    choices = set(
        CommodityParameter.objects.filter(kind=ParameterKind.CHOICE).values_list("commodity_id", "parameter_id")
    )
    commodity_of = {capacity["id"]: capacity["commodity_id"] for capacity in rows}
    is_choice = [
        (commodity_of[listing], parameter) in choices for listing, parameter, *_ in by_listing(offered, row_of, words)
    ]
    return Capacities(
        **listing_columns(rows, words, companies),
        country=ints([words.countries.index(capacity["origin_country"]) for capacity in rows]),
        node_lo=ints([capacity["commodity__tree_lo"] for capacity in rows]),
        node_hi=ints([capacity["commodity__tree_hi"] for capacity in rows]),
        available_from=ints([capacity["available_from"].toordinal() for capacity in rows]),
        available_until=ints([capacity["available_until"].toordinal() for capacity in rows]),
        **slots,
        lead_days=ints([known(capacity["lead_days"], NOT_KNOWN_DAYS) for capacity in rows]),
        lot_kg=ints([known(capacity["lot_kg"], NOT_KNOWN_KG) for capacity in rows]),
        multiple_kg=ints([capacity["lot_multiple_kg"] or 0 for capacity in rows]),
        ask_usd_per_t=prices(rows, rates),
        certificate=state,
        certificate_from=first,
        certificate_until=last,
        **{f"offered_{name}": column for name, column in offered_rows.items()},
        offered_is_choice=np.array(is_choice, dtype=bool),
        paid_by=words.paying([capacity["payment_terms"] for capacity in rows]),
        departure=ints([0] * len(rows)),
        is_micro=np.array([capacity["company__size"] == CompanySize.MICRO for capacity in rows], dtype=bool),
    )


def ints(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def known(value: int | None, otherwise: int) -> int:
    return otherwise if value is None else value


def prices(rows: list[dict], rates: dict[str, Decimal]) -> np.ndarray:
    asked = [usd_per_t(row["price_amount"], row["price_currency"], row["price_unit"], rates) for row in rows]
    return np.array(asked, dtype=np.float64)


def listing_columns(rows: list[dict], words: Vocabulary, companies: Companies) -> dict[str, np.ndarray]:
    """What both sides say in the same columns."""
    return {
        "id": ints([row["id"] for row in rows]),
        "company": ints([row["company_id"] for row in rows]),
        "is_active": np.array([row["company__status"] == CompanyStatus.ACTIVE for row in rows], dtype=bool),
        "screening": np.array([SCREENED[row["company__screening"]] for row in rows], dtype=np.int8),
        "trust": np.array([companies.trust.get(row["company_id"], 0.0) for row in rows], dtype=np.float64),
    }


def load_accepted(needs: list[dict]) -> list[tuple[int, int, int, str]]:
    """(row, tree_lo, tree_hi, HS code) of every node a need accepts, groups expanded, in a fixed order."""
    row_of = {need["id"]: row for row, need in enumerate(needs)}
    nodes = NeedCommodity.objects.filter(need__in=row_of, commodity__isnull=False).values_list(
        "need_id", "commodity__tree_lo", "commodity__tree_hi", "commodity__hs_code"
    )
    members = NeedCommodity.objects.filter(need__in=row_of, group__isnull=False).values_list(
        "need_id", "group__members__tree_lo", "group__members__tree_hi", "group__members__hs_code"
    )
    return sorted({(row_of[need], lo, hi, hs) for need, lo, hi, hs in [*nodes, *members] if lo is not None})


def by_listing(stated: list, row_of: dict[int, int], words: Vocabulary) -> list:
    return sorted(stated, key=lambda row: (row_of[row[0]], words.parameter_of[row[1]]))


def parameter_columns(stated: list, row_of: dict[int, int], words: Vocabulary) -> dict[str, np.ndarray]:
    """Asked or offered parameters as columns. Where values are listed, they and not the range are compared."""
    rows = by_listing(stated, row_of, words)
    return {
        "of": ints([row_of[row[0]] for row in rows]),
        "parameter": ints([words.parameter_of[row[1]] for row in rows]),
        "low": np.array([nan if row[4] else number(row[2]) for row in rows], dtype=np.float64),
        "high": np.array([nan if row[4] else number(row[3]) for row in rows], dtype=np.float64),
        "set": ints([words.set_of(row[4]) for row in rows]),
    }
