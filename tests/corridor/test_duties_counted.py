"""Which national lines count: a choice narrows, the packing still decides, a preference never raises."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from corridor.customs import Counted, Tariffs
from corridor.engine.affine import amount
from corridor.engine.duties import DutyLine, least_duty, most_duty, under_preference
from corridor.engine.landed import Terms, duty_line
from corridor.models import DutyChoice, Tariff
from tests.corridor.tariffs import tariff
from tests.factories import CommodityFactory

DAY = dt.date(2026, 11, 25)
EURO = Decimal("1.17")
SHORT, FULL = 19_900, 20_100  # kg in a flexitank, around the threshold of 20,000 kg


@pytest.fixture
def olein(db):
    return CommodityFactory(code="rbd-palm-olein", hs_code="151190", name_en="RBD palm olein")


def pick(commodity, line: Tariff) -> DutyChoice:
    return DutyChoice.objects.create(
        commodity=commodity, market=line.market, tariff=line, reason="a ruling", source="letter 4"
    )


def counted(commodity) -> Counted:
    return Tariffs(DAY, EURO).counted(commodity, "KZ")


def codes(lines) -> list[str]:
    return [line.national_code for line in lines]


def test_picked_line_stands_instead_of_the_range(olein):
    tariff("1511901100"), tariff("1511901902")
    line = tariff("1511909100", condition="technical or industrial use, not for food")
    choice = pick(olein, line)

    found = counted(olein)

    assert (codes(found.lines), found.why, found.choice) == (["1511909100"], "chosen", choice)
    assert codes(found.all_lines) == ["1511901100", "1511901902", "1511909100"]


def test_choice_of_other_goods_and_of_another_market_counts_for_nobody_else(olein):
    first, second = tariff("1511901100"), tariff("1511901902", ad_valorem_pct=0)
    pick(CommodityFactory(code="rbd-palm-stearin", hs_code="151190"), first)
    pick(olein, tariff("15119031", market="ID"))

    assert (codes(counted(olein).lines), counted(olein).why) == (codes([first, second]), "range")


@pytest.mark.parametrize(
    ("others", "why"),
    [
        ([], "only"),
        ([{}], "same"),
        ([{}, {"ad_valorem_pct": 4}], "range"),
        ([{"preference_scheme": "I-EAEU FTA"}], "range"),
        ([{"specific_eur": 1, "specific_unit": "kg", "specific_rule": "minimum"}], "range"),
    ],
)
def test_lines_that_ask_for_the_same_need_nobody_to_pick(olein, others, why):
    tariff("1511901100")
    for number, facts in enumerate(others):
        tariff(f"151190190{number}", **facts)

    assert counted(olein).why == why


def test_lines_without_a_rate_are_never_called_the_same(olein):
    tariff("1511901100", ad_valorem_pct=None), tariff("1511901902", ad_valorem_pct=None)

    assert counted(olein).why == "range"
    assert Tariffs(DAY, EURO).customs(olein, "ID", "KZ").duties == ()


def test_choice_of_a_line_that_expired_says_so_and_leaves_the_range(olein):
    lines = [tariff("1511901100"), tariff("1511901902", ad_valorem_pct=0)]
    choice = pick(olein, tariff("1511909908", valid_to=DAY - dt.timedelta(1)))

    found = counted(olein)

    assert (codes(found.lines), found.why, found.choice, found.lapsed) == (codes(lines), "range", None, choice)


@pytest.mark.parametrize("picked", ["1511909902", "1511909908"])
@pytest.mark.parametrize(
    ("packing", "left"),
    [(SHORT, ["1511909902"]), (FULL, ["1511909908"]), (None, ["1511909902", "1511909908"])],
)
def test_packing_decides_between_the_lines_of_the_same_goods_whichever_was_picked(olein, picked, packing, left):
    packed = tariff("1511909902", packing_up_to_kg=20_000)
    bulk = tariff("1511909908", ad_valorem_pct=0, packing_over_kg=20_000)
    tariff("1511901902", packing_up_to_kg=20_000), tariff("1511901100")
    choice = pick(olein, {packed.national_code: packed, bulk.national_code: bulk}[picked])

    customs = Tariffs(DAY, EURO).customs(olein, "ID", "KZ")
    terms = Terms(route=lambda start, end: None, territory_of={}, duties=customs.duties, packing_kg=packing)
    line = duty_line((amount(Fraction(1000)), amount(Fraction(1000))), terms)

    by_code = {row.code: row.national_code for row in (packed, bulk)}
    assert [by_code[code] for code in line.sources if code in by_code] == left
    assert [code for code in line.sources if code not in by_code] == [choice.code]
    assert counted(olein).packing_decides


def test_usual_line_in_packings_picked_again_stays_alone(olein):
    packed = tariff("1511909902", packing_up_to_kg=20_000, is_usual=True)
    tariff("1511909908", packing_over_kg=20_000)
    pick(olein, packed)

    assert codes(counted(olein).lines) == ["1511909902"]


def test_customs_name_the_choice_beside_the_line(olein):
    line = tariff("1511901100")
    tariff("1511901902")
    choice = pick(olein, line)

    found = Tariffs(DAY, EURO).customs(olein, "ID", "KZ")

    assert (found.choice, [duty.sources for duty in found.duties]) == (choice, [(line.code, choice.code)])


def test_picked_line_without_a_rate_leaves_the_duty_not_known(olein):
    tariff("1511901100")
    pick(olein, tariff("1511901902", ad_valorem_pct=None))

    assert Tariffs(DAY, EURO).customs(olein, "ID", "KZ").duties == ()


def test_preferences_may_be_taken_for_granted_whatever_is_switched(olein):
    line = tariff(preference_scheme="I-EAEU FTA", preference_pct=1)

    (switched,) = Tariffs(DAY, EURO).customs(olein, "ID", "KZ").duties
    (granted,) = Tariffs(DAY, EURO, preferred={"I-EAEU FTA"}).customs(olein, "ID", "KZ").duties

    assert (switched, granted) == (DutyLine(line.code, Fraction(3, 100)), DutyLine(line.code, Fraction(1, 100)))


# --- properties

percents = st.integers(0, 30).map(Decimal)
amounts = st.integers(1, 5).map(Decimal)
RULES = ("", "minimum", "plus", "only")


@st.composite
def tariff_lines(draw) -> list[Tariff]:
    """National lines of one subheading, of a few goods, some of them split by packing."""
    found = []
    for number in range(draw(st.integers(1, 6))):
        rule = draw(st.sampled_from(RULES))
        packing = draw(st.sampled_from([{}, {"packing_up_to_kg": 20_000}, {"packing_over_kg": 20_000}]))
        found.append(
            Tariff(
                pk=number + 1,
                code=f"T{number}",
                national_code=f"1511909{draw(st.integers(0, 1))}0{number}",
                market="KZ",
                measure="import_duty_mfn",
                hs6="151190",
                ad_valorem_pct=None if rule == "only" else draw(percents),
                specific_eur=draw(amounts) if rule else None,
                specific_unit="kg" if rule else "",
                specific_rule=rule,
                is_usual=draw(st.booleans()),
                **packing,
            )
        )
    return found


def ends(lines: list[DutyLine], packing: int | None, value: Fraction) -> tuple[Fraction, Fraction] | None:
    """The lowest and highest duty on a value, as the engine finds it; None: not known."""
    terms = Terms(route=lambda start, end: None, territory_of={}, duties=lines, packing_kg=packing)
    line = duty_line((amount(value), amount(value)), terms)
    return None if line.low is None else (line.low.at(Fraction(0)), line.high.at(Fraction(0)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    rows=tariff_lines(),
    number=st.integers(0, 5),
    packing=st.sampled_from([None, SHORT, FULL]),
    value=st.integers(0, 5000).map(Fraction),
)
def test_choice_of_a_line_that_counts_never_widens_the_duty(olein, tariffs_of, rows, number, packing, value):
    tariffs = tariffs_of(rows)
    free = tariffs.counted(olein, "KZ")
    assume(number < len(free.lines))
    before = ends([tariffs.duty_line(line) for line in free.lines], packing, value)
    picked = free.lines[number]
    tariffs.choices = {(olein.pk, "KZ"): DutyChoice(pk=1, commodity=olein, market="KZ", tariff=picked)}

    chosen = tariffs.counted(olein, "KZ")
    after = ends([tariffs.duty_line(line, "DC1") for line in chosen.lines], packing, value)

    assert picked in chosen.lines
    assert set(codes(chosen.lines)) <= set(codes(free.lines))
    assert chosen.choice.pk == 1
    # Only where the packing contradicts the line is nothing known; it is never called zero.
    assert after is None or before[0] <= after[0] <= after[1] <= before[1]
    assert after is not None or not tariffs.duty_line(picked).may_be_for(packing)


@pytest.fixture
def tariffs_of(db):
    """The tariff of a day, its rows put in the place of the stored ones."""
    tariffs = Tariffs(DAY, EURO)

    def of(rows: list[Tariff]) -> Tariffs:
        tariffs.rows, tariffs.choices = rows, {}
        return tariffs

    return of


duty_lines = st.builds(
    lambda rate, specific, rule: DutyLine(
        "T1", Fraction(rate, 100) if rule != "only" else Fraction(0), Fraction(specific) if rule else None, rule
    ),
    st.integers(0, 30),
    st.integers(0, 300),
    st.sampled_from(RULES),
)


@given(
    lines=st.lists(duty_lines, min_size=1, max_size=4),
    rates=st.lists(st.none() | st.integers(0, 30).map(lambda rate: Fraction(rate, 100)), min_size=4, max_size=4),
    value=st.integers(0, 5000).map(Fraction),
)
def test_preference_lowers_a_duty_or_keeps_it_and_never_raises_it(lines, rates, value):
    preferred = [under_preference(line, rate) for line, rate in zip(lines, rates, strict=False)]

    before = (least_duty(lines, amount(value)).at(0), most_duty(lines, amount(value)).at(0))
    after = (least_duty(preferred, amount(value)).at(0), most_duty(preferred, amount(value)).at(0))

    assert 0 <= after[0] <= before[0]
    assert after[0] <= after[1] <= before[1]


@pytest.mark.parametrize(
    ("line", "rate", "preferred"),
    [
        (DutyLine("T1", Fraction(3, 100)), Fraction(1, 100), DutyLine("T1", Fraction(1, 100))),
        (DutyLine("T1", Fraction(3, 100)), Fraction(5, 100), DutyLine("T1", Fraction(3, 100))),
        (DutyLine("T1", Fraction(3, 100)), None, DutyLine("T1", Fraction(3, 100), rate_from=Fraction(0))),
        (
            DutyLine("T1", Fraction(0), Fraction(140), "only"),
            Fraction(5, 100),
            DutyLine("T1", Fraction(0), Fraction(140), "only", rate_from=Fraction(0)),
        ),
        (
            DutyLine("T1", Fraction(5, 100), Fraction(140), "minimum", picked_by="DC1"),
            Fraction(0),
            DutyLine("T1", Fraction(0), picked_by="DC1"),
        ),
    ],
    ids=[
        "cheaper",
        "dearer: nobody claims it",
        "rate not known",
        "hangs on the value",
        "instead of the higher of both",
    ],
)
def test_line_under_a_preference(line, rate, preferred):
    assert under_preference(line, rate) == preferred
