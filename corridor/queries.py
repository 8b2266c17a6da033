"""What can be asked of the corridor, answered as plain data: rates in force, and the law of a way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import BooleanField, ExpressionWrapper

from commodities.enums import NodeKind
from commodities.models import Commodity
from corridor.engine.gates import Gate, Rule, gates_of, source_day
from corridor.enums import Currency, RequirementKind
from corridor.goods import Good
from corridor.law import LaneLaw, Paper, ways_of
from corridor.models import ExchangeRate, Preference, Requirement
from corridor.models.costs import EXAMPLE


@dataclass(frozen=True)
class Rate:
    """What one unit of a currency is worth, and on whose word."""

    currency: str
    usd_per_unit: Decimal
    on: date
    source: str
    confidence: str


def rates_in_force(on: date) -> dict[str, Rate]:
    """The newest rate of each currency not dated after the day. A currency without one is missing: not known.

    An example counts only as long as nobody has entered a rate of its currency.
    """
    made_up = ExpressionWrapper(EXAMPLE, output_field=BooleanField())
    newest = ExchangeRate.objects.filter(on__lte=on).order_by("currency", made_up, "-on").distinct("currency")
    columns = ("currency", "usd_per_unit", "on", "source", "confidence")
    return {currency: Rate(currency, *row) for currency, *row in newest.values_list(*columns)}


def has_rate(currency: str, on: date) -> bool:
    """Whether amounts in a currency can be compared on a day. A dollar is a dollar."""
    return currency not in without_rate(on)


def without_rate(on: date) -> set[str]:
    """The currencies in which amounts cannot be compared on a day."""
    known = ExchangeRate.objects.filter(on__lte=on).values_list("currency", flat=True).distinct()
    return {*Currency.values} - {Currency.USD.value, *known}


def standing_requirements(on: date) -> list[LaneLaw]:
    """What refuses a pair when it is not held: the law in force, verified in text and classified."""
    return _laws(Requirement.objects.gates().in_force(on))


def voluntary_requirements(on: date) -> list[LaneLaw]:
    """What nobody demands, and helps."""
    return _laws(Requirement.objects.voluntary().in_force(on))


def _laws(requirements: Iterable[Requirement]) -> list[LaneLaw]:
    found = []
    for one in requirements.select_related("commodity", "certificate_kind").order_by("code"):
        for origin, destination in ways_of(one.direction):
            # A row for one commodity names its sector too: the commodity is the narrower word, and the one that binds.
            sectors = frozenset() if one.tree else frozenset(one.sectors)
            law = LaneLaw(one.code, origin, destination, sectors, one.tree, one.certificate_kind.code, one.bearer)
            found.append(law)
    return found


def papers_of(
    origin: str, destination: str, commodity: Commodity, on: date, *, announced_until: date | None = None
) -> list[Paper]:
    """Every paper that the law names for goods on a way, sure or not, as it stands on a day.

    In force, or beginning up to `announced_until`: the last day of the months of a trade. First what refuses a pair,
    then what is asked about, then what each consignment needs, by bearer; what is only announced comes last. A fixed
    number of queries.
    """
    good = load_goods({commodity.pk})[commodity.pk]
    rows = {row.code: row for row in Requirement.objects.select_related("commodity", "certificate_kind")}
    switched = switched_preferences()
    rules = [rule_of(row, switched) for row in rows.values()]
    found = gates_of(good, (origin, destination), rules, on, announced_until=announced_until)
    papers = [paper_of(rows[gate.rule.code], gate) for gate in found]
    return sorted(papers, key=lambda paper: paper.is_announced)


def switched_preferences() -> dict[str, date]:
    """Since when each preferential tariff counts that somebody switched on."""
    return dict(Preference.objects.values_list("scheme", "in_force_from"))


def rule_of(row: Requirement, switched: Mapping[str, date]) -> Rule:
    """A requirement as the engine reads it. One for a preference holds from the day on which that was switched on."""
    is_preference = row.kind == RequirementKind.PREFERENCE
    since = next((day for scheme, day in switched.items() if row.title_en.startswith(scheme)), None)
    return Rule(
        code=row.code,
        ways=frozenset(ways_of(row.direction)),
        sectors=frozenset(row.sectors),
        tree=row.tree,
        kind=row.kind,
        stage=row.stage,
        bearer=row.bearer,
        legal_basis=row.legal_basis,
        valid_from=since if is_preference else row.valid_from,
        valid_to=row.valid_to,
        source_day=source_day(row.source),
        is_confirmed=not is_preference or since is not None,
        may_refuse=row.is_gate,
    )


def paper_of(row: Requirement, gate: Gate) -> Paper:
    kind = row.certificate_kind
    return Paper(
        requirement=row.code,
        title=kind.name if kind else row.title_en,
        about=row.title_en,
        kind=row.kind,
        stage=row.stage,
        bearer=row.bearer,
        document=row.document,
        issuing_body=row.issuing_body,
        certificate_kind=kind.code if kind else "",
        source=row.source,
        confidence=row.confidence,
        is_gate=gate.refuses,
        legal_basis=row.legal_basis,
        state=gate.state,
        valid_from=gate.rule.valid_from,
        valid_to=row.valid_to,
        source_day=gate.rule.source_day,
        role=gate.rule.role,
        is_confirmed=gate.rule.is_confirmed,
    )


@dataclass(frozen=True)
class CorridorFacts:
    """The law of every way, and the goods it speaks of, loaded once."""

    standing: list[LaneLaw]
    voluntary: list[LaneLaw]
    commodities: dict[int, Good]


def load_corridor(on: date, commodity_ids: set[int]) -> CorridorFacts:
    """All that lies between offers of these commodities and any need; a fixed number of queries."""
    return CorridorFacts(
        standing=standing_requirements(on),
        voluntary=voluntary_requirements(on),
        commodities=load_goods(commodity_ids),
    )


def load_goods(commodity_ids: set[int]) -> dict[int, Good]:
    """Commodities on offer. A heading has the sector of what is traded below it where that is one sector."""
    columns = ("pk", "tree_lo", "tree_hi", "hs_code", "sector")
    tradable = list(Commodity.objects.filter(kind=NodeKind.COMMODITY).values_list("tree_lo", "sector"))
    goods = {}
    for pk, lo, hi, hs_code, sector in Commodity.objects.filter(pk__in=commodity_ids).values_list(*columns):
        below = {of for tree_lo, of in tradable if lo <= tree_lo < hi}
        if not sector and len(below) == 1:
            sector = below.pop()
        goods[pk] = Good(lo, hi, hs_code, sector)
    return goods
