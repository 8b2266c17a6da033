"""Landed cost: every Incoterm, line by line, and what must hold for all of them."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.engine.charges import Charge
from corridor.engine.duties import DutyLine
from corridor.engine.landed import ALL_IN, Landed, Levy, Point, Share, Terms, landed_cost
from corridor.engine.network import Hop
from corridor.engine.routes import Route

E4 = 10_000
PORT, CHINA, BORDER, TOWN = "PORT", "CHINA", "BORDER", "TOWN"
TERRITORY = {PORT: "ID", CHINA: "CN", BORDER: "EAEU", TOWN: "EAEU"}
STOPS = (PORT, CHINA, BORDER, TOWN)
MODES = ("sea", "rail", "rail")
FREIGHT = (100, 60, 20)  # USD per tonne of each leg


def charge(kind, at, usd) -> Charge:
    e4 = None if usd is None else int(usd * E4)
    return Charge(kind, at, "20FLX", e4, e4)


def route_to(place: str, freight=FREIGHT, terminal=5) -> Route:
    """Fitting 20, terminals 5, then sea and rail along the stops up to a place."""
    n = STOPS.index(place)
    hops = tuple(Hop(f"L{i}", STOPS[i], STOPS[i + 1], MODES[i], "20FLX", 1, 2) for i in range(n))
    charges = [charge("fitting", PORT, 20), charge("terminal", PORT, terminal)]
    for i, hop in enumerate(hops):
        if i == 1:
            charges.append(charge("terminal", CHINA, terminal))
        charges.append(charge("leg", hop.leg, freight[i]))
    charges.append(charge("terminal", place, terminal))
    return Route(hops, tuple(charges), n, 2 * n, None, 0, None, None)


def terms(freight=FREIGHT, **facts) -> Terms:
    known = {
        "route": lambda origin, place: route_to(place, freight) if origin == PORT and place != PORT else None,
        "loading": lambda place: (charge("fitting", place, 20), charge("terminal", place, 5)),
        "territory_of": TERRITORY,
        "duties": (DutyLine("T1", Fraction(3, 100)),),
        "premiums": {
            "A": Share(Fraction(4, 1000), Fraction(4, 1000)),
            "C": Share(Fraction(2, 1000), Fraction(2, 1000)),
        },
    }
    return Terms(**(known | facts))


def landed(asked: str, limit: str, known: Terms | None = None) -> Landed:
    """From "FOB PORT" to "DAP TOWN"."""
    return landed_cost(Point(*asked.split()), Point(*limit.split()), PORT, known or terms())


def told(found: Landed, price=1000) -> list[tuple]:
    return [
        (
            line.kind,
            line.at,
            None if line.low is None else float((-1 if line.is_taken_out else 1) * line.high.at(price)),
        )
        for line in found.lines
    ]


def total(found: Landed, price=1000) -> tuple[float, float] | None:
    return None if found.low is None else (round(float(found.low.at(price)), 4), round(float(found.high.at(price)), 4))


def test_price_fob_is_carried_to_the_buyers_place_line_by_line():
    found = landed("FOB PORT", "CPT TOWN")

    assert told(found) == [
        ("price", "", 1000),
        ("leg", "L0", 100),
        ("terminal", "CHINA", 5),
        ("leg", "L1", 60),
        ("leg", "L2", 20),
    ]
    assert total(found) == (1185, 1185)


# With every cost known: what a price of 1,000 at one point is at another. The premium on 1,185 at 0.4 % and ten percent
# is 1185 x 0.0044 / 0.9956 = 5.2371; the customs value is 1,185 less the 20 behind the border, and the premium.
PREMIUM = 1185 * 0.0044 / 0.9956
DUTY = 0.03 * (1185 - 20 + PREMIUM)
MOVES = {
    ("EXW PORT", "EXW PORT"): 1000,
    ("FCA PORT", "FAS PORT"): 1000,
    ("FCA PORT", "FOB PORT"): 1025,
    ("FOB PORT", "FCA PORT"): 975,
    ("FOB PORT", "CFR CHINA"): 1100,
    ("FOB PORT", "CIF CHINA"): 1100 + 1100 * 0.0022 / 0.9978,
    ("FCA PORT", "CPT TOWN"): 1210,
    ("FOB PORT", "CIP TOWN"): 1185 + PREMIUM,
    ("FOB PORT", "DAP TOWN"): 1185 + PREMIUM,
    ("FOB PORT", "DPU TOWN"): 1190 + 1190 * 0.0044 / 0.9956,
    ("FOB PORT", "DDP TOWN"): 1185 + PREMIUM + DUTY,
    ("CPT TOWN", "CPT TOWN"): 1000,
    ("CPT TOWN", "DAP TOWN"): 1000 / 0.9956,
    ("DAP TOWN", "CIP TOWN"): 1000,
    ("DAP TOWN", "DPU TOWN"): 1005,
    ("DPU TOWN", "DAP TOWN"): 995,
    ("CPT TOWN", "FOB PORT"): 815,
    ("CPT TOWN", "FCA PORT"): 790,
    ("CIP TOWN", "CPT TOWN"): 1000 - 4.4,
    ("CFR CHINA", "CPT TOWN"): 1085,
    ("CIF CHINA", "CFR CHINA"): 1000 - 2.2,
    ("DDP TOWN", "DDP TOWN"): 1000,
    ("DDP TOWN", f"{ALL_IN} TOWN"): 1005,
}


@pytest.mark.parametrize(
    ("points", "usd"), MOVES.items(), ids=lambda value: " to ".join(value) if type(value) is tuple else ""
)
def test_price_is_moved_between_any_two_terms(points, usd):
    assert total(landed(*points)) == (round(usd, 4), round(usd, 4))


def test_limit_all_in_holds_unloading_and_duty_and_shows_vat_beside():
    found = landed("FOB PORT", f"{ALL_IN} TOWN", terms(vat=Share(Fraction(16, 100), Fraction(16, 100))))
    premium = 1190 * 0.0044 / 0.9956
    value = 1190 + premium - 25  # the last leg and the terminal lie behind the border

    assert total(found) == (round(1190 + premium + 0.03 * value, 4),) * 2
    assert [round(float(end.at(1000)), 4) for end in found.vat] == [round(0.16 * 1.03 * value, 4)] * 2


def test_duty_on_a_price_at_the_place_itself_leaves_out_what_lies_behind_the_border():
    assert total(landed("DAP TOWN", "DDP TOWN")) == (round(1000 + 0.03 * 980, 4),) * 2


@pytest.mark.parametrize(
    ("asked", "limit", "usd"),
    [
        ("EXW PORT", "FCA PORT", 1120),
        ("FCA PORT", "EXW PORT", 880),
        ("EXW PORT", "FOB PORT", 1145),
        ("FCA PORT", "FOB PORT", 1025),
    ],
)
def test_export_levy_is_due_on_a_price_ex_works_alone(asked, limit, usd):
    levy = Levy(Fraction(120), Fraction(120), ("T571",))

    assert total(landed(asked, limit, terms(export=levy))) == (usd, usd)


def test_levy_that_is_due_and_not_known_leaves_a_lower_bound_and_none_the_other_way():
    unknown = terms(export=Levy(None, None))
    there, back = landed("EXW PORT", "FOB PORT", unknown), landed("FOB PORT", "EXW PORT", unknown)

    assert (total(there), there.at_least.at(1000)) == (None, 1025)
    assert (total(back), back.at_least) == (None, None)


DUTIES = {
    "by value": ((DutyLine("T", Fraction(5, 100)),), (50, 50)),
    "at least so much a tonne": ((DutyLine("T", Fraction(5, 100), Fraction(140), "minimum"),), (140, 140)),
    "at least so much, which is less": ((DutyLine("T", Fraction(5, 100), Fraction(10), "minimum"),), (50, 50)),
    "by value and so much a tonne": ((DutyLine("T", Fraction(5, 100), Fraction(10), "plus"),), (60, 60)),
    "so much a tonne alone": ((DutyLine("T", Fraction(0), Fraction(70), "only"),), (70, 70)),
    "free": ((DutyLine("T", Fraction(0)),), (0, 0)),
    "a range of lines": ((DutyLine("T", Fraction(0)), DutyLine("U", Fraction(3, 100))), (0, 30)),
    "a range of kinds": (
        (DutyLine("T", Fraction(5, 100), Fraction(140), "minimum"), DutyLine("U", Fraction(8, 100))),
        (50, 140),
    ),
    "a preference whose rate is not known": ((DutyLine("T", Fraction(5, 100), rate_from=Fraction(0)),), (0, 50)),
}


@pytest.mark.parametrize(("duties", "usd"), DUTIES.values(), ids=DUTIES)
def test_duty_is_the_range_of_the_lines_that_may_apply(duties, usd):
    free_way = terms(freight=(0, 0, 0), duties=duties, premiums={"A": Share(Fraction(0), Fraction(0))})
    found = landed("DAP TOWN", "DDP TOWN", free_way)

    assert total(found) == (1000 + usd[0], 1000 + usd[1])


@pytest.mark.parametrize(
    ("packing_kg", "usd"), [(19_900, (30, 30)), (20_000, (30, 30)), (20_100, (0, 0)), (None, (0, 30))]
)
def test_packing_picks_the_line_of_palm_oil(packing_kg, usd):
    duties = (
        DutyLine("T0107", Fraction(3, 100), packing_up_to_kg=20_000),
        DutyLine("T0108", Fraction(0), packing_over_kg=20_000),
    )
    known = terms(freight=(0, 0, 0), duties=duties, packing_kg=packing_kg)

    assert total(landed("DAP TOWN", "DDP TOWN", known)) == (1000 + usd[0], 1000 + usd[1])


UNKNOWN = {
    "a leg nobody quoted": (("FOB PORT", "CPT TOWN"), terms(freight=(100, None, 20)), 1125),
    "no route": (("FOB PORT", "CPT TOWN"), terms(route=lambda origin, place: None), 1000),
    "no premium": (("FOB PORT", "CIP TOWN"), terms(premiums={}), 1185),
    "no line of the tariff": (("FOB PORT", "DDP TOWN"), terms(duties=()), 1185 + PREMIUM),
    "a leg on the way back": (("CPT TOWN", "FOB PORT"), terms(freight=(100, None, 20)), None),
    "duty in a price for another place": (("DDP BORDER", "DDP TOWN"), terms(), None),
    "duty in a price, none in the limit": (("DDP TOWN", "DAP TOWN"), terms(), None),
    "duty in a price, none in a limit elsewhere": (("DDP BORDER", "CPT TOWN"), terms(), None),
}


@pytest.mark.parametrize(("points", "known", "at_least"), UNKNOWN.values(), ids=UNKNOWN)
def test_what_is_not_known_makes_the_total_not_known_and_at_least_the_rest(points, known, at_least):
    found = landed(*points, known)

    assert total(found) is None
    assert (found.at_least and round(float(found.at_least.at(1000)), 4)) == (at_least and round(at_least, 4))


def test_what_both_prices_hold_need_not_be_known():
    assert total(landed("CIP TOWN", "DPU TOWN", terms(freight=(None, None, None)))) == (1005, 1005)


@pytest.mark.parametrize(("asked", "limit"), [("ALL", "DAP"), ("DAP", "XYZ"), (ALL_IN, "DAP")])
def test_term_that_is_none_is_refused(asked, limit):
    with pytest.raises(ValueError, match="no landed cost"):
        landed(f"{asked} TOWN", f"{limit} TOWN")


PRICES = st.integers(0, 5000)
LEGS = st.tuples(*[st.integers(0, 300)] * 3)
POINTS = st.sampled_from(
    [(term, PORT) for term in ("EXW", "FCA", "FAS", "FOB")]
    + [(term, place) for term in ("CFR", "CIF", "CPT", "CIP", "DAP", "DPU") for place in (CHINA, BORDER, TOWN)]
)


@given(asked=POINTS, limit=POINTS | st.sampled_from([("DDP", TOWN), (ALL_IN, TOWN)]), price=PRICES, freight=LEGS)
def test_total_is_the_sum_of_its_lines(asked, limit, price, freight):
    found = landed_cost(Point(*asked), Point(*limit), PORT, terms(freight, export=Levy(Fraction(50), Fraction(80))))

    plus = [line for line in found.lines if not line.is_taken_out]
    minus = [line for line in found.lines if line.is_taken_out]
    low = sum(line.low.at(price) for line in plus) - sum(line.high.at(price) for line in minus)
    high = sum(line.high.at(price) for line in plus) - sum(line.low.at(price) for line in minus)
    assert (found.low.at(price), found.high.at(price)) == (low, high)


@given(asked=POINTS, limit=POINTS | st.sampled_from([("DDP", TOWN), (ALL_IN, TOWN)]), price=PRICES, freight=LEGS)
def test_total_never_falls_when_the_price_rises(asked, limit, price, freight):
    found = landed_cost(Point(*asked), Point(*limit), PORT, terms(freight))

    assert found.low.at(price) <= found.low.at(price + 1)
    assert found.high.at(price) <= found.high.at(price + 1)
    assert found.low.at(price) <= found.high.at(price)


@given(
    limit=st.sampled_from([("CPT", TOWN), ("DAP", TOWN), ("DDP", TOWN), (ALL_IN, TOWN)]),
    freight=LEGS,
    leg=st.integers(0, 2),
)
def test_total_from_the_origin_never_falls_when_a_rate_rises(limit, freight, leg):
    dearer = tuple(usd + (i == leg) for i, usd in enumerate(freight))
    found = [landed_cost(Point("FOB", PORT), Point(*limit), PORT, terms(rates)) for rates in (freight, dearer)]

    assert found[0].high.at(1000) <= found[1].high.at(1000)


@given(limit=st.sampled_from([("CPT", TOWN), ("DPU", TOWN), (ALL_IN, TOWN)]), price=PRICES, freight=LEGS)
def test_moving_the_point_of_the_price_along_the_route_moves_cost_and_leaves_the_sum(limit, price, freight):
    """A seller who hands over later asks for what the carriage costs more: the buyer pays the same in the end."""
    known = terms(freight)
    at_origin = landed_cost(Point("FCA", PORT), Point(*limit), PORT, known)
    for point in [
        Point("FOB", PORT),
        *(Point(term, place) for term in ("CFR", "CPT") for place in (CHINA, BORDER, TOWN)),
    ]:
        asked = landed_cost(Point("FCA", PORT), point, PORT, known).low.at(price)

        assert landed_cost(point, Point(*limit), PORT, known).low.at(asked) == at_origin.low.at(price)


@given(price=PRICES, freight=LEGS)
def test_insurance_taken_out_is_the_insurance_that_was_put_in(price, freight):
    known = terms(freight)
    cif = landed_cost(Point("FOB", PORT), Point("CIF", CHINA), PORT, known).low.at(price)

    assert landed_cost(Point("CIF", CHINA), Point("FOB", PORT), PORT, known).low.at(cif) == price


def test_lines_that_range_widen_the_total_both_ways():
    wide = replace(
        route_to(TOWN), charges=tuple(replace(one, high_e4=one.high_e4 + E4) for one in route_to(TOWN).charges)
    )
    known = terms(route=lambda origin, place: wide)

    assert total(landed("FOB PORT", "CPT TOWN", known)) == (1185, 1189)
    assert total(landed("CPT TOWN", "FOB PORT", known)) == (811, 815)
