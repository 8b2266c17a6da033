"""Factories of reference data: they give the dull details of commodities, places and rates, a test the telling ones."""

import datetime as dt
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from commodities.enums import Holder, NodeKind, ParameterKind, Sector, SpecRule, Unit
from commodities.facts import Confidence
from commodities.models import (
    CertificateKind,
    Commodity,
    CommodityGroup,
    CommodityGroupMember,
    CommodityParameter,
    Parameter,
)
from corridor.enums import Bearer, Country, Currency, LegStatus, Mode, QuotePer, QuoteScope, Stage
from corridor.models import (
    Corridor,
    Equipment,
    ExchangeRate,
    FreightQuote,
    Leg,
    LegEquipment,
    LegSwitch,
    Place,
    Region,
    Requirement,
    TransportClassEquipment,
)


class CommodityFactory(DjangoModelFactory):
    """A tradable commodity without parent. Every new one has an interval of its own in the tree."""

    class Meta:
        model = Commodity
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"commodity-{n}")
    kind = NodeKind.COMMODITY
    hs_code = factory.Sequence(lambda n: f"{150000 + n % 100000:06d}")
    # Far apart, so that a test can put nodes between; see `below`.
    tree_lo = factory.Sequence(lambda n: 100_000 + n * 100)
    tree_hi = factory.LazyAttribute(lambda node: node.tree_lo + 1)
    name_en = factory.LazyAttribute(lambda node: f"Goods {node.code}")
    sector = Sector.PALM_OIL
    base_unit = Unit.TONNE
    transport_class = "dry_container"
    source = "a test"
    confidence = Confidence.VERIFIED


class HeadingFactory(CommodityFactory):
    """An HS heading with room for children below it: `below(heading, 1)` is the interval of the first."""

    code = factory.Sequence(lambda n: f"{1000 + n % 9000:04d}")
    kind = NodeKind.HEADING
    hs_code = factory.SelfAttribute("code")
    tree_hi = factory.LazyAttribute(lambda node: node.tree_lo + 50)
    sector = ""
    transport_class = ""


def below(node: Commodity, position: int) -> dict:
    """What puts a new commodity below a node: `CommodityFactory(**below(heading, 1))`."""
    return {"parent": node, "tree_lo": node.tree_lo + position, "tree_hi": node.tree_lo + position + 1}


class CommodityGroupFactory(DjangoModelFactory):
    """A group; `CommodityGroupFactory(members=[...])` fills it."""

    class Meta:
        model = CommodityGroup
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"group-{n}")
    sector = Sector.PALM_OIL
    name_en = factory.LazyAttribute(lambda group: f"Goods of {group.code}")
    source = "a test"
    confidence = Confidence.VERIFIED

    @factory.post_generation
    def members(group, create, commodities, **kwargs):  # noqa: N805  factory_boy hands over the object made
        for commodity in commodities or ():
            CommodityGroupMember.objects.create(group=group, commodity=commodity, source="a test")


class ParameterFactory(DjangoModelFactory):
    class Meta:
        model = Parameter
        django_get_or_create = ("key", "unit")

    key = factory.Sequence(lambda n: f"parameter_{n}")
    unit = "%"
    name_en = factory.LazyAttribute(lambda parameter: f"Content {parameter.key}")
    source = "a test"
    confidence = Confidence.VERIFIED


class CommodityParameterFactory(DjangoModelFactory):
    class Meta:
        model = CommodityParameter

    commodity = factory.SubFactory(CommodityFactory)
    parameter = factory.SubFactory(ParameterFactory)
    kind = ParameterKind.GUARANTEE
    rule = SpecRule.MAX
    limit_max = Decimal(5)
    source = "a test"
    confidence = Confidence.VERIFIED


class CertificateKindFactory(DjangoModelFactory):
    class Meta:
        model = CertificateKind
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"certificate-{n}")
    name_en = factory.LazyAttribute(lambda kind: f"Certificate {kind.code}")
    holder = Holder.COMPANY
    source = "a test"
    confidence = Confidence.VERIFIED


class PlaceFactory(DjangoModelFactory):
    """A place in Indonesia; `PlaceFactory(country="KZ")` for the other side."""

    class Meta:
        model = Place
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"X-TEST-{n}")
    name_en = factory.LazyAttribute(lambda place: f"Place {place.code}")
    country = Country.INDONESIA
    roles = factory.LazyFunction(lambda: ["city"])
    source = "a test"
    confidence = Confidence.VERIFIED


class RegionFactory(DjangoModelFactory):
    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"ID-TEST-{n}")
    name_en = factory.LazyAttribute(lambda region: f"Region {region.code}")
    country = Country.INDONESIA
    level = "province"
    source = "a test"
    confidence = Confidence.VERIFIED


class CorridorFactory(DjangoModelFactory):
    """The way from Indonesia to Kazakhstan, switched on."""

    class Meta:
        model = Corridor
        django_get_or_create = ("origin", "destination")

    origin = Country.INDONESIA
    destination = Country.KAZAKHSTAN
    is_enabled = True


class LegFactory(DjangoModelFactory):
    class Meta:
        model = Leg

    code = factory.Sequence(lambda n: f"L{n:05d}")
    origin = factory.SubFactory(PlaceFactory)
    destination = factory.SubFactory(PlaceFactory, country=Country.KAZAKHSTAN)
    mode = Mode.RAIL
    transit_days_low = 20
    transit_days_high = 30
    status = LegStatus.ACTIVE
    source = "a test"
    confidence = Confidence.VERIFIED


class LegSwitchFactory(DjangoModelFactory):
    """A leg that was closed from a day on."""

    class Meta:
        model = LegSwitch

    leg = factory.SubFactory(LegFactory)
    is_open = False
    from_day = dt.date(2026, 11, 25)
    reason = "Ice on the line"


class EquipmentFactory(DjangoModelFactory):
    """A closed box; `chain_groups=["loose_dry"]` for a wagon or a vessel."""

    class Meta:
        model = Equipment
        django_get_or_create = ("code",)

    code = "20DC"
    name_en = factory.LazyAttribute(lambda equipment: f"Equipment {equipment.code}")
    chain_groups: list[str] = []
    unit_kind = factory.LazyAttribute(lambda equipment: "loose" if equipment.chain_groups else "box")
    source = "a test"
    confidence = Confidence.VERIFIED


class LegEquipmentFactory(DjangoModelFactory):
    class Meta:
        model = LegEquipment

    leg = factory.SubFactory(LegFactory)
    equipment = factory.SubFactory(EquipmentFactory)
    source = "a test"
    confidence = Confidence.VERIFIED


class ClassEquipmentFactory(DjangoModelFactory):
    """Dry goods travel in a box of 20 tonnes."""

    class Meta:
        model = TransportClassEquipment

    transport_class = "dry_container"
    equipment = factory.SubFactory(EquipmentFactory)
    preference = 1
    net_load_kg = 20_000
    source = "a test"
    confidence = Confidence.VERIFIED


class FreightQuoteFactory(DjangoModelFactory):
    """What a leg costs: `FreightQuoteFactory(leg=leg, amount=2000)`; for a terminal `at=place`."""

    class Meta:
        model = FreightQuote
        exclude = ("at",)

    at = None
    code = factory.Sequence(lambda n: f"Q{n:05d}")
    leg = None
    scope = factory.LazyAttribute(lambda quote: QuoteScope.LEG if quote.leg else QuoteScope.TERMINAL)
    origin = factory.LazyAttribute(lambda quote: quote.leg.origin if quote.leg else quote.at)
    destination = factory.LazyAttribute(lambda quote: quote.leg.destination if quote.leg else quote.at)
    equipment = factory.SubFactory(EquipmentFactory)
    amount = Decimal(2000)
    currency = Currency.USD
    per = QuotePer.BOX
    valid_from = dt.date(2026, 10, 1)
    valid_to = dt.date(2027, 3, 31)
    basis = "a test"
    source = "a test"
    confidence = Confidence.VERIFIED


class ExchangeRateFactory(DjangoModelFactory):
    class Meta:
        model = ExchangeRate
        django_get_or_create = ("on", "currency")

    on = dt.date(2026, 11, 23)
    currency = Currency.KZT
    usd_per_unit = Decimal("0.002")
    source = "example: a test"
    confidence = Confidence.EXAMPLE


class RequirementFactory(DjangoModelFactory):
    """A standing requirement that is sure enough to refuse a pair: see `Requirement.objects.gates()`."""

    class Meta:
        model = Requirement

    code = factory.Sequence(lambda n: f"T{n:04d}")
    direction = "KZ>ID"
    side = "import"
    title_en = factory.LazyAttribute(lambda requirement: f"Requirement {requirement.code}")
    kind = "mandatory"
    bearer = Bearer.SELLER
    stage = Stage.STANDING
    certificate_kind = factory.SubFactory(CertificateKindFactory)
    source = "a test"
    confidence = Confidence.VERIFIED
    class_confidence = Confidence.SECONDARY
