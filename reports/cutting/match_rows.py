"""The rows of matches in one query: whatever the filter leaves, joined to all that the columns read, in its order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from accounts.lists.keyset import Order as ListOrder
from commodities.facts import Confidence
from corridor.enums import Currency
from corridor.queries import rates_in_force
from matching.enums import RunKind
from matching.models import ListedMatch, Run
from reports.cutting.cut import Put
from reports.cutting.match_sql import MatchColumn

TABLE = "matches"
_FROM = """
    JOIN matching_matchresult result ON result.id = kept.result_id
    LEFT JOIN matching_match pair ON pair.id = result.match_id
    LEFT JOIN companies_need need ON need.id = pair.need_id
    LEFT JOIN companies_capacity capacity ON capacity.id = pair.capacity_id
    LEFT JOIN companies_company exporter ON exporter.id = capacity.company_id
    LEFT JOIN companies_company importer ON importer.id = need.company_id
    LEFT JOIN commodities_commodity commodity ON commodity.id = capacity.commodity_id
    LEFT JOIN corridor_place destination ON destination.id = need.destination_id
    LEFT JOIN corridor_region exporter_region ON exporter_region.id = exporter.region_id
    LEFT JOIN corridor_place exporter_place ON exporter_place.id = exporter.place_id
    LEFT JOIN corridor_region importer_region ON importer_region.id = importer.region_id
    LEFT JOIN corridor_place importer_place ON importer_place.id = importer.place_id
    LEFT JOIN matching_run first_run ON first_run.id = pair.first_run_id
"""
_PRICE = """
    LEFT JOIN LATERAL jsonb_to_record(
        CASE WHEN jsonb_typeof(result.facts -> 'price') = 'object' THEN result.facts -> 'price' END
    ) AS price (
        ask_usd_per_t numeric, limit_usd_per_t numeric, landed_low_usd_per_t numeric, rests_on_examples boolean
    ) ON true
"""
_RATES = """
    LEFT JOIN matching_run run ON run.id = result.run_id
    LEFT JOIN rate need_rate ON need_rate.of = run.as_of AND need_rate.currency = need.price_currency
    LEFT JOIN rate capacity_rate ON capacity_rate.of = run.as_of AND capacity_rate.currency = capacity.price_currency
"""


@dataclass(frozen=True)
class Behind:
    """The runs that found some rows: on which days they looked, and whether one was a refresh after an edit."""

    days: tuple[date, ...]
    has_refreshes: bool

    @classmethod
    def of(cls, rows: QuerySet) -> "Behind":
        run = "result__run" if rows.model is ListedMatch else "run"
        runs = set(Run.objects.filter(pk__in=rows.order_by().values(run)).order_by().values_list("as_of", "kind"))
        return cls(tuple(sorted({day for day, _kind in runs})), any(kind == RunKind.REFRESH for _day, kind in runs))


def put_rows(
    rows: QuerySet, columns: Sequence[MatchColumn], groups: Sequence[str], order: ListOrder, behind: Behind, put: Put
) -> int:
    """Answers how many they were.

    Args:
        rows: listed rows, or the results of one run under the same names.
        groups: names of columns of them by which they are sorted first.
    """
    try:
        query, parameters = query_of(rows, columns, groups, order, behind)
    except EmptyResultSet:
        return put.put(TABLE, ())
    return put.copied(TABLE, query, parameters)


def query_of(
    rows: QuerySet, columns: Sequence[MatchColumn], groups: Sequence[str], order: ListOrder, behind: Behind
) -> tuple[str, list]:
    """The query and its parameters. The kept rows come into it flat, so that the first of many come quickly.

    Raises EmptyResultSet where no row can be among them.
    """
    result = "result_id" if rows.model is ListedMatch else "pk"
    sorts = [*dict.fromkeys((*groups, order.path))]
    kept, parameters = rows.order_by().values_list("pk", result, *sorts).query.sql_with_params()
    names = ", ".join(f"sort_{number}" for number in range(len(sorts)))
    wanted = ", ".join(f"{column.sql} AS {column.key}" for column in columns)
    query = f"SELECT {wanted} FROM ({kept}) kept (pk, result_id, {names}) {_FROM}"  # noqa: S608 - expressions of ours
    if any("price." in column.sql for column in columns):
        query += _PRICE
    if any("_rate." in column.sql for column in columns):
        rates = list(_rates(behind))
        query = (
            f"WITH rate (of, currency, is_example) AS (VALUES {', '.join(['(%s::date, %s, %s)'] * len(rates))}) {query}"
        )
        parameters = (*(cell for rate in rates for cell in rate), *parameters)
        query += _RATES
    way = "DESC" if order.falls else "ASC"
    last = " NULLS LAST" if order.may_be_empty(rows) else ""
    by = [f"sort_{sorts.index(name)}" for name in groups] + [f"sort_{sorts.index(order.path)} {way}{last}", "kept.pk"]
    return f"{query} ORDER BY {', '.join(by)}", list(parameters)


def _rates(behind: Behind) -> Iterable[tuple]:
    """Day, currency and whether the rate in force is an example, for each day on which a run of the rows looked."""
    yield None, "", False  # there may be no rate at all
    for day in behind.days:
        for currency, rate in sorted(rates_in_force(day).items()):
            if currency != Currency.USD:
                yield day, currency, rate.confidence == Confidence.EXAMPLE
