"""Containers that several lots share, in words: whose lots, where they go, what can be guaranteed of them together."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from commodities.enums import ParameterKind
from commodities.models import CommodityParameter
from companies.models import Capacity, CapacityParameter, Need
from corridor.models import Place
from matching.loads.packing import Box
from matching.texts.figures import spread


@dataclass(frozen=True)
class Inside:
    """One lot of a shared container."""

    exporter: object
    importer: object
    kg: int


@dataclass(frozen=True)
class Specified:
    """What holds of every lot of a container: the worst that is guaranteed. Not known where one seller says nothing."""

    parameter: object
    low: Decimal | None
    high: Decimal | None
    values: tuple[str, ...]
    is_known: bool

    @property
    def words(self) -> str:
        return ", ".join(self.values) if self.values else spread(self.low, self.high, self.parameter.unit)


@dataclass(frozen=True)
class SharedBox:
    """A container with lots of several pairs."""

    inside: list[Inside]
    destinations: list[Place]
    specification: list[Specified]
    cut_off: date | None

    @property
    def kg(self) -> int:
        return sum(one.kg for one in self.inside)

    @property
    def suppliers(self) -> int:
        return len({one.exporter.pk for one in self.inside})


def shared_boxes(rows: Iterable, most: int, places: dict[str, Place], more_needs: set[int]) -> dict[int, Need]:
    """Fill in what is shown of shared containers, and answer the needs that were read, those asked for among them.

    Four queries, however many containers.
    """
    rows = list(rows)
    chosen = {id(row): row.shared_boxes[:most] for row in rows}
    lots = {lot.flow: lot for row in rows for lot in row.lots}
    inside = [lots[piece.owner] for boxes in chosen.values() for box in boxes for piece in box.pieces]
    needs = Need.objects.select_related("company__region", "company__place", "destination").in_bulk(
        {lot.need for lot in inside} | more_needs
    )
    capacities = Capacity.objects.select_related("company__region", "company__place").in_bulk(
        {lot.capacity for lot in inside}
    )
    stated = guarantees(capacities)
    for row in rows:
        row.shared = [in_words(box, lots, capacities, needs, stated, places) for box in chosen[id(row)]]
    return needs


def in_words(box: Box, lots: dict, capacities: dict, needs: dict, stated: dict, places: dict) -> SharedBox:
    of_box: dict[int, int] = defaultdict(int)
    for piece in box.pieces:
        of_box[piece.owner] += piece.kg
    found = [(lots[owner], kg) for owner, kg in sorted(of_box.items())]
    sellers = sorted({lot.capacity for lot, _kg in found})
    return SharedBox(
        inside=[Inside(capacities[lot.capacity].company, needs[lot.need].company, kg) for lot, kg in found],
        destinations=[places[code] for code in sorted({lot.destination for lot, _kg in found}) if code in places],
        specification=worst_of([stated.get(seller, {}) for seller in sellers]),
        cut_off=None if box.last is None else date.fromordinal(box.last),
    )


def guarantees(capacities: dict[int, Capacity]) -> dict[int, dict[int, CapacityParameter]]:
    """Capacity -> parameter -> what its seller guarantees; what a buyer may choose of is no guarantee. Two queries."""
    goods = {capacity.commodity_id for capacity in capacities.values()}
    chosen = set(
        CommodityParameter.objects.filter(kind=ParameterKind.CHOICE, commodity__in=goods).values_list(
            "commodity_id", "parameter_id"
        )
    )
    found: dict[int, dict[int, CapacityParameter]] = defaultdict(dict)
    rows = CapacityParameter.objects.filter(capacity__in=capacities).select_related("parameter")
    for row in rows.order_by("parameter__key", "parameter__unit", "pk"):
        if (capacities[row.capacity_id].commodity_id, row.parameter_id) not in chosen:
            found[row.capacity_id][row.parameter_id] = row
    return found


def worst_of(sellers: list[dict[int, CapacityParameter]]) -> list[Specified]:
    """Of each parameter that some seller guarantees, the range or the values that all lots lie in."""
    parameters = {pk: row.parameter for stated in sellers for pk, row in stated.items()}
    found = []
    for pk, parameter in parameters.items():
        rows = [stated.get(pk) for stated in sellers]
        if None in rows:
            found.append(Specified(parameter, None, None, (), is_known=False))
            continue
        low, high = widest([row.low for row in rows], min), widest([row.high for row in rows], max)
        is_set = all(row.values for row in rows)
        values = tuple(sorted({value for row in rows for value in row.values})) if is_set else ()
        found.append(
            Specified(parameter, low, high, values, is_known=bool(values) or low is not None or high is not None)
        )
    return sorted(found, key=lambda one: (one.parameter.key, one.parameter.unit))


def widest(ends: list[Decimal | None], of) -> Decimal | None:
    """The worst end; an end that one seller leaves open is open."""
    return None if None in ends else of(ends)
