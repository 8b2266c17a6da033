"""One pair as it is now, whether or not any run lists it: judged by the engine of the runs, with what it compared."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from companies.models import Capacity, Need
from corridor.ways import Ways
from matching import texts
from matching.engine import ScoreTable
from matching.engine.book import Book
from matching.one_match.assumed import Towards
from matching.services.facts import Facts
from matching.services.pairs import Outcome, judged, read_few


@dataclass(frozen=True)
class Live:
    """What the engine says of a pair, and on which facts."""

    outcome: Outcome
    facts: dict

    @property
    def score_ppm(self) -> int:
        return round(self.outcome.score * 1_000_000)

    @property
    def failed(self) -> list[str]:
        return [rule for rule, answer in self.outcome.verdicts.items() if answer < 0]

    def verdicts(self, names: texts.Names) -> list[tuple[str, texts.Verdict]]:
        return [
            (rule, texts.explain(rule, self.outcome.verdicts[rule], self.facts.get(rule), names))
            for rule in texts.RULE_NAMES
        ]


def live(need: Need, capacity: Capacity, on: date, table: ScoreTable, ways: Ways | None = None) -> Live | None:
    """A pair by what is entered now; None where one of its listings is not in the book of the day."""
    ways = ways or Towards(on)
    few = read_few([need.pk], [capacity.pk], ways)
    if (few.need_ids, few.capacity_ids) != ([need.pk], [capacity.pk]):
        return None
    market = few.market(ways)
    (outcome,) = judged(market, ways.on, table, [(need.pk, capacity.pk)])
    first = np.zeros(1, np.int64)
    facts = Facts(Book(market, ways.on.toordinal()), first, first).of_pair(0)
    facts["commodity"] = {
        "accepted": [accepted.name for accepted in need.accepted.select_related("commodity", "group")],
        "offered": capacity.commodity.name,
    }
    return Live(outcome, facts)
