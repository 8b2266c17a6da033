"""Writing a made book into the tables of the real one.

The rows are examples: companies of kind `example` whose registered names say so, without a registration number. No
history is kept of them, for nobody decided anything about them and nothing of them is to stay once they are taken away.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.enums import CompanyKind, CompanyStatus, ListingStatus
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
from matching.services.copying import write_rows
from matching.services.made_book.drawing import TWO_GOODS, WIDTHS, Draw, Wanted, node_of
from matching.services.made_book.goods import COUNTRIES, read_reference
from matching.services.made_book.marks import KEPT, MARK, SOURCE, Told, made, without_history


def make_book(wanted: Wanted, *, beside: bool = False, tell: Told = lambda said: None) -> None:
    """Write a book of these sizes. Refuses beside one already made, and beside real listings unless that is wanted."""
    if made().exists():
        raise ValidationError(_("There is a made book already: take it away first, with --remove."))
    real = Q(needs__isnull=False) | Q(capacities__isnull=False)
    if not beside and Company.objects.filter(real, kind=CompanyKind.REGISTERED).exists():
        raise ValidationError(
            _("This book holds listings of real companies. Add --beside if made ones shall stand among them.")
        )
    draw = Draw(wanted, read_reference())
    with without_history():
        companies = write_companies(draw, tell)
        write_needs(draw, companies, tell)
        write_capacities(draw, companies, tell)
    analyse()


def analyse() -> None:
    """What the planner of PostgreSQL knows of the tables would else be as old as the last look of its own."""
    with connection.cursor() as cursor:
        for model in (*KEPT, Need.required_certificates.through):
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')


def reserve(model: type[models.Model], number: int) -> np.ndarray:
    """So many primary keys that nobody else is given."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'LOCK TABLE "{table}" IN SHARE ROW EXCLUSIVE MODE')
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        (first,) = cursor.fetchone()
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, first + number])
    return np.arange(first, first + number)


def write(model: type[models.Model], columns: dict[str, Sequence | object], rows: int, tell: Told) -> None:
    """One value for every row, or a sequence with one each. What the model fills in by itself is filled in here too."""
    now = timezone.now().isoformat()
    given = {field.column: now for field in model._meta.concrete_fields if getattr(field, "auto_now_add", False)}
    given |= {field.column: now for field in model._meta.concrete_fields if getattr(field, "auto_now", False)}
    for field in model._meta.concrete_fields:
        if field.blank and field.empty_strings_allowed and not field.null and not field.generated:
            given.setdefault(field.column, "")
    given |= columns
    each = [column if isinstance(column, list) else [column] * rows for column in given.values()]
    write_rows(model._meta.db_table, list(given), zip(*each, strict=True))
    tell(f"{model._meta.verbose_name_plural}: {rows}")


def write_pairs(model: type[models.Model], names: Sequence[str], rows: Iterable[tuple], tell: Told) -> None:
    rows = list(rows)
    write_rows(model._meta.db_table, names, rows)
    tell(f"{model._meta.verbose_name_plural}: {len(rows)}")


def write_companies(draw: Draw, tell: Told) -> dict:
    """One company for four listings a side, half of them in each country. Their keys by country, and their points."""
    number = max((draw.wanted.needs + draw.wanted.capacities) // 8, 1) * 2
    made_up, ids = draw.companies(number), reserve(Company, number)
    places = {
        role: [points[COUNTRIES[country]][int(at * len(points[COUNTRIES[country]]))] for country, at in where]
        for role, points in (("sells", draw.reference.sells_from), ("buys", draw.reference.buys_at))
        for where in [list(zip(made_up.country.tolist(), made_up.place.tolist(), strict=True))]
    }
    countries = [COUNTRIES[country] for country in made_up.country.tolist()]
    write(
        Company,
        {
            "id": ids.tolist(),
            "kind": CompanyKind.EXAMPLE.value,
            "code": [f"{MARK}{number}" for number in range(1, len(ids) + 1)],
            "name_registered": [f"Example company {number}, made by chance" for number in range(1, len(ids) + 1)],
            "name_short": [f"Example {number}" for number in range(1, len(ids) + 1)],
            "country": countries,
            "place_id": places["sells"],
            "status": CompanyStatus.ACTIVE.value,
            "screening": [str(state) for state in made_up.screening],
            "is_hidden": False,
            "activities": "{}",
            "sectors": "{}",
            "languages": "{}",
            "source": SOURCE,
        },
        len(ids),
        tell,
    )
    write_pairs(
        VerificationFact,
        ("company_id", "kind", "checked_on", "note"),
        ((ids[row], kind, draw.wanted.as_of.isoformat(), "") for row, kind in made_up.facts),
        tell,
    )
    write_pairs(
        Certificate,
        ("company_id", "kind_id", "state", "number", "issuer", "scope"),
        (
            (ids[row], draw.reference.certificates[kind], state.value, "", "", "")
            for row, kind, state in made_up.certificates
        ),
        tell,
    )
    return {"ids": ids, "country": made_up.country, **{role: np.array(at) for role, at in places.items()}}


def owners(draw: Draw, companies: dict, in_indonesia: np.ndarray) -> np.ndarray:
    """A company of the right country for each listing: rows of the companies, which alternate."""
    half = len(companies["ids"]) // 2
    return draw.chance.integers(0, half, len(in_indonesia)) * 2 + np.where(in_indonesia, 0, 1)


def write_needs(draw: Draw, companies: dict, tell: Told) -> None:
    n, chance, goods = draw.wanted.needs, draw.chance, draw.reference.goods
    drawn, ids = draw.goods(n), reserve(Need, n)
    owner = owners(draw, companies, ~draw.sells_from_indonesia(drawn))
    first, last = draw.days(n, 0, 330, 50)
    tonnes = chance.integers(1, 100, n) * 5
    share = np.where(chance.random(n) < 0.3, np.minimum(chance.integers(1, 40, n), tonnes) * 1000, 0)
    all_in = (chance.random(n) < 0.1).tolist()
    country, place = companies["country"][owner], companies["buys"][owner].tolist()
    write(
        Need,
        {
            **shared(draw, drawn, ids, tonnes, "N", factor=1.0, added=150),
            "company_id": companies["ids"][owner].tolist(),
            "smallest_share_kg": [kg or None for kg in share.tolist()],
            "price_basis": ["all_in" if is_all_in else "at_incoterm" for is_all_in in all_in],
            "incoterm": [
                "" if is_all_in else ("CIF", "DAP")[at] for is_all_in, at in zip(all_in, country, strict=True)
            ],
            "named_place_id": [None if is_all_in else at for is_all_in, at in zip(all_in, place, strict=True)],
            "destination_id": place,
            "window_from": first,
            "window_until": last,
            "accepted_origins": "{}",
            "excluded_origins": "{}",
        },
        n,
        tell,
    )
    width = chance.choice(len(WIDTHS), n, p=list(WIDTHS.values()))
    accepted = [(need, node, 0) for need, node in zip(ids.tolist(), node_of(goods, drawn, width), strict=True)]
    other = goods.first_of_heading[drawn] + chance.integers(0, 1 << 30, n) % goods.n_of_heading[drawn]
    second = np.flatnonzero((chance.random(n) < TWO_GOODS) & (other != drawn))
    accepted += [(int(ids[row]), int(goods.id[other[row]]), 1) for row in second.tolist()]
    write_pairs(NeedCommodity, ("need_id", "commodity_id", "position"), accepted, tell)
    asks = np.argwhere(chance.random((n, len(draw.reference.certificates))) < 0.1).tolist()
    write_pairs(
        Need.required_certificates.through,
        ("need_id", "certificatekind_id"),
        ((ids[row], draw.reference.certificates[kind]) for row, kind in asks),
        tell,
    )
    write_parameters(NeedParameter, "need_id", draw.stated(drawn, 0.4), ids, tell)


def write_capacities(draw: Draw, companies: dict, tell: Told) -> None:
    m, chance, goods = draw.wanted.capacities, draw.chance, draw.reference.goods
    drawn, ids = draw.goods(m), reserve(Capacity, m)
    owner = owners(draw, companies, draw.sells_from_indonesia(drawn))
    first, last = draw.days(m, -30, 300, 60)
    country = companies["country"][owner].tolist()
    lots = chance.choice([5_000, 19_000, 20_000, 25_000], len(goods))  # of each good: it ships in boxes, or in wagons
    write(
        Capacity,
        {
            **shared(draw, drawn, ids, chance.integers(1, 100, m) * 5, "C", factor=1.0, added=0),
            "company_id": companies["ids"][owner].tolist(),
            "commodity_id": goods.id[drawn].tolist(),
            "origin_country": [COUNTRIES[at] for at in country],
            "lot_kg": draw.known(lots[drawn]),
            "lot_multiple_kg": [1000 if is_stepped else None for is_stepped in (chance.random(m) < 0.3).tolist()],
            "incoterm": [("FOB", "FCA")[at] for at in country],
            "place_id": companies["sells"][owner].tolist(),
            "available_from": first,
            "available_until": last,
            "lead_days": draw.known(chance.integers(0, 30, m)),
        },
        m,
        tell,
    )
    write_parameters(CapacityParameter, "capacity_id", draw.stated(drawn, 0.7), ids, tell)


def shared(draw: Draw, goods: np.ndarray, ids: np.ndarray, tonnes: np.ndarray, letter: str, *, factor, added) -> dict:
    price = draw.prices(goods, factor, added)
    return {
        "id": ids.tolist(),
        "reference": [f"{letter}-{number}" for number in range(1, len(ids) + 1)],
        "quantity_kg": (tonnes * 1000).tolist(),
        "quantity_typed": tonnes.tolist(),
        "quantity_unit": "t",
        "period": draw.is_monthly(len(ids)),
        "price_amount": price,
        "price_currency": ["" if amount is None else "USD" for amount in price],
        "price_unit": ["" if amount is None else "t" for amount in price],
        "payment_terms": draw.terms(len(ids)),
        "status": ListingStatus.OPEN.value,
    }


def write_parameters(model, owner: str, stated: list[tuple], ids: np.ndarray, tell: Told) -> None:
    rows = ((ids[row], *said) for row, *said in stated)
    write_pairs(model, (owner, "parameter_id", "low", "high", "values"), rows, tell)
