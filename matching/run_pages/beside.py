"""A what-if beside the official run: the key figures of both, and what the what-if took to be otherwise."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from accounts import figures
from matching import engine, queries
from matching.models import PlanFlow, Run
from matching.plan_page.kept import KeptSums
from matching.run_pages.differing import signed
from matching.texts.names import COMPONENT_NAMES

KG_PER_T = 1000
TONNES = _("t")


@dataclass(frozen=True)
class Line:
    """One figure of both runs, written out; None where a run is older than the figure."""

    label: str
    official: str | None
    what_if: str | None
    difference: str | None
    unit: str = ""
    way: tuple[str, str] | None = None  # from which country to which


def figures_of(run: Run) -> dict[str, Decimal | int | None]:
    counts, proven = run.counts, queries.plan_proven(run)
    return {
        "matches": counts.get("matches"),
        "needs_with_candidate": counts.get("needs_with_candidate"),
        "needs_planned": counts.get("needs_planned"),
        "needs_met": counts.get("needs_met"),
        "value": proven and proven["value"],
        "bound": proven and proven["bound"],
    }


LABELS = {
    "matches": _("Matches"),
    "needs_with_candidate": _("Needs with a candidate"),
    "needs_planned": _("Needs in the plan"),
    "needs_met": _("Needs that the plan meets in full"),
    "value": _("Worth of the plan, as tonnes at full score"),
    "bound": _("proven upper bound"),
}


def beside(official: Run, what_if: Run) -> list[Line]:
    """The key figures of both; pairs by the way their goods go."""
    one, other = figures_of(official), figures_of(what_if)
    lines = []
    for name, label in LABELS.items():
        if name == "value":
            lines += pairs_by_way(official, what_if)
        is_tonnes = name in ("value", "bound")
        write = in_tenths if is_tonnes else figures.decimal
        lines.append(line(str(label), one[name], other[name], write, TONNES if is_tonnes else ""))
    return lines


def pairs_by_way(official: Run, what_if: Run) -> list[Line]:
    """Pairs in the plan from country to country: kilograms of many kinds of goods together would say nothing."""
    found = [pairs_of(run) for run in (official, what_if)]
    ways = sorted({way for pairs in found if pairs is not None for way in pairs})
    return [
        line(str(_("Pairs in the plan")), *(pairs_on(way, pairs) for pairs in found), figures.decimal, "", way)
        for way in ways
    ]


def pairs_of(run: Run) -> dict[tuple[str, str], int] | None:
    """None where the rows of the plan were put away, or were never written; a plan that moves nothing has no pairs."""
    flows = PlanFlow.objects.seen().filter(run=run)
    by = ("capacity__origin_country", "need__destination__country")

    def count() -> dict[tuple[str, str], int]:
        return {(origin, to): pairs for origin, to, pairs in flows.order_by().values_list(*by).annotate(n=Count("pk"))}

    pairs = KeptSums(run).of(flows, "pairs by way", count)
    return pairs if pairs or run.plan_lines.exists() else None


def pairs_on(way: tuple[str, str], pairs: dict[tuple[str, str], int] | None) -> int | None:
    return None if pairs is None else pairs.get(way, 0)


def line(label: str, official, what_if, write, unit="", way=None) -> Line:
    both = [None if figure is None else write(figure) for figure in (official, what_if)]
    difference = None if None in both else signed(what_if - official, write)
    return Line(label, *both, difference, str(unit), way)


def freight_change(run: Run) -> str | None:
    """By how much freight was taken to change, in percent with its sign; None where it was not."""
    percent = run.options.get("freight_percent")
    return None if percent is None else signed(Decimal(percent), in_tenths)


@dataclass(frozen=True)
class Limit:
    """What the plan of a what-if kept to, and what that costs it; None: reckoned only when the run is closed."""

    label: str
    percent: str
    cost: str | None
    missing_t: str | None = None  # of a floor that could not be kept in full


def limits_of(run: Run) -> list[Limit]:
    """The cap on one supplier and the floor for micro companies, where a run kept to them."""
    found, counts = [], run.counts
    if cap := run.options.get("share_cap_percent"):
        label = str(_("One company supplies at most"))
        found.append(Limit(label, percent(cap), cost_of(counts.get("plan_cost_of_cap"))))
    if floor := run.options.get("micro_floor_percent"):
        missing = int(counts.get("micro_floor_missing_kg", 0))
        found.append(
            Limit(
                str(_("Micro companies supply at least")),
                percent(floor),
                cost_of(counts.get("plan_cost_of_floor")),
                in_tenths(Decimal(missing) / KG_PER_T) if missing else None,
            )
        )
    return found


def percent(typed: str) -> str:
    return in_tenths(Decimal(typed))


def cost_of(value: str | int | None) -> str | None:
    """What a plan is worth less, as tonnes at full score."""
    return None if value is None else in_tenths(Decimal(value) / queries.PPM_KG_PER_T)


def in_tenths(tonnes: Decimal) -> str:
    return figures.shortest(tonnes, 1)


@dataclass(frozen=True)
class Weighed:
    """What one component weighs in a run, in millionths, and in the version that was in force then."""

    name: str
    ppm: int
    base_ppm: int

    @property
    def is_otherwise(self) -> bool:
        return self.ppm != self.base_ppm


def weighed(run: Run) -> list[Weighed]:
    """The weights that a run used, each beside the one that was in force."""
    base = run.weights.values
    used = run.options.get("weights", base)
    return [Weighed(str(COMPONENT_NAMES[name]), in_ppm(used[name]), in_ppm(base[name])) for name in engine.COMPONENTS]


def in_ppm(weight: float) -> int:
    return round(weight * 1_000_000)
