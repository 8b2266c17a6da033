"""The listings of a day as columns of the engine. A fixed number of queries, none of which makes a Python row."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from django.db import connection

from corridor.enums import Country
from corridor.models import Place
from matching.engine.market import FAR_FUTURE, FAR_PAST, Capacities, Needs
from matching.services.columns import sql
from matching.services.columns.slots import month_slots
from matching.services.copying import read_columns
from matching.services.trips import Arrival, Departure, arrival_of, departure_of
from matching.services.vocabulary import Vocabulary, catalogued

Table = dict[str, np.ndarray]


@dataclass(frozen=True)
class Columns:
    """Both sides of the book, and between which points their goods may go."""

    words: Vocabulary
    needs: Needs
    capacities: Capacities
    departures: list[Departure]
    arrivals: list[Arrival]
    headings_of_need: tuple[np.ndarray, np.ndarray]  # row, heading: see `sql.heading`
    heading_of_capacity: np.ndarray


def read_columns_of_book(needs: sql.InBook, capacities: sql.InBook, rates: Mapping[str, Decimal]) -> Columns:
    """The book by COPY. `rates`: currency -> USD, as prices of the day are compared."""
    countries = tuple(sorted({*Country.values, *destinations(needs)}))
    wanted, offered = answer(sql.listings(needs, rates, countries)), answer(sql.listings(capacities, rates, countries))
    value_sets, numbers = read_value_sets(needs, capacities)
    asked, stated = answer(sql.parameters(needs, numbers)), answer(sql.parameters(capacities, numbers))
    words = Vocabulary(countries=countries, value_sets=value_sets, **catalogued())
    accepted = answer(sql.accepted(needs))
    arrivals, arrival = arrivals_of(wanted)
    departures, departure = departures_of(offered)
    accepted_of = rows_of(wanted, accepted)
    return Columns(
        words=words,
        needs=Needs(
            **of_both_sides(needs, wanted, words),
            country=wanted["country"],
            accepted_of=accepted_of,
            accepted_lo=accepted["lo"],
            accepted_hi=accepted["hi"],
            accepts_origin=stacked(wanted, "origin", len(countries)),
            window_from=wanted["window_from"],
            window_until=wanted["window_until"],
            **slots_of(needs, wanted, "window"),
            smallest_share_kg=wanted["smallest_share_kg"],
            limit_usd_per_t=wanted["price"],
            requires=required(needs, wanted, words),
            **parameters_of("asked", wanted, asked, words),
            pays_by=stacked(wanted, "term", len(words.terms)),
            arrival=arrival,
        ),
        capacities=Capacities(
            **of_both_sides(capacities, offered, words),
            country=np.array([countries.index(code) for code in sql.ORIGINS], np.int64)[offered["origin"]],
            node_lo=offered["node_lo"],
            node_hi=offered["node_hi"],
            available_from=offered["available_from"],
            available_until=offered["available_until"],
            **slots_of(capacities, offered, "available"),
            lead_days=offered["lead_days"],
            lot_kg=offered["lot_kg"],
            multiple_kg=offered["multiple_kg"],
            ask_usd_per_t=offered["price"],
            **parameters_of("offered", offered, stated, words),
            paid_by=stacked(offered, "term", len(words.terms)),
            departure=departure,
            is_micro=offered["is_micro"],
        ),
        departures=departures,
        arrivals=arrivals,
        headings_of_need=(accepted_of, accepted["heading"]),
        heading_of_capacity=offered["heading"],
    )


def answer(asked: sql.Asked) -> Table:
    return read_columns(asked.query, asked.parameters, asked.types)


def rows_of(listings: Table, entries: Table) -> np.ndarray:
    """To which row each entry belongs: listings stand in the order of their numbers."""
    return np.searchsorted(listings["id"], entries["listing"]).astype(np.int64)


def stacked(table: Table, name: str, width: int) -> np.ndarray:
    return np.stack([table[f"{name}_{number}"] for number in range(width)], axis=1)


# --- the words


def destinations(needs: sql.InBook) -> list[str]:
    in_book, parameters = needs.query()
    return fetched(
        f"SELECT DISTINCT place.country FROM ({in_book}) book JOIN companies_need one ON one.id = book.id"
        " JOIN corridor_place place ON place.id = one.destination_id",
        parameters,
    )


def read_value_sets(*books: sql.InBook) -> tuple[tuple[frozenset[str], ...], dict[str, int]]:
    """The sets of values that are asked or offered, and the number of each by the text that PostgreSQL makes of it."""
    texts: dict[str, list[str]] = {}
    for book in books:
        in_book, parameters = book.query()
        query = (
            f"SELECT DISTINCT stated.values::text, stated.values FROM ({in_book}) book"
            f" JOIN companies_{book.side}parameter stated ON stated.{book.side}_id = book.id"
            " WHERE stated.values <> '{}'"
        )
        with connection.cursor() as cursor:
            cursor.execute(query, parameters)
            texts |= dict(cursor.fetchall())
    sets = tuple(sorted({frozenset(values) for values in texts.values()}, key=sorted))
    number_of = {values: number for number, values in enumerate(sets)}
    return sets, {text: number_of[frozenset(values)] for text, values in texts.items()}


def fetched(query: str, parameters: list) -> list:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return [value for (value,) in cursor.fetchall()]


def numbered(keys: np.ndarray, number_of: Mapping[int, int]) -> np.ndarray:
    """Primary keys as numbers of columns."""
    known = np.array(sorted(number_of), np.int64)
    numbers = np.array([number_of[key] for key in known.tolist()], np.int64)
    return numbers[np.searchsorted(known, keys)] if len(keys) else np.zeros(0, np.int64)


# --- what both sides say


def of_both_sides(book: sql.InBook, table: Table, words: Vocabulary) -> Table:
    shape = len(table["id"]), len(words.kinds)
    state, first = np.zeros(shape, np.int8), np.full(shape, FAR_PAST, np.int64)
    last = np.full(shape, FAR_FUTURE, np.int64)
    # What is said of one capacity stands above what is said of the whole company.
    for own in (False, True) if book.side == "capacity" else (False,):
        said = answer(sql.certificates(book, own=own))
        place = rows_of(table, said), numbered(said["kind"], words.kind_of)
        state[place], first[place], last[place] = said["state"], said["first"], said["last"]
    return {
        "id": table["id"],
        "company": table["company"],
        "is_active": table["is_active"],
        "screening": table["screening"].astype(np.int8),
        "trust": table["trust"] / 10,
        "certificate": state,
        "certificate_from": first,
        "certificate_until": last,
    }


def required(book: sql.InBook, table: Table, words: Vocabulary) -> np.ndarray:
    wanted, found = np.zeros((len(table["id"]), len(words.kinds)), bool), answer(sql.required(book))
    wanted[rows_of(table, found), numbered(found["kind"], words.kind_of)] = True
    return wanted


def slots_of(book: sql.InBook, table: Table, days: str) -> Table:
    taken = answer(sql.commitments(book))
    return month_slots(
        table[f"{days}_from"],
        table[f"{days}_until"],
        table["quantity_kg"],
        table["is_monthly"],
        (rows_of(table, taken), taken["month"], taken["kg"]),
    )


def parameters_of(name: str, table: Table, stated: Table, words: Vocabulary) -> Table:
    row, parameter = rows_of(table, stated), numbered(stated["key"], words.parameter_of)
    order = np.lexsort((parameter, row))
    columns = {"of": row, "parameter": parameter, "low": stated["low"], "high": stated["high"], "set": stated["set"]}
    if name == "offered":
        columns["is_choice"] = stated["is_choice"]
    return {f"{name}_{column}": values[order] for column, values in columns.items()}


# --- the points


def arrivals_of(table: Table) -> tuple[list[Arrival], np.ndarray]:
    """The distinct points that limit prices speak of, and which one each need names."""
    told = np.stack([table[name] for name in ("is_all_in", "incoterm", "named_place", "destination")], axis=1)
    distinct, place = np.unique(told, axis=0, return_inverse=True)
    places = read_places(distinct[:, 2:])
    return in_order(
        [
            arrival_of(
                {
                    "price_basis": sql.PriceBasis.ALL_IN if all_in else "",
                    "incoterm": "" if term < 0 else sql.INCOTERMS[term],
                    "named_place__code": places[named][0] if named else None,
                    "destination__code": places[destination][0],
                    "destination__country": places[destination][1],
                }
            )
            for all_in, term, named, destination in distinct.tolist()
        ],
        place,
    )


def departures_of(table: Table) -> tuple[list[Departure], np.ndarray]:
    """The distinct points and terms at which goods are offered, and which one each capacity names."""
    names = ("commodity", "origin", "incoterm", "place", "home", "lot_kg", "unit_kg")
    distinct, place = np.unique(np.stack([table[name] for name in names], axis=1), axis=0, return_inverse=True)
    places = read_places(distinct[:, 3:5])
    return in_order(
        [
            departure_of(
                {
                    "commodity_id": commodity,
                    "origin_country": sql.ORIGINS[origin],
                    "incoterm": "" if term < 0 else sql.INCOTERMS[term],
                    "place__code": places[named][0],
                    "company__place__code": places[home][0] if home else None,
                    "company__place__country": places[home][1] if home else None,
                    "lot_kg": max(lot, 0),
                    "net_kg_per_transport_unit": unit,
                }
            )
            for commodity, origin, term, named, home, lot, unit in distinct.tolist()
        ],
        place,
    )


def read_places(keys: np.ndarray) -> dict[int, tuple[str, str]]:
    found = Place.objects.filter(pk__in=np.unique(keys).tolist()).values_list("pk", "code", "country")
    return {pk: (code, country) for pk, code, country in found}


def in_order(points: list, place: np.ndarray) -> tuple[list, np.ndarray]:
    """Points each once and sorted, and the number of each row's point."""
    distinct = sorted(set(points))
    number_of = {point: number for number, point in enumerate(distinct)}
    numbers = np.array([number_of[point] for point in points], np.int64)
    return distinct, numbers[place.reshape(-1)] if len(points) else np.zeros(0, np.int64)
