"""Landed costs of many matches, each as its page reckons it: what they share is read and searched once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from corridor.engine.landed import ALL_IN, Landed
from corridor.models import Leg, Place
from matching import lists
from matching.models import MatchResult
from matching.one_match.assumed import Towards
from matching.one_match.explained import comes_out_otherwise
from matching.one_match.journeys import taken_by
from matching.one_match.landed import hops_of, told
from matching.one_match.line_words import place_name, words_of
from matching.one_match.pair_facts import Names, Pair, pair_of, read_legs, read_names, read_places
from matching.one_match.waterfall import Told
from reports.document import in_every_language

CHUNK = 200
SIDES = (
    "run",
    "match__first_run",
    "match__need__company__region",
    "match__need__company__place",
    "match__need__destination",
    "match__need__named_place",
    "match__capacity__company__region",
    "match__capacity__company__place",
    "match__capacity__commodity",
    "match__capacity__place",
)


@dataclass(frozen=True)
class Priced:
    """A match with the landed cost by the way that the run took, as the corridor stood on its day."""

    result: MatchResult
    pair: Pair
    landed: Landed
    names: Names
    told: Told  # its words are of no language; see `Said`

    @property
    def differs(self) -> bool:
        return comes_out_otherwise(self.result, self.told)


class Pricing:
    """The ways of the days on which runs looked, each day read once."""

    def __init__(self):
        self.places: dict[str, Place] = read_places()
        self.days: dict[date, tuple[Towards, list[Leg]]] = {}

    def day(self, on: date) -> tuple[Towards, list[Leg]]:
        if on not in self.days:
            self.days[on] = Towards(on), read_legs(on)
        return self.days[on]

    def of(self, keys: Iterable[int]) -> Iterator[Priced]:
        """The results with these keys, in their order."""
        for some in lists.batched(keys, CHUNK):
            found = MatchResult.objects.select_related(*SIDES).in_bulk(some)
            yield from self._priced([found[key] for key in some if key in found])

    def _priced(self, results: list[MatchResult]) -> Iterator[Priced]:
        taken = []
        for result in results:
            ways, _legs = self.day(result.run.as_of)
            pair = pair_of(result.match, ways)
            landed = pair.ways_there(ways)
            taken.append((result, pair, landed[taken_by(result, landed)[0]]))
        names = {
            on: read_names(
                [landed for result, _pair, landed in taken if result.run.as_of == on], ways, self.places, legs
            )
            for on, (ways, legs) in self.days.items()
        }
        for result, pair, landed in taken:
            on = result.run.as_of
            yield Priced(result, pair, landed, names[on], told(pair, landed, self.days[on][0], names[on]))


class Said:
    """Lines and points in all languages, each said once however many matches share it."""

    def __init__(self):
        self.numbers: dict[tuple, tuple[str, dict[str, str]]] = {}

    def lines(self, priced: Priced) -> list[tuple[str, dict[str, str]]]:
        """The number and the words of each line."""
        pair, names, trip = priced.pair, priced.names, priced.pair.trip
        hops = hops_of(priced.landed)
        said = []
        for line, row in zip(priced.landed.lines, priced.told.rows, strict=True):
            charge = hops.get((line.kind, line.at, line.equipment))
            hop = charge and charge[1]
            ends = (hop.origin, hop.destination) if hop else ()
            cover = {code for source in line.sources for code in source.split() if code in names.premiums}
            key = (*row.key, ends, trip.origin_country, trip.destination_country, tuple(sorted(cover)))
            said.append(self._once(key, lambda line=line, hop=hop: words_of(line, hop, pair, names)))
        return said

    def point(self, priced: Priced) -> tuple[str, dict[str, str]]:
        """Where a tonne arrives, with the term of the limit."""
        limit = priced.pair.arrival.limit

        def point() -> str:
            place = place_name(limit.place, priced.names)
            return place if limit.term == ALL_IN else f"{limit.term} {place}"

        return self._once(("point", limit.term, limit.place), point)

    def _once(self, key: tuple, say) -> tuple[str, dict[str, str]]:
        if key not in self.numbers:
            self.numbers[key] = str(len(self.numbers) + 1), in_every_language(say)
        return self.numbers[key]
