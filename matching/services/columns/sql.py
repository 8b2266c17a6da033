"""How the book is asked for: every answer is a number, for that is what COPY brings fastest. See `copying.py`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from companies.enums import CompanySize, CompanyStatus, PaymentTerm, Period, PriceBasis
from companies.models import Capacity, Need
from corridor.enums import Country, Incoterm
from matching.engine.market import FAR_FUTURE, FAR_PAST
from matching.services.checked import HELD, SCREENED, TRUST
from matching.services.listings import KG_PER_PRICE_UNIT

TERMS = tuple(PaymentTerm.values)
INCOTERMS = tuple(Incoterm.values)
ORIGINS = tuple(Country.values)
TENTHS = {kind: round(10 * trust) for kind, trust in TRUST.items()}  # exact to add up


@dataclass(frozen=True)
class Asked:
    """A query with its parameters and the types of what it answers."""

    query: str
    parameters: list
    types: dict[str, str]


@dataclass(frozen=True)
class InBook:
    """Which listings of one side stand in the book of a day; `only` leaves in those of some numbers."""

    side: str  # "need" | "capacity"
    as_of: date
    only: Collection[int] | None = None

    def query(self) -> tuple[str, list]:
        listings = Need if self.side == "need" else Capacity
        query, parameters = listings.objects.in_book(self.as_of).order_by().values("id").query.sql_with_params()
        if self.only is None:
            return query, list(parameters)
        return f"SELECT id FROM ({query}) every WHERE id = ANY(%s::int8[])", [*parameters, list(self.only)]


def case(column: str, answers: Mapping[str, object], otherwise: str) -> tuple[str, list]:
    whens = " ".join("WHEN %s THEN %s" for _word in answers)
    if not answers:
        return otherwise, []
    return f"CASE {column} {whens} ELSE {otherwise} END", [part for pair in answers.items() for part in pair]


def ordinal(column: str, otherwise: int | None = None) -> str:
    """A day as `date.toordinal` numbers it."""
    number = f"({column} - DATE '0001-01-01' + 1)"
    return number if otherwise is None else f"coalesce({number}, {otherwise})"


def place_in(column: str, words: tuple[str, ...]) -> tuple[str, list]:
    """Which word of a tuple stands in a column; -1: none of them."""
    return f"coalesce(array_position(%s::text[], {column}::text), 0) - 1", [list(words)]


def price(rates: Mapping[str, Decimal]) -> tuple[str, list]:
    """USD a tonne to the hundredth of a cent, as `listings.usd_per_t` rounds it: halves away from zero, exactly."""
    rate, rate_parameters = case("one.price_currency", rates, "NULL")
    unit, unit_parameters = case("one.price_unit", KG_PER_PRICE_UNIT, "NULL")
    found = f"coalesce(round(one.price_amount * ({rate})::numeric * ({unit})::numeric, 4)::float8, 'NaN')"
    return found, [*rate_parameters, *unit_parameters]


def listings(book: InBook, rates: Mapping[str, Decimal], countries: tuple[str, ...]) -> Asked:
    """One row a listing in the order of the keys: what both sides say, then what this side alone says."""
    columns = [
        ("id", "int8", "one.id", []),
        ("company", "int8", "one.company_id", []),
        ("is_active", "bool", "company.status = %s", [CompanyStatus.ACTIVE]),
        ("screening", "int4", *case("company.screening", SCREENED, "0")),
        ("trust", "int8", "coalesce(checked.tenths, 0)", []),
        ("quantity_kg", "int8", "one.quantity_kg", []),
        ("is_monthly", "bool", "one.period <> %s", [Period.ONCE]),
        ("price", "float8", *price(rates)),
        *((f"term_{number}", "bool", "%s = ANY(one.payment_terms)", [term]) for number, term in enumerate(TERMS)),
        ("incoterm", "int4", *place_in("one.incoterm", INCOTERMS)),
        *(_of_need(countries) if book.side == "need" else _of_capacity()),
    ]
    in_book, parameters = book.query()
    checked, of_checked = _checked(book)
    query = (
        f"SELECT {', '.join(f'({sql})::{kind}' for _name, kind, sql, _parameters in columns)}"
        f" FROM companies_{book.side} one JOIN ({in_book}) book ON book.id = one.id"
        " JOIN companies_company company ON company.id = one.company_id"
        f" {checked} {_JOINED[book.side]} ORDER BY one.id"
    )
    said = [parameter for *_column, some in columns for parameter in some]
    return Asked(query, [*said, *parameters, *of_checked], {name: kind for name, kind, *_ in columns})


def _checked(book: InBook) -> tuple[str, list]:
    """What was checked of the companies: summed once for a whole book, company by company for some listings of it."""
    tenths, parameters = case("fact.kind", TENTHS, "0")
    summed = f"sum({tenths})::int8 AS tenths FROM companies_verificationfact fact"
    if book.only is None:
        joined = f"(SELECT company_id, {summed} GROUP BY company_id) checked ON checked.company_id = company.id"
    else:
        joined = f"LATERAL (SELECT {summed} WHERE fact.company_id = company.id) checked ON true"
    return f"LEFT JOIN {joined}", parameters


_JOINED = {
    "need": "JOIN corridor_place place ON place.id = one.destination_id",
    "capacity": "JOIN commodities_commodity goods ON goods.id = one.commodity_id"
    " LEFT JOIN corridor_place home ON home.id = company.place_id AND home.country = one.origin_country",
}


def _of_need(countries: tuple[str, ...]) -> list[tuple]:
    accepts = "(one.accepted_origins = '{}' OR %s = ANY(one.accepted_origins)) AND NOT %s = ANY(one.excluded_origins)"
    return [
        ("country", "int4", *place_in("place.country", countries)),
        ("window_from", "int4", ordinal("one.window_from"), []),
        ("window_until", "int4", ordinal("one.window_until"), []),
        ("smallest_share_kg", "int8", "coalesce(one.smallest_share_kg, 0)", []),
        *((f"origin_{number}", "bool", accepts, [country] * 2) for number, country in enumerate(countries)),
        ("is_all_in", "bool", "one.price_basis = %s", [PriceBasis.ALL_IN]),
        ("named_place", "int8", "coalesce(one.named_place_id, 0)", []),
        ("destination", "int8", "one.destination_id", []),
    ]


def _of_capacity() -> list[tuple]:
    return [
        ("origin", "int4", *place_in("one.origin_country", ORIGINS)),
        ("available_from", "int4", ordinal("one.available_from"), []),
        ("available_until", "int4", ordinal("one.available_until"), []),
        ("lead_days", "int4", "coalesce(one.lead_days, -1)", []),
        ("lot_kg", "int8", "coalesce(one.lot_kg, -1)", []),
        ("multiple_kg", "int8", "coalesce(one.lot_multiple_kg, 0)", []),
        ("commodity", "int8", "one.commodity_id", []),
        ("node_lo", "int4", "goods.tree_lo", []),
        ("node_hi", "int4", "goods.tree_hi", []),
        ("heading", "int4", heading("goods.hs_code"), []),
        ("place", "int8", "one.place_id", []),
        ("home", "int8", "coalesce(home.id, 0)", []),
        ("unit_kg", "int8", "coalesce(one.net_kg_per_transport_unit, 0)", []),
        ("is_micro", "bool", "company.size = %s", [CompanySize.MICRO]),
    ]


def heading(column: str) -> str:
    """The heading as a number that keeps its zeros: a 1 before its digits."""
    return f"('1' || left({column}, 4))::int4"


def accepted(book: InBook) -> Asked:
    """Every node that a need accepts, groups expanded, each once, in the order of the needs and of the tree."""
    in_book, parameters = book.query()
    query = (
        "SELECT DISTINCT book.id::int8, goods.tree_lo::int4, goods.tree_hi::int4, goods.hs_code,"
        f" {heading('goods.hs_code')} AS heading FROM ({in_book}) book"
        " JOIN companies_needcommodity node ON node.need_id = book.id"
        " LEFT JOIN commodities_commoditygroupmember member ON member.group_id = node.group_id"
        " JOIN commodities_commodity goods ON goods.id = coalesce(node.commodity_id, member.commodity_id)"
    )
    query = f"SELECT id, tree_lo, tree_hi, heading FROM ({query}) nodes ORDER BY id, tree_lo, tree_hi, hs_code"
    types = {"listing": "int8", "lo": "int4", "hi": "int4", "heading": "int4"}
    return Asked(query, parameters, types)


def parameters(book: InBook, sets: Mapping[str, int]) -> Asked:
    """Every asked or offered parameter, in the order of the listings. `sets`: value set as text -> its number."""
    in_book, of_book = book.query()
    is_choice, joined = "false", ""
    if book.side == "capacity":
        is_choice = "usual.id IS NOT NULL"
        joined = (
            " JOIN companies_capacity one ON one.id = book.id LEFT JOIN commodities_commodityparameter usual"
            " ON usual.commodity_id = one.commodity_id AND usual.parameter_id = stated.parameter_id"
            " AND usual.kind = 'choice'"
        )
    query = (
        "SELECT book.id::int8, stated.parameter_id::int8,"
        " (CASE WHEN stated.values = '{}' THEN coalesce(stated.low::float8, 'NaN') ELSE 'NaN' END)::float8,"
        " (CASE WHEN stated.values = '{}' THEN coalesce(stated.high::float8, 'NaN') ELSE 'NaN' END)::float8,"
        f" coalesce(numbered.number, -1), ({is_choice})::bool FROM ({in_book}) book"
        f" JOIN companies_{book.side}parameter stated ON stated.{book.side}_id = book.id{joined}"
        " LEFT JOIN unnest(%s::text[], %s::int4[]) numbered (said, number) ON numbered.said = stated.values::text"
        " ORDER BY book.id"
    )
    types = {"listing": "int8", "key": "int8", "low": "float8", "high": "float8", "set": "int4", "is_choice": "bool"}
    return Asked(query, [*of_book, list(sets), list(sets.values())], types)


def certificates(book: InBook, *, own: bool) -> Asked:
    """What is said of certificates: of the whole company, or (`own`) of one capacity alone."""
    in_book, of_book = book.query()
    state, of_state = case("said.state", HELD, "0")
    meets = "said.capacity_id = book.id" if own else "said.company_id = one.company_id AND said.capacity_id IS NULL"
    query = (
        f"SELECT book.id::int8, said.kind_id::int8, ({state})::int4, {ordinal('said.valid_from', FAR_PAST)}::int4,"
        f" {ordinal('said.valid_until', FAR_FUTURE)}::int4 FROM ({in_book}) book"
        f" JOIN companies_{book.side} one ON one.id = book.id JOIN companies_certificate said ON {meets}"
    )
    types = {"listing": "int8", "kind": "int8", "state": "int4", "first": "int4", "last": "int4"}
    return Asked(query, [*of_state, *of_book], types)


def required(book: InBook) -> Asked:
    in_book, parameters = book.query()
    query = (
        f"SELECT book.id::int8, wanted.certificatekind_id::int8 FROM ({in_book}) book"
        " JOIN companies_need_required_certificates wanted ON wanted.need_id = book.id"
    )
    return Asked(query, parameters, {"listing": "int8", "kind": "int8"})


def commitments(book: InBook) -> Asked:
    in_book, parameters = book.query()
    query = (
        f"SELECT book.id::int8, {ordinal('taken.month')}::int4, taken.quantity_kg::int8 FROM ({in_book}) book"
        f" JOIN companies_commitment taken ON taken.{book.side}_id = book.id"
    )
    return Asked(query, parameters, {"listing": "int8", "month": "int4", "kg": "int8"})
