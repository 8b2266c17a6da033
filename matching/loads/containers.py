"""Containers of a plan as its page tells them: rows of goods, months, places. What makes them is in `loads.py`."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from commodities.models import Commodity
from corridor.models import Place
from matching.loads.lots import Kit, Lot, last_of
from matching.loads.packing import Box, Packed
from matching.loads.shared import SharedBox
from matching.models import Run

# "A direct call needs about 100 boxes a week to live": the line SITC in 2018, as docs/pooling.md tells.
CALL_BOXES_A_WEEK = 100
CALL_SOURCE = "SITC, 2018"
DRAWN = 12  # containers drawn of a row
ROWS_SHOWN = 12  # goods of a month
ROWS_IN_ALL = 48  # of all months; where there are more, months but the first show `FEW_SHOWN`
FEW_SHOWN = 4
SHARED_SHOWN = 3  # shared containers of a row
PLACES_SHOWN = 10
WEEK = 7


@dataclass
class Row:
    """Goods of one kind that leave a place in a month in one kind of container."""

    commodity: Commodity
    kit: Kit
    country: str  # where they go
    lots: list[Lot] = field(default_factory=list)
    packed: list[Packed] = field(default_factory=list)
    alone: int = 0  # how many containers there would be if no pair shared any
    shared: list[SharedBox] = field(default_factory=list)  # in words: no more than are shown

    @cached_property
    def kg(self) -> int:
        return sum(lot.kg for lot in self.lots)

    @cached_property
    def boxes(self) -> int:
        return sum(one.count for one in self.packed)

    @cached_property
    def at_least(self) -> int:
        return sum(one.at_least for one in self.packed)

    @property
    def teu(self) -> int:
        return self.boxes * self.kit.teu

    @cached_property
    def kg_a_box(self) -> int:
        """To a tenth of a tonne."""
        return round(self.kg / self.boxes, -2)

    @cached_property
    def limits_kg(self) -> tuple[int, int]:
        """What one container holds, from - to: sellers pack the same goods differently."""
        limits = [self.kit.limit_kg(lot) for lot in self.lots]
        return min(limits), max(limits)

    @cached_property
    def filled(self) -> Decimal:
        """The share of all containers that is used."""
        return sum(Decimal(one.filled) / one.parts for one in self.packed) / self.boxes

    @cached_property
    def suppliers(self) -> int:
        return len({lot.capacity for lot in self.lots})

    @cached_property
    def shared_boxes(self) -> list[Box]:
        return [box for one in self.packed for box in one.boxes if box.is_shared]

    @cached_property
    def shared_count(self) -> int:
        return len(self.shared_boxes)

    @property
    def more_shared(self) -> int:
        return self.shared_count - len(self.shared)

    @property
    def saved(self) -> int:
        """How many containers fewer there are than if no pair shared any."""
        return self.alone - self.boxes

    @cached_property
    def cut_off(self) -> date | None:
        """The day by which the first container has to leave; None: not known of each of them."""
        days = [box.last for one in self.packed for box in (*one.boxes, *(box for _count, box in one.alike))]
        return None if None in days else date.fromordinal(min(days))

    @cached_property
    def drawn(self) -> list[str]:
        """How full the first containers are, in hundredths, as SVG writes it; the fullest first."""
        parts = []
        for one in self.packed:
            boxes = [*one.boxes, *(box for count, box in one.alike for _one in range(min(count, DRAWN)))]
            parts += [Decimal(one.parts - box.room) / one.parts for box in boxes]
        return [f"{100 * share:.0f}" for share in sorted(parts, reverse=True)[:DRAWN]]

    @property
    def not_drawn(self) -> int:
        return max(0, self.boxes - DRAWN)

    def __getstate__(self) -> dict:
        """Its figures, and of what they were reckoned from no more than is shown: so it is remembered."""
        for name in FIGURES:
            getattr(self, name)
        shown = self.shared_boxes[:SHARED_SHOWN]
        inside = {piece.owner for box in shown for piece in box.pieces}
        lots = [lot for lot in self.lots if lot.flow in inside]
        return self.__dict__ | {"shared_boxes": shown, "lots": lots, "packed": [], "shared": []}


FIGURES = [name for name, figure in vars(Row).items() if isinstance(figure, cached_property)]


@dataclass(frozen=True)
class Sums:
    """Figures of several rows together. Kilograms of different goods are not added up; containers are."""

    boxes: int = 0
    teu: int = 0
    saved: int = 0
    shared: int = 0
    full: Decimal = Decimal(0)  # containers, each as far as it is filled

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Sums":
        return sum(
            (cls(row.boxes, row.teu, row.saved, row.shared_count, row.filled * row.boxes) for row in rows), cls()
        )

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))


class Containers:
    """What has such figures."""

    sums: Sums

    @property
    def boxes(self) -> int:
        return self.sums.boxes

    @property
    def teu(self) -> int:
        return self.sums.teu

    @property
    def saved(self) -> int:
        return self.sums.saved

    @property
    def shared(self) -> int:
        return self.sums.shared

    @property
    def filled(self) -> Decimal:
        return self.sums.full / self.sums.boxes


@dataclass
class Month(Containers):
    """What leaves a place in one month."""

    month: date
    rows: list[Row]  # as far as they are shown
    sums: Sums  # of all
    count: int

    @property
    def not_shown(self) -> int:
        return self.count - len(self.rows)

    @property
    def a_week(self) -> Decimal:
        return Decimal(self.boxes) * WEEK / last_of(self.month).day

    @property
    def missing_a_week(self) -> Decimal:
        """What is missing for a call of a ship's own; nothing less than none."""
        return max(Decimal(0), CALL_BOXES_A_WEEK - self.a_week)


@dataclass
class Loading(Containers):
    """What leaves one place, by month."""

    place: Place
    months: list[Month]

    @cached_property
    def sums(self) -> Sums:
        return sum((month.sums for month in self.months), Sums())

    @property
    def rows(self) -> list[Row]:
        """As far as they are shown."""
        return [row for month in self.months for row in month.rows]

    def with_rows_of_its_first_month(self) -> "Loading":
        first, *later = self.months
        return Loading(self.place, [first, *(replace(month, rows=[]) for month in later)])

    @property
    def fullest(self) -> Month:
        return max(self.months, key=lambda month: (month.boxes, -month.month.toordinal()))


@dataclass(frozen=True)
class Loose:
    """Goods of the plan that no container is reckoned for: what is known to carry them, if anything."""

    commodity: Commodity
    kg: int
    equipment: object | None


@dataclass(frozen=True)
class SeveralSuppliers:
    """A need that the plan fills from several suppliers."""

    need: object
    commodity: Commodity
    suppliers: int
    kg: int


@dataclass
class Loads:
    """What the plan of one run would load."""

    run: Run
    hub: Loading | None
    others: list[Loading]
    loose: list[Loose]
    kits: list[Kit]
    several: list[SeveralSuppliers]
    several_count: int
    is_waiting: bool = False  # a worker has yet to reckon it
    call_boxes: int = CALL_BOXES_A_WEEK
    call_source: str = CALL_SOURCE

    @property
    def others_shown(self) -> list[Loading]:
        return self.others[:PLACES_SHOWN]

    @property
    def loose_shown(self) -> list[Loose]:
        return self.loose[:PLACES_SHOWN]

    @property
    def elsewhere_more(self) -> int:
        return len(self.others) + len(self.loose) - len(self.others_shown) - len(self.loose_shown)

    @property
    def several_more(self) -> int:
        return self.several_count - len(self.several)

    @property
    def is_empty(self) -> bool:
        return not (self.hub or self.others or self.loose)
