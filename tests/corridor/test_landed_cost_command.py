"""Landed cost at the terminal, over the tables that ship: read as a person would read it."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db
ON = "--on=2026-11-25"


def landed_cost(*arguments: str) -> str:
    out = StringIO()
    call_command("landed_cost", *arguments, ON, stdout=out)
    return out.getvalue()


def test_landed_cost_tells_the_way_every_line_the_total_and_vat_beside_it(shipped):
    told = landed_cost("crude-palm-oil", "FOB IDKRG", "all_in KZALA", "--price=1000", "--unit-kg=19900")

    assert told.splitlines() == [
        "IDKRG - IDBPN - CNLYG - KZALA, 14 to 27 days",
        "+ price                                     1000.00",
        "+ leg L001 20FLX                               3.89  Q0004",
        "+ terminal IDBPN 20FLX                         5.38  Q1432",
        "+ leg L020 20FLX                              41.21  Q0218",
        "+ terminal CNLYG 20FLX                         5.67  Q1456",
        "+ leg L065 20FLX                             113.07  Q0710",
        "+ terminal KZALA 20FLX                         4.48  Q1474",
        "+ insurance                            3.89 to 6.49  P02",
        "+ import duty                        35.19 to 35.27  T0101",
        "= 1212.76 to 1215.45 USD per tonne",
        "VAT beside it, a matter of cash flow: 193.33 to 193.76 USD per tonne",
    ]


def test_landed_cost_says_what_is_not_known_and_at_least_what_the_rest_is(shipped):
    told = landed_cost("crude-palm-oil", "EXW IDKRG", "FCA IDKRG", "--price=1000").splitlines()

    assert told == [
        "+ price                                     1000.00",
        "+ export                                  not known  T0595",
        "= not known, at least 1000.00 USD per tonne",
    ]


def test_landed_cost_takes_a_price_of_arrival_back_to_its_origin_first(shipped):
    asked = ("vannamei-shrimp-frozen", "CIF CNLYG", "CFR CNLYG", "--origin=IDBPN", "--price=7000")

    assert landed_cost(*asked).splitlines()[1:] == [
        "+ price                                     7000.00",
        "- insurance                          11.55 to 19.25  P01",
        "= 6980.75 to 6988.45 USD per tonne",
    ]


def test_landed_cost_for_programs_says_the_same(shipped):
    found = json.loads(landed_cost("ferronickel", "FOB IDBPN", "FOB IDBPN", "--price=1500.5", "--json"))

    assert found == {
        "lines": [
            {
                "for": "price",
                "at": "",
                "equipment": "",
                "is_taken_out": False,
                "usd_per_t": ["1500.50", "1500.50"],
                "sources": [],
            }
        ],
        "usd_per_t": ["1500.50", "1500.50"],
        "at_least_usd_per_t": "1500.50",
        "vat_usd_per_t": None,
        "places": [],
        "days": [0, 0],
    }


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (("dreams", "FOB IDBPN", "DAP KZALA", "--price=1"), "There is no tradable commodity 'dreams'"),
        (("ferronickel", "FOB NOWHERE", "DAP KZALA", "--price=1"), "There is no place 'NOWHERE'"),
        (("ferronickel", "FUB IDBPN", "DAP KZALA", "--price=1"), 'a point looks like "FOB IDKRG"'),
        (("ferronickel", "FOB IDBPN", "DAP KZALA", "--price=cheap"), "argument --price: "),
        (("ferronickel", "FOB IDBPN", "DAP KZALA", "--price=-1"), "argument --price: "),
        (("ferronickel", "FOB IDBPN", "DAP KZALA", "--price=1.500"), "1500 or as 1.5"),
        (("ferronickel", "all_in KZALA", "DAP KZALA", "--price=1"), "no landed cost from all_in"),
    ],
    ids=["goods", "place", "term", "no number", "below zero", "two readings", "asked all-in"],
)
def test_landed_cost_refuses_what_makes_no_sense(shipped, arguments, refusal):
    with pytest.raises(CommandError, match=refusal):
        landed_cost(*arguments)
