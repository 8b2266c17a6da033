"""A corrected file corrects the database; what people entered or use is not swept away."""

import datetime as dt
from decimal import Decimal

import pytest

from commodities.models import CertificateKind, Commodity, CommodityGroup, Parameter
from companies.enums import Period
from companies.models import Company, Need
from corridor.models import Corridor, ExchangeRate, Place, Region, Requirement
from corridor.services.reference import load_reference
from tests.factories import ExchangeRateFactory, FreightQuoteFactory

pytestmark = pytest.mark.django_db


def counts_of(counts) -> dict:
    return {
        count.file: (count.new, count.changed, count.left_alone, count.removed, count.still_used)
        for count in counts
        if count.new or count.changed or count.left_alone or count.removed or count.still_used
    }


def test_a_corrected_cell_changes_its_row_and_no_other(files):
    load_reference(files.directory)
    pk = Place.objects.get(code="KZALA").pk
    files.set("places.csv", files.line_of("places.csv", "KZALA"), "name_kk", "Алматы қаласы")

    counts = load_reference(files.directory)

    assert counts_of(counts) == {"places.csv": (0, 1, 0, [], [])}
    assert list(Place.objects.filter(name_kk="Алматы қаласы").values_list("pk", "code")) == [(pk, "KZALA")]


def test_a_corrected_name_of_a_parameter_leaves_its_identity_and_limits(files):
    load_reference(files.directory)
    before = Parameter.objects.get(key="freezing")
    files.set("parameters.csv", files.line_of("parameters.csv", "freezing"), "name_kk", "Мұздату әдісі")

    counts = load_reference(files.directory)

    assert counts_of(counts) == {"parameters.csv": (0, 1, 0, [], [])}
    after = Parameter.objects.get(name_kk="Мұздату әдісі")
    assert (after.pk, after.uses.count()) == (before.pk, 4)


def test_a_parameter_that_no_limit_uses_any_more_goes_with_its_name(files):
    load_reference(files.directory)
    files.drop("parameters.csv", "nitrite")
    files.drop("commodity_specs.csv", "nitrite", column="param_key")

    counts = load_reference(files.directory)

    gone = {count.file: (len(count.removed), count.still_used) for count in counts if count.removed}
    assert gone == {"parameters.csv": (1, []), "commodity_specs.csv": (1, [])}
    assert not Parameter.objects.filter(key="nitrite").exists()


def test_a_new_good_moves_the_tree_and_keeps_every_identity(files):
    load_reference(files.directory)
    before = dict(Commodity.objects.values_list("code", "pk"))
    crude_oil = files.rows("commodities.csv")[files.line_of("commodities.csv", "crude-palm-oil") - 1]
    files.add("commodities.csv", ["crude-palm-oil-segregated", *crude_oil[1:]])

    load_reference(files.directory)

    after = dict(Commodity.objects.values_list("code", "pk"))
    added = Commodity.objects.get(code="crude-palm-oil-segregated")
    assert after == before | {"crude-palm-oil-segregated": added.pk}
    subheading = Commodity.objects.get(code="151110")
    assert list(Commodity.objects.within(subheading).values_list("code", flat=True)) == [
        "151110",
        "crude-palm-oil",
        "crude-palm-oil-segregated",
    ]


def test_a_good_is_as_sure_as_the_weakest_of_its_unit_facts(files):
    files.set("commodity_units.csv", 2, "confidence", "verified")  # density of crude palm oil; its box stays unsure
    files.set("commodity_units.csv", 4, "confidence", "verified")  # both facts of RBD palm oil
    files.set("commodity_units.csv", 5, "confidence", "secondary")

    load_reference(files.directory)

    sure = Commodity.objects.filter(code__in=["crude-palm-oil", "rbd-palm-oil"])
    assert dict(sure.values_list("code", "units_confidence")) == {
        "crude-palm-oil": "unsure",
        "rbd-palm-oil": "secondary",
    }


def test_what_vanished_from_the_file_and_is_used_stays_and_is_reported(files):
    kariangau = files.rows("places.csv")[files.line_of("places.csv", "IDKRG") - 1]
    files.add("places.csv", ["X-ID-OLD", *kariangau[1:]])
    files.add("places.csv", ["X-ID-ODD", *kariangau[1:]])
    load_reference(files.directory)
    old = Place.objects.get(code="X-ID-OLD")
    FreightQuoteFactory(at=old, source="a carrier")
    files.drop("places.csv", "X-ID-OLD")
    files.drop("places.csv", "X-ID-ODD")

    counts = load_reference(files.directory)

    assert counts_of(counts) == {"places.csv": (0, 0, 0, ["X-ID-ODD"], ["X-ID-OLD"])}
    assert list(Place.objects.filter(code__startswith="X-ID").values_list("code", flat=True)) == ["X-ID-OLD"]


def test_a_certificate_that_a_need_asks_for_stays(files):
    """A need would lose what it asks for without a word: the link alone does not hold the certificate."""
    haccp = files.rows("certificate_kinds.csv")[files.line_of("certificate_kinds.csv", "haccp") - 1]
    files.add("certificate_kinds.csv", ["haccp_old", *haccp[1:]])
    load_reference(files.directory)
    buyer = Company.objects.create(code="buyer", name_registered="Buyer", country="KZ")
    need = Need.objects.create(
        company=buyer,
        reference="1",
        quantity_kg=1000,
        quantity_typed=1,
        quantity_unit="t",
        period=Period.ONCE,
        destination=Place.objects.get(code="KZALA"),
        window_from=dt.date(2027, 1, 1),
        window_until=dt.date(2027, 2, 1),
    )
    need.required_certificates.add(CertificateKind.objects.get(code="haccp_old"))
    files.drop("certificate_kinds.csv", "haccp_old")

    counts = load_reference(files.directory)

    assert counts_of(counts) == {"certificate_kinds.csv": (0, 0, 0, [], ["haccp_old"])}
    assert [kind.code for kind in need.required_certificates.all()] == ["haccp_old"]


def test_what_vanished_goes_children_first(files):
    load_reference(files.directory)
    header, *regions = files.rows("regions.csv")
    files.write("regions.csv", [header, *(row for row in regions if not row[0].startswith("ID-64"))])

    counts = load_reference(files.directory)

    (gone,) = [count for count in counts if count.removed]
    assert (gone.file, len(gone.removed), gone.still_used) == ("regions.csv", 50, [])
    assert list(Region.objects.filter(code__startswith="ID-64")) == []


def test_a_withdrawn_requirement_no_longer_binds(files):
    load_reference(files.directory)
    files.drop("requirements.csv", "R041")

    counts = load_reference(files.directory)

    assert counts_of(counts) == {"requirements.csv": (0, 0, 0, ["R041"], [])}
    assert not Requirement.objects.filter(code="R041").exists()


def test_a_withdrawn_group_takes_its_members_with_it(files):
    load_reference(files.directory)
    files.drop("commodity_groups.csv", "crab")
    files.drop("commodity_group_members.csv", "crab")

    load_reference(files.directory)

    assert not CommodityGroup.objects.filter(code="crab").exists()
    assert Commodity.objects.filter(code="mud-crab-live").exists()


def test_a_rate_entered_by_people_is_neither_overwritten_nor_removed(files):
    day = dt.date(2026, 11, 23)
    ExchangeRateFactory(
        on=day, currency="KZT", usd_per_unit=Decimal("0.00195"), source="National Bank", confidence="verified"
    )
    ExchangeRateFactory(
        on=dt.date(2026, 11, 24), currency="KZT", usd_per_unit=Decimal("0.00196"), source="NB", confidence="verified"
    )

    counts = counts_of(load_reference(files.directory))

    assert counts["example_exchange_rates.csv"] == (5, 0, 1, [], [])
    assert list(ExchangeRate.objects.filter(currency="KZT").values_list("on", "usd_per_unit")) == [
        (dt.date(2026, 11, 24), Decimal("0.00196")),
        (day, Decimal("0.00195")),
    ]


def test_a_corridor_that_people_switched_off_stays_off(files):
    load_reference(files.directory)
    Corridor.objects.filter(origin="KZ").update(is_enabled=False)

    counts = load_reference(files.directory)

    assert counts_of(counts) == {}
    assert list(Corridor.objects.values_list("origin", "is_enabled")) == [("ID", True), ("KZ", False)]
