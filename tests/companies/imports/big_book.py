"""A large book for a trial, written by `big_book()`.

A thousand companies, two thousand needs and as many capacities; every tenth row is bad, in many ways.
"""

import datetime as dt

from tests.companies.books import table, workbook

FIRST, LAST = dt.date(2027, 1, 1), dt.date(2027, 9, 30)
BAD_COMPANIES = (
    {"registration_number": "1"},
    {"country": "Atlantis"},
    {"code": "not a code!"},
    {"name_registered": None},
    {"region": "Nowhere"},
    {"sectors": "palm_oil; stones"},
)
BAD_NEEDS = (
    {"quantity": "1.500"},
    {"commodities": "minyak ajaib"},
    {"window_until": "05/06/2027"},
    {"destination": "Kota Hilang"},
    {"parameters": "ffa<0.1"},
    {"unit": "sack"},
    {"price": 1200},
    {"certificates": "stamp"},
    {"window_from": dt.date(2028, 1, 1)},
    {"quantity": "-5"},
)
BAD_CAPACITIES = (
    {"commodity": "edible-palm"},
    {"quantity": None},
    {"place": "KZALA", "incoterm": "FOB"},
    {"lot": 900},
    {"available_from": 46186},
    {"own_words": "=1+1"},
    {"company": "nobody-here"},
    {"currency": "EUR€"},
    {"parameters": "iv 58-50"},
)


def companies(number: int) -> list[dict]:
    return [
        {
            "code": f"guest-{n}",
            "name_registered": f"PT Tamu {n}" if n % 2 else f"ТОО «Гость {n}»",
            "country": "ID" if n % 2 else "KZ",
            "registration_number": f"{9_000_000_000_000 + n}" if n % 2 else "",
            "region": "ID-64.71" if n % 2 else "KZ-75",
            "sectors": "palm_oil; other",
            "languages": "id" if n % 2 else "ru",
            "certificates": "haccp=unchecked" if n % 3 == 0 else "",
        }
        | _bad(BAD_COMPANIES, n)
        for n in range(number)
    ]


def needs(number: int, buyers: int) -> list[dict]:
    return [
        {
            "company": f"guest-{2 * n % buyers}",
            "reference": f"N-{n}",
            "commodities": "rbd-palm-olein; 1511",
            "own_words": f"Пальмовый олеин, партия {n}",
            "language": "ru",
            "quantity": 20 + n % 300,
            "unit": "t",
            "period": "monthly",
            "price": 1300,
            "currency": "USD",
            "price_unit": "t",
            "price_basis": "all_in",
            "destination": "KZALA",
            "window_from": FIRST,
            "window_until": LAST,
            "certificates": "halal_bpjph",
            "parameters": "ffa<=0.1; iv>=56",
        }
        | _bad(BAD_NEEDS, n)
        for n in range(number)
    ]


def capacities(number: int, sellers: int) -> list[dict]:
    return [
        {
            "company": f"guest-{(2 * n + 1) % sellers}",
            "reference": f"C-{n}",
            "commodity": "rbd-palm-olein",
            "own_words": f"Olein curah nomor {n}",
            "language": "id",
            "quantity": 40 + n % 500,
            "unit": "t",
            "period": "monthly",
            "lot": 20,
            "price": 1080,
            "currency": "USD",
            "price_unit": "t",
            "incoterm": "FOB",
            "place": "IDKRG",
            "available_from": FIRST,
            "available_until": LAST,
            "parameters": "ffa<=0.08; iv 56-58",
            "certificates": "halal_bpjph=unchecked",
        }
        | _bad(BAD_CAPACITIES, n)
        for n in range(number)
    ]


def _bad(ways: tuple[dict, ...], n: int) -> dict:
    return ways[n // 10 % len(ways)] if n % 10 == 7 else {}


def big_book(rows: int = 5_000) -> bytes:
    """A workbook of so many rows: one in five a company, the rest needs and capacities."""
    fifth = rows // 5
    return workbook(
        {
            "Companies": table(*companies(fifth)),
            "Needs": table(*needs(2 * fifth, fifth)),
            "Capacities": table(*capacities(2 * fifth, fifth)),
        }
    )
