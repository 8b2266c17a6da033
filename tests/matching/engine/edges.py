"""Random markets whose facts lie at the edges: of what columns hold, of what is likely, of what can be told apart.

Each market is a random one of `markets`, some of whose facts are put to an edge; and it has more kinds of
certificates, terms, parameters, countries and points than fit into the columns that the fast path keeps them in.
"""

import random
from datetime import date

from hypothesis import strategies as st

from matching.engine.market import FAR_FUTURE, FAR_PAST
from tests.matching.engine.markets import NODES, TODAY, asks, lane, offers, once, random_rows

PRICES = (
    *(0.0, -0.0, -1.0, -99.5, -100.0, -850.0, -1e6, 4e-7, 6e-7, 1e-12, 100.0, 100.0000004, 199.9999996),
    *(16_777_217.0, 1e9, 1e12, 1e15),
)
COMPANIES = (-2, -1, 0, 1, 2**31 - 2, 2**31 - 1, 2**31, 2**31 + 1, 2**32 + 1, 2**32 + 2**31, 2**40, 2**62)
KILOGRAMS = (0, 1, 2**24, 2**24 + 1, 10**10 - 7, 10**10 - 1, 10**10)
DAYS = (0, 1, 60, 61, 90, 365, 40_000)
ENDS = (0.0, -0.0, 1e-9, -1e-9, 0.1, 0.3, 1.0, 16_777_217.0, -16_777_217.0, 1e9, -1e9)
FIRST_DAY, LAST_DAY = date.min.toordinal() + 400, date.max.toordinal() - 400  # near misses move days by some months


def edge_market(chance: random.Random, n_needs: int, n_capacities: int) -> dict:
    """Rows of a market at the edges."""
    market = random_rows(chance, n_needs, n_capacities, chance.choice([0.0, 0.0, 0.3, 1.0]))
    market |= {
        "n_kinds": chance.choice([3, 31, 32, 63, 70]),
        "n_terms": chance.choice([3, 31, 32, 45, 62]),
        "n_parameters": chance.choice([3, 5, 9]),
        "n_countries": chance.choice([3, 33]),
        "n_places": chance.choice([2, 2, 70]),
    }
    edges = _Edges(chance, market)
    for row in market["needs"]:
        edges.put_need(row)
    for row in market["capacities"]:
        edges.put_capacity(row)
    edges.put_lanes(n_needs + n_capacities)
    return market


@st.composite
def edge_rows(draw, most: int = 6) -> dict:
    """Such markets that hypothesis can shrink."""
    return edge_market(draw(st.randoms(use_true_random=False)), draw(st.integers(0, most)), draw(st.integers(0, most)))


class _Edges:
    def __init__(self, chance: random.Random, market: dict):
        self.chance, self.market = chance, market
        self.rate = chance.choice([0.05, 0.15, 0.3])  # the more facts are at an edge, the fewer pairs fit at all

    def put_need(self, row: dict) -> None:
        self._put_shared(row)
        self._put(row, "limit", PRICES)
        self._put(row, "smallest_share_kg", KILOGRAMS)
        if self._is_put():
            row["accepts"] = self.chance.sample([*NODES, (3, 6), (7, 9)], self.chance.randint(0, 4))
        if self._is_put():
            row["requires"] = self._some("n_kinds", 2)
        if self._is_put():
            row["asked"] = [(self._one("n_parameters"), self._asked()) for _ in range(self.chance.randint(1, 9))]
        row["origins"] = set(range(self.market["n_countries"])) - self._some("n_countries", 2)

    def put_capacity(self, row: dict) -> None:
        self._put_shared(row)
        self._put(row, "ask", PRICES)
        self._put(row, "lot_kg", KILOGRAMS)
        self._put(row, "multiple_kg", KILOGRAMS)
        self._put(row, "lead", DAYS)
        if self._is_put():
            row["node"] = self.chance.choice([*NODES, (3, 6), (7, 9)])
        if self._is_put():
            row["offered"] = [(self._one("n_parameters"), self._offered()) for _ in range(self.chance.randint(1, 9))]

    def put_lanes(self, n: int) -> None:
        """Some lanes at the edges, and some between the further points."""
        lanes = self.market["lanes"]
        for _ in range(3 * n if self.market["n_places"] > 2 else 2):
            low = self.chance.choice(DAYS)
            cost = self.chance.choice([0.0, -100.0, 100.0, None, 1e9])
            lanes[self._one("n_places"), self._one("n_places")] = lane(
                days=self.chance.choice([None, (low, low + self.chance.choice([0, 1, 40_000]))]),
                lines=[
                    (self.chance.choice([0.0, 1.0, 1.05]), cost, cost),
                    (1.0, 100.0, self.chance.choice([100.0, None])),
                ],
                at_least=self.chance.choice([None, 0.0, -100.0, 40.0]),
                then=self.chance.choice([None, *lanes.values()]),
                law_seller=self._some("n_kinds", 1),
                law_buyer=self._some("n_kinds", 1),
                voluntary=self._some("n_kinds", 3),
            )

    def _put_shared(self, row: dict) -> None:
        self._put(row, "company", COMPANIES)
        self._put(row, "trust", (0.0, 1.0, 1 / 3, 1e-9))
        row["country"] = self._one("n_countries") if self._is_put() else row["country"]
        if self._is_put():
            row["terms"] = self._some("n_terms", 2)
        row["place"] = self._one("n_places")
        for kind in self._some("n_kinds", 10):
            first = self.chance.choice([FAR_PAST, TODAY, TODAY + 60])
            row["certificates"][kind] = (
                self.chance.choice([1, 1, 0, -1]),
                first,
                self.chance.choice([first, FAR_FUTURE]),
            )
        if self._is_put():
            first = self.chance.choice([FIRST_DAY, TODAY, TODAY + 30, LAST_DAY - 1])
            last = self.chance.choice([first - 1, first, first + 60, LAST_DAY])
            row["window"] = first, last
            row["slots"] = once(self.chance.choice(KILOGRAMS), first, last)
        if self._is_put() and row["slots"]:
            first, last = row["window"]
            step = max((last - first + 1) // 12, 1)
            row["slots"] = [
                (day, min(day + step - 1, last), self.chance.choice(KILOGRAMS))
                for day in range(first, min(first + 12 * step, last + 1), step)
            ]

    def _asked(self) -> dict:
        low, high = self._ends()
        return asks(low, high) if self.chance.random() < 0.9 else asks(values=self.chance.sample("abcd", 2))

    def _offered(self) -> dict:
        low, high = self._ends()
        is_choice = self.chance.random() < 0.2
        if self.chance.random() < 0.9:
            return offers(low, high, is_choice=is_choice)
        return offers(values=self.chance.sample("abcd", self.chance.randint(0, 3)), is_choice=is_choice)

    def _ends(self) -> tuple[float | None, float | None]:
        """Also nothing at all, no width, and the wrong way round."""
        low, high = self.chance.choices((None, *ENDS), k=2)
        if None not in (low, high) and self.chance.random() < 0.8:
            low, high = min(low, high), max(low, high)
        return low, high

    def _put(self, row: dict, key: str, edges: tuple) -> None:
        if self._is_put():
            row[key] = self.chance.choice(edges)

    def _is_put(self) -> bool:
        return self.chance.random() < self.rate

    def _one(self, size: str) -> int:
        return self.chance.randrange(self.market[size])

    def _some(self, size: str, most: int) -> set[int]:
        """A few, the last ones more often than others."""
        last = self.market[size] - 1
        return {self.chance.choice([self._one(size), last, last - 1]) for _ in range(self.chance.randint(0, most))}
