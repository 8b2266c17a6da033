"""The rules and the score of a candidate in SQL, for DuckDB and PostgreSQL alike.

Each step is a query over the one before it and gives names to what the next one needs. The tables are those of
`wide.py`; what nobody knows is NULL, and -1 where it is a number of days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from matching.benchmarks.wide import Wide

PRICE = ((0.0, 0.3), (0.10, 0.8), (0.25, 1.0))
FREEDOM = ((0.0, 0.2), (60.0, 1.0))
TRANSIT = ((14.0, 1.0), (30.0, 0.7), (60.0, 0.2), (90.0, 0.0))

SMALLEST = "(greatest(c_lot, n_share, 1) + (c_multiple - greatest(c_lot, n_share, 1) % c_multiple) % c_multiple)"
FITS_AT_ALL = f"""n_company <> c_company AND (n_opens & c_origin) <> 0
    AND (n_terms = 0 OR c_terms = 0 OR (n_terms & c_terms) <> 0)
    AND c_least <= n_room AND c_first <= n_until AND least(n_largest, c_largest) >= {SMALLEST}"""
# A slot of the capacity and one of the need meet: what is shipped in one may arrive in the other.
SHIPS = "CASE WHEN known THEN greatest(s_first, d_first - transit) ELSE s_first END"
ARRIVES = f"CASE WHEN known THEN {SHIPS} + transit ELSE greatest(s_first, d_first) END"
MEETS = f"{SHIPS} <= s_last AND {ARRIVES} <= d_last"


@dataclass(frozen=True)
class Dialect:
    """Where the two differ."""

    nearest: str  # a number rounded to a whole one, halves to even
    count_bits: str
    fence: str  # what keeps a step from being written into the next one again and again


DUCKDB = Dialect(nearest="round_even({}, 0)", count_bits="bit_count({})", fence="")
POSTGRES = Dialect(nearest="round({})", count_bits="bit_count(({})::bit(64))", fence=" OFFSET 0")


def number(value: float) -> str:
    return f"({value!r}::double precision)"


def line(fact: str, points: Sequence[tuple[float, float]]) -> str:
    """Straight between the points, flat outside."""
    parts = []
    for (x0, y0), (x1, y1) in reversed(list(pairwise(points))):
        between = f"{number(y0)} + {number(y1 - y0)} * (({fact} - {number(x0)}) / {number(x1 - x0)})"
        clipped = f"least(greatest({between}, {number(min(y0, y1))}), {number(max(y0, y1))})"
        parts.append(f"WHEN {fact} > {number(x0)} THEN {clipped}")
    return f"CASE {' '.join(parts)} ELSE {number(points[0][1])} END"


def landed(wide: Wide, end: str, dialect: Dialect) -> str:
    lines = [f"r_slope_{end}{i} * c_ask + r_cost_{end}{i}" for i in range(wide.n_lines)]
    millionths = f"greatest({', '.join(lines)}) * 1000000"
    return f"({dialect.nearest.format(millionths)} / {number(1e6)})"


def fitting(wide: Wide, source: str, dialect: Dialect) -> str:
    """The pairs that fail no rule but, perhaps, quantity. `source` gives pairs that pass FITS_AT_ALL, and
    their route."""
    steps = (
        (_days(), "true"),
        (_more_days(), "true"),
        (_bits(wide), f"NOT ({_parameter_fails(wide)})"),
        (_parts(wide, dialect), "((n_requires | r_seller) & c_fails) = 0 AND (r_buyer & n_fails) = 0"),
    )
    query = _with_route(wide, source, dialect)
    for columns, condition in steps:
        query = f"SELECT {columns} FROM ({query}) AS q WHERE {condition}{dialect.fence}"
    return query


def route(wide: Wide) -> str:
    """The cheapest by which the goods can arrive in time."""
    soonest, latest = "greatest(n_from - c_last, 0)", "(n_until - c_first)"
    ways = [
        f"WHEN route{i} >= 0 AND CASE WHEN low{i} >= 0 AND high{i} >= 0 "
        f"THEN low{i} <= {latest} AND high{i} >= {soonest} ELSE {latest} >= 0 END THEN route{i}"
        for i in range(wide.n_routes)
    ]
    return f"CASE {' '.join(ways)} ELSE -1 END"


def _with_route(wide: Wide, query: str, dialect: Dialect) -> str:
    low, part = landed(wide, "low", dialect), landed(wide, "at_least", dialect)
    return (
        f"SELECT q.*, r.*, {landed(wide, 'high', dialect)} AS landed FROM ({query}) AS q "
        f"JOIN routes AS r ON r.r_route = q.route "
        f"WHERE NOT coalesce(coalesce({low}, {part}) > n_limit, false){dialect.fence}"
    )


def _days() -> str:
    return (
        "*, (r_low >= 0 AND r_high >= 0) AS known, "
        "CASE WHEN r_low >= 0 AND r_high >= 0 THEN least(r_high, n_until - c_first) ELSE 0 END AS transit, "
        "(r_low >= 0 AND r_high >= 0 AND c_knows_lead AND r_low >= greatest(n_from - c_last, 0) "
        "AND r_high <= n_until - c_first) AS passes"
    )


def _more_days() -> str:
    first = "greatest(n_from, c_first + transit)"
    last = "CASE WHEN known THEN least(n_until, c_last + transit) ELSE n_until END"
    begin, end = f"CASE WHEN passes THEN {first} ELSE n_from END", f"CASE WHEN passes THEN {last} ELSE n_until END"
    # By and until when a paper must be valid to be sure: on some day where the days are sure, else on every day.
    begun, ended = f"CASE WHEN passes THEN {last} ELSE n_from END", f"CASE WHEN passes THEN {first} ELSE n_until END"
    return (
        f"*, {first} AS first_day, {last} AS last_day, {begin} AS begin_day, {end} AS end_day, "
        f"{begun} AS begun_day, {ended} AS ended_day"
    )


def _bits(wide: Wide) -> str:
    """Which certificates each side certainly lacks, and which it certainly has, as bits."""
    columns = ["*"]
    for side in ("n", "c"):
        fails, holds = [], []
        for kind in range(wide.n_kinds):
            since, till = f"{side}_since{kind}", f"{side}_till{kind}"
            # Sums of what is true, not cases: both tools work them off column by column.
            fails.append(f"({since} > end_day OR {till} < begin_day)::int * {1 << kind}")
            holds.append(f"({since} <= begun_day AND {till} >= ended_day)::int * {1 << kind}")
        columns.append(f"({' + '.join(fails)}) AS {side}_fails")
        columns.append(f"({' + '.join(holds)}) & {side}_held AS {side}_holds")
    return ", ".join(columns)


def _parameter_fails(wide: Wide) -> str:
    return " OR ".join(
        f"(n_states{i} AND coalesce(least(c_low{i}, c_high{i}) < n_low{i}, false)) OR "
        f"(n_states{i} AND coalesce(greatest(c_low{i}, c_high{i}) > n_high{i}, false))"
        for i in range(wide.n_parameters)
    )


def _parts(wide: Wide, dialect: Dialect) -> str:
    """The components but quantity, 0 where not known; and what the rest needs."""
    room = f"greatest(1 - landed / n_limit, {number(0.0)})"
    sure = "((n_requires | r_seller) & ~c_holds) = 0 AND (r_buyer & ~n_holds) = 0"
    helpful = f"{dialect.count_bits.format('r_voluntary & c_holds')}::double precision / greatest(r_n_voluntary, 1)"
    share = f"CASE WHEN r_n_voluntary > 0 THEN {helpful} ELSE {number(1.0)} END"
    parts = {
        "price_part": f"CASE WHEN landed <= n_limit THEN {line(room, PRICE)} ELSE {number(0.0)} END",
        "quality_part": _quality(wide),
        "time_part": f"CASE WHEN passes THEN {line('(last_day - first_day)', FREEDOM)} ELSE {number(0.0)} END",
        "papers_part": f"CASE WHEN {sure} THEN {number(0.8)} + {number(0.2)} * ({share}) ELSE {number(0.0)} END",
        "transit_part": f"CASE WHEN known THEN {line('r_high', TRANSIT)} ELSE {number(0.0)} END",
        "trust_part": "(n_trust + c_trust) / 2",
        "smallest": SMALLEST,
    }
    kept = "n_need, c_capacity, known, transit, passes, n_total, n_slots, c_slots"
    return ", ".join([kept, *(f"{text} AS {name}" for name, text in parts.items())])


def _quality(wide: Wide) -> str:
    unknown, margins, count = [], [], []
    for i in range(wide.n_parameters):
        asked_low, asked_high, low, high = f"n_low{i}", f"n_high{i}", f"c_low{i}", f"c_high{i}"
        unknown.append(
            f"(n_states{i} AND (({asked_low} IS NOT NULL AND {low} IS NULL) "
            f"OR ({asked_high} IS NOT NULL AND {high} IS NULL)))"
        )
        room = f"least({low} - {asked_low}, {asked_high} - {high})"
        width = (
            f"CASE WHEN {asked_low} IS NULL THEN abs({asked_high}) WHEN {asked_high} IS NULL THEN abs({asked_low}) "
            f"ELSE {asked_high} - {asked_low} END"
        )
        share = f"CASE WHEN {room} > 0 THEN coalesce({room} / nullif({width}, 0), 1) ELSE 0 END"
        margins.append(
            f"CASE WHEN NOT n_states{i} THEN {number(0.0)} WHEN {asked_low} IS NULL AND {asked_high} IS NULL "
            f"THEN {number(1.0)} ELSE {number(0.5)} + {number(0.5)} * "
            f"least(({share}) / {number(0.2)}, {number(1.0)}) END"
        )
        count.append(f"n_states{i}::int")
    counted = f"({' + '.join(count)})"
    return (
        f"CASE WHEN {' OR '.join(unknown)} THEN {number(0.0)} WHEN {counted} = 0 THEN {number(1.0)} "
        f"ELSE ({' + '.join(margins)}) / greatest({counted}, 1) END"
    )


def score(weights: Sequence[float], moved: str) -> str:
    """The weighted sum in its fixed order."""
    quantity = f"CASE WHEN passes THEN ({moved})::double precision / greatest(n_total, 1) ELSE {number(0.0)} END"
    parts = ("price_part", quantity, "quality_part", "time_part", "papers_part", "transit_part", "trust_part")
    return " + ".join(f"{number(weight)} * ({part})" for weight, part in zip(weights, parts, strict=True))
