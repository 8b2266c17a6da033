"""Which national lines may apply, what leaving costs, and what a switched preference changes."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from commodities.models import Commodity
from corridor.customs import Tariffs
from corridor.engine.duties import DutyLine
from corridor.engine.landed import Levy, Share
from corridor.models import Preference, Tariff
from tests.corridor.tariffs import tariff
from tests.factories import CommodityFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 25)
EURO = Decimal("1.17")


@pytest.fixture
def olein() -> Commodity:
    return CommodityFactory(code="rbd-palm-olein", hs_code="151190", name_en="RBD palm olein")


def customs(commodity: Commodity, origin="ID", destination="KZ", usd_per_eur=EURO):
    return Tariffs(DAY, usd_per_eur).customs(commodity, origin, destination)


def lines(commodity: Commodity, **facts) -> list[str]:
    return [line.code for line in customs(commodity, **facts).duties]


def test_duty_without_a_usual_line_is_every_line_but_those_for_technical_use(olein):
    tariff(condition="technical or industrial use, not for food", ad_valorem_pct=0)
    food, packed = tariff(ad_valorem_pct=0), tariff(ad_valorem_pct=5)
    tariff(market="ID"), tariff(hs6="151110"), tariff(measure="import_vat")

    assert lines(olein) == [food.code, packed.code]


def test_usual_line_stands_alone(olein):
    tariff()
    usual = tariff(is_usual=True)

    assert lines(olein) == [usual.code]


def test_usual_line_may_be_so_for_some_goods_alone(olein):
    tariff(is_usual=True, line_note="for: cooking-oil-packed; not solid fractions")
    here = tariff(is_usual=True, line_note="for: rbd-palm-oil;rbd-palm-olein; flexitank")

    assert lines(olein) == [here.code]


def test_usual_line_of_bulk_brings_the_line_of_the_same_goods_in_small_packings(olein):
    packed = tariff("1511909902", packing_up_to_kg=20_000)
    tariff("1511901902", packing_up_to_kg=20_000)  # solid fractions: other goods
    bulk = tariff("1511909908", ad_valorem_pct=0, is_usual=True, packing_over_kg=20_000)

    assert customs(olein).duties == (
        DutyLine(packed.code, Fraction(3, 100), packing_up_to_kg=20_000),
        DutyLine(bulk.code, Fraction(0), packing_over_kg=20_000),
    )


def test_usual_line_of_packings_stands_alone(olein):
    packed = tariff("1511909902", packing_up_to_kg=20_000, is_usual=True)
    tariff("1511909908", packing_over_kg=20_000)

    assert lines(olein) == [packed.code]


@pytest.mark.parametrize("days", [{"valid_to": DAY - dt.timedelta(1)}, {"valid_from": DAY + dt.timedelta(1)}])
def test_line_of_another_day_does_not_apply(olein, days):
    tariff(**days)

    assert lines(olein) == []


def test_specific_duty_is_turned_into_usd_per_tonne_at_the_rate_of_the_day(olein):
    line = tariff(ad_valorem_pct=5, specific_eur=Decimal("0.12"), specific_unit="kg", specific_rule="minimum")

    assert customs(olein).duties == (DutyLine(line.code, Fraction(5, 100), Fraction("140.4"), "minimum"),)


@pytest.mark.parametrize(
    "facts",
    [
        {"ad_valorem_pct": None},
        {"specific_eur": 1, "specific_unit": "pcs", "specific_rule": "minimum"},
    ],
    ids=["without a rate", "by the piece"],
)
def test_line_that_cannot_be_reckoned_leaves_the_duty_not_known(olein, facts):
    tariff(), tariff(**facts)

    assert lines(olein) == []


def test_specific_duty_without_a_rate_of_the_euro_is_not_known(olein):
    tariff(specific_eur=1, specific_unit="kg", specific_rule="only", ad_valorem_pct=None)

    assert lines(olein, usd_per_eur=None) == []


SCHEME = "I-EAEU FTA"


def switch(on: dt.date) -> None:
    Preference.objects.create(scheme=SCHEME, in_force_from=on, legal_reference="a law of a test")


@pytest.mark.parametrize(
    ("since", "pct", "rate", "rate_from"),
    [
        (DAY + dt.timedelta(1), None, Fraction(3, 100), None),
        (DAY, None, Fraction(3, 100), Fraction(0)),
        (DAY, 1, Fraction(1, 100), None),
    ],
    ids=["not yet in force", "in force, its rate not known", "in force"],
)
def test_preference_counts_from_the_day_it_was_switched_to(olein, since, pct, rate, rate_from):
    line = tariff(preference_scheme=SCHEME, preference_pct=pct)
    switch(since)

    assert customs(olein).duties == (DutyLine(line.code, rate, rate_from=rate_from),)


def export(measure: str, usd, condition="RBD palm olein", **facts) -> Tariff:
    named = {"market": "ID", "measure": measure, "condition": condition, "specific_usd_per_t": usd}
    return tariff("", ad_valorem_pct=None, **named, **facts)


def test_export_levy_is_the_sum_of_what_is_in_force_for_the_goods(olein):
    levy, duty = export("export_levy_bpdp", 64), export("export_duty", 12)
    export("export_duty", 52, condition="Crude palm oil")

    assert customs(olein).export == Levy(Fraction(76), Fraction(76), (levy.code, duty.code))


def test_export_levy_of_goods_that_the_tariff_does_not_name_is_the_range_of_the_subheading(olein):
    olein.name_en = "Palm superolein"
    codes = [export("export_levy_bpdp", usd, condition=name).code for usd, name in ((64, "A"), (81, "B"))]

    assert customs(olein).export == Levy(Fraction(64), Fraction(81), tuple(codes))


def test_export_levy_of_months_that_are_past_is_due_and_not_known(olein):
    export("export_duty", 12, valid_to=DAY - dt.timedelta(30))
    now = export("export_levy_bpdp", 64)

    assert customs(olein).export == Levy(None, None, (now.code,))


def test_export_levy_of_a_share_of_an_unknown_price_is_not_known(olein):
    line = export("export_levy_bpdp", None)

    assert customs(olein).export == Levy(None, None, (line.code,))


def test_goods_without_an_export_tariff_leave_free(olein):
    export("export_duty", 12, hs6="151110")

    assert customs(olein).export is None


def test_vat_is_told_beside_the_duty(olein):
    line = tariff("", hs6="", measure="import_vat", ad_valorem_pct=16)
    found = customs(olein)

    assert (found.vat, list(found.tariffs)) == (Share(Fraction(16, 100), Fraction(16, 100)), [line.code])
