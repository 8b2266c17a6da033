"""The difference of two runs as its page and the terminal tell it: figures written out, with a bar where one helps."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from accounts import figures
from commodities.models import Commodity
from commodities.texts import short_name
from matching.enums import Cause
from matching.models import RunDifference

PPM_PER_POINT = 10_000
KG_PER_T = 1000
PPM_KG_PER_T = 1_000_000 * KG_PER_T
CENTS = 100


def counted(number: int) -> str:
    return figures.decimal(number)


def in_points(ppm: int) -> str:
    """Points of 100, to the millionth that is kept: so that the parts add up as they stand there."""
    return figures.shortest(Decimal(ppm) / PPM_PER_POINT)


def in_tonnes(kg: int) -> str:
    return figures.shortest(Decimal(kg) / KG_PER_T, most=3)


def in_full_tonnes(value: int) -> str:
    """What a plan is worth, as tonnes at full score."""
    return figures.shortest(Decimal(value) / PPM_KG_PER_T, most=3)


def in_dollars(cents: int) -> str:
    return figures.decimal(Decimal(cents) / CENTS, 2)


Writer = Callable[[int], str]

MATCHES: dict[str, tuple] = {
    "matches": (_("Matches"), counted),
    "new": (_("New"), counted),
    "gone": (_("Gone"), counted),
    "needs_with_candidate": (_("Needs with a candidate"), counted),
    "median_ppm": (_("Median score"), in_points),
    "best_ppm": (_("Best score"), in_points),
}
PLAN: dict[str, tuple] = {
    "plan_value": (_("Worth of the plan, as tonnes at full score"), in_full_tonnes),
    "usd_low_cents": (_("Planned goods with a known price, USD, at the low end"), in_dollars),
    "usd_high_cents": (_("Planned goods with a known price, USD, at the high end"), in_dollars),
}
WITH_ROWS = ("matches", "new", "gone")  # quantities of which the page lists pairs


@dataclass(frozen=True)
class Bar:
    """A bar that grows from the middle: to the right what is added, to the left what is taken away; of 100."""

    x: str
    width: str
    is_less: bool

    @classmethod
    def of(cls, part: int, longest: int) -> "Bar":
        width = 50 * abs(part) / longest if longest else 0
        return cls(f"{50 - width if part < 0 else 50:.2f}", f"{width:.2f}", part < 0)


@dataclass(frozen=True)
class Cell:
    """What one cause changed of one quantity."""

    cause: Cause
    label: str
    text: str
    is_nothing: bool
    bar: Bar
    rows_of: str = ""  # the kind of pairs that the page lists for it


@dataclass(frozen=True)
class Line:
    """One quantity: before, what each cause changed, after."""

    label: str
    before: str
    after: str
    whole: str
    cells: list[Cell]

    @property
    def is_moved(self) -> bool:
        """Whether any cause changed it, also where the causes undo each other."""
        return not all(cell.is_nothing for cell in self.cells)


def causes_of(row: RunDifference) -> list[Cause]:
    """The causes that were told apart, in the order of the steps."""
    figure = next(iter(row.figures["figures"].values()))
    return [cause for cause in Cause if cause in figure["parts"]]


def match_lines(row: RunDifference) -> list[Line]:
    """Matches, needs and scores."""
    return [line(row, MATCHES[name], name) for name in MATCHES]


def plan_lines(row: RunDifference) -> list[Line]:
    """What the plan is worth, and the goods of which it moves more or less: kilograms of two are never added."""
    kept = {number: figure for number, figure in row.figures["kg"].items() if any(figure["parts"].values())}
    names, unit = names_of(kept), _("t")
    goods = sorted(kept, key=lambda number: names[number].casefold())
    return [
        *(line(row, PLAN[name], name) for name in PLAN),
        *(written(kept[number], f"{names[number]}, {unit}", in_tonnes, causes_of(row)) for number in goods),
    ]


def unmoved(row: RunDifference) -> int:
    """Of how many goods the plan moves what it moved before."""
    return sum(not any(figure["parts"].values()) for figure in row.figures["kg"].values())


def names_of(goods: Collection[str]) -> dict[str, str]:
    """The commodities of a plan by their numbers; of one that is deleted since nothing but that is known."""
    numbers = [number for number in goods if number.isdecimal()]
    found = {str(commodity.pk): short_name(commodity.name) for commodity in Commodity.objects.filter(pk__in=numbers)}
    return {number: found.get(number, str(_("goods that were deleted since"))) for number in goods}


def line(row: RunDifference, told: tuple, name: str) -> Line:
    label, write = told
    rows_of = name if name in WITH_ROWS else ""
    return written(row.figures["figures"][name], label, write, causes_of(row), rows_of)


def written(figure: Mapping, label, write: Writer, causes: Iterable[Cause], rows_of: str = "") -> Line:
    parts = figure["parts"]
    longest = max(map(abs, parts.values()))
    cells = [
        Cell(cause, cause.label, signed(parts[cause], write), not parts[cause], Bar.of(parts[cause], longest), rows_of)
        for cause in causes
    ]
    before, after = figure["before"], figure["after"]
    return Line(str(label), write(before), write(after), signed(after - before, write), cells)


def signed(number: int, write: Writer) -> str:
    """A difference with its sign; nothing at all is a plain nought."""
    return f"+{write(number)}" if number > 0 else write(number)


def order_matters(row: RunDifference) -> bool:
    """Whether more than one of the inputs changed anything: then another order of the steps gives other parts."""
    kept = [*row.figures["figures"].values(), *row.figures["kg"].values()]
    inputs = (Cause.DATA, Cause.CORRIDOR, Cause.DATA_AND_CORRIDOR, Cause.WEIGHTS)
    return sum(any(figure["parts"].get(cause) for figure in kept) for cause in inputs) > 1
