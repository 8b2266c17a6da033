"""Markets for tests: plain rows with sensible defaults, the arrays made of them, and random ones.

A row says one fact a key, with None for what is not known. `random_rows` draws compact markets full of unknown facts,
months, lots, sets and ranges; a later fast path is to be held against the same ones.
"""

import random
from datetime import date, timedelta

import numpy as np
from hypothesis import strategies as st

from matching.engine.market import FAR_FUTURE, FAR_PAST, NO_LANE, NO_SET, Capacities, Lanes, Market, Needs

TODAY = date(2027, 1, 1).toordinal()
COUNTRIES = ("ID", "KZ", "CN")
KINDS = ("halal", "iso", "eac")
PARAMETERS = (("ffa", "%"), ("size", ""), ("iv", "g"))
TERMS = ("lc", "advance", "open")
N_PLACES = 2
NODES = [(0, 8), (0, 4), (4, 8), (0, 2), (2, 4), (0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 8), (8, 9)]


def once(kg: int, first: int, last: int) -> list[tuple[int, int, int]]:
    """One slot over the whole window."""
    return [(first, last, kg)]


def monthly(kg: int | list[int], first: int, last: int) -> list[tuple[int, int, int]]:
    """One slot for each calendar month that the window touches."""
    slots, day = [], date.fromordinal(first)
    while day.toordinal() <= last:
        end = (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        amount = kg if isinstance(kg, int) else kg[len(slots) % len(kg)]
        slots.append((day.toordinal(), min(end.toordinal(), last), amount))
        day = end + timedelta(days=1)
    return slots


def need(id: int, **facts) -> dict:
    """A need that asks for little: 100 t once, delivered from day 30 to day 90."""
    window = facts.pop("window", (TODAY + 30, TODAY + 90))
    return {
        "id": id,
        "company": 1000 + id,
        "country": 1,
        "is_active": True,
        "screening": 1,
        "accepts": [(0, 1)],
        "origins": {0, 1, 2},
        "window": window,
        "slots": once(100_000, *window),
        "smallest_share_kg": 0,
        "limit": 1000.0,
        "requires": set(),
        "certificates": {},
        "asked": {},
        "terms": {0},
        "place": 0,
        "trust": 0.5,
    } | facts


def capacity(id: int, **facts) -> dict:
    """A capacity that suits it: 100 t once, shipped from day 0 to day 60, in lots of 20 t."""
    window = facts.pop("window", (TODAY, TODAY + 60))
    return {
        "id": id,
        "company": 2000 + id,
        "country": 0,
        "is_active": True,
        "screening": 1,
        "node": (0, 1),
        "window": window,
        "slots": once(100_000, *window),
        "lead": 0,
        "lot_kg": 20_000,
        "multiple_kg": 0,
        "ask": 800.0,
        "certificates": {},
        "offered": {},
        "terms": {0},
        "place": 0,
        "trust": 0.5,
    } | facts


def lane(**facts) -> dict:
    """20 to 30 days, 100 USD/t, one route.

    Lines are (slope, low, high); `steeper` is added to the slopes of the high end. `at_least` is added to the price
    times `at_least_slope` where a line is not known; None: no part is known. `then` is the next route, dearer and
    faster.
    """
    return {
        "days": (20, 30),
        "lines": [(1.0, 100.0, 100.0)],
        "steeper": 0.0,
        "at_least": 0.0,
        "at_least_slope": 1.0,
        "then": None,
        "law_seller": set(),
        "law_buyer": set(),
        "voluntary": set(),
    } | facts


def rows(needs: list[dict], capacities: list[dict], lanes: dict | None = None, closed: set = frozenset()) -> dict:
    """A market as rows; `lanes` maps (departure, arrival) to a lane, `closed` holds (origin, destination)."""
    every = {(departure, arrival): lane() for departure in range(N_PLACES) for arrival in range(N_PLACES)}
    return {"needs": needs, "capacities": capacities, "lanes": every if lanes is None else lanes, "closed": set(closed)}


def as_market(market: dict) -> Market:
    """The arrays of a market given as rows, in the order of the rows.

    There may be more kinds, terms, parameters, countries and points than have names here: `n_kinds` and so on.
    """
    needs, capacities = market["needs"], market["capacities"]
    n_kinds, n_terms = market.get("n_kinds", len(KINDS)), market.get("n_terms", len(TERMS))
    n_countries, n_places = market.get("n_countries", len(COUNTRIES)), market.get("n_places", N_PLACES)
    sets: list[frozenset] = []
    for row in needs + capacities:
        for _, asked in entries_of(row, "asked" if "asked" in row else "offered"):
            if asked["values"] is not None and asked["values"] not in sets:
                sets.append(asked["values"])

    def set_index(values) -> int:
        return NO_SET if values is None else sets.index(values)

    def column(listings, key, dtype=np.int64):
        return np.array([row[key] for row in listings], dtype).reshape(len(listings))

    def flags(listings, key, width):
        return np.array([[i in row[key] for i in range(width)] for row in listings], bool).reshape(len(listings), width)

    def flat(listings, key, part, dtype=np.int64):
        return np.array([part(entry) for row in listings for entry in entries_of(row, key)], dtype)

    def owner(listings, key):
        return np.array([i for i, row in enumerate(listings) for _ in entries_of(row, key)], np.int64)

    def number(value):
        return np.nan if value is None else value

    def shared(listings):
        held = [[row["certificates"].get(k, (0, FAR_PAST, FAR_FUTURE)) for k in range(n_kinds)] for row in listings]
        held = np.array(held, np.int64).reshape(len(listings), n_kinds, 3)
        return {
            "id": column(listings, "id"),
            "company": column(listings, "company"),
            "country": column(listings, "country"),
            "is_active": column(listings, "is_active", bool),
            "screening": column(listings, "screening", np.int8),
            "slot_of": owner(listings, "slots"),
            "slot_first": flat(listings, "slots", lambda s: s[0]),
            "slot_last": flat(listings, "slots", lambda s: s[1]),
            "slot_kg": flat(listings, "slots", lambda s: s[2]),
            "certificate": held[:, :, 0].astype(np.int8),
            "certificate_from": held[:, :, 1],
            "certificate_until": held[:, :, 2],
            "trust": column(listings, "trust", float),
        }

    def parameters(listings, key, name):
        return {
            f"{name}_of": owner(listings, key),
            f"{name}_parameter": flat(listings, key, lambda e: e[0]),
            f"{name}_low": flat(listings, key, lambda e: number(e[1]["low"]), float),
            f"{name}_high": flat(listings, key, lambda e: number(e[1]["high"]), float),
            f"{name}_set": flat(listings, key, lambda e: set_index(e[1]["values"])),
        }

    of = np.full((n_places, n_places), NO_LANE, np.int64)
    lanes, following = [], []
    for place, route in market["lanes"].items():
        of[place] = len(lanes)
        while route:
            lanes.append(route)
            following.append(len(lanes) if route["then"] else NO_LANE)
            route = route["then"]
    steeper = np.array([row["steeper"] for row in lanes], float).reshape(-1, 1)
    n_lines = max([len(row["lines"]) for row in lanes], default=1)
    lines = np.array(
        [[[number(x) for x in line] for line in (row["lines"] * n_lines)[:n_lines]] for row in lanes], float
    ).reshape(len(lanes), n_lines, 3)
    days = np.array([row["days"] or (-1, -1) for row in lanes], np.int64).reshape(len(lanes), 2)
    corridor_open = np.ones((n_countries, n_countries), bool)
    for origin, destination in market["closed"]:
        corridor_open[origin, destination] = False
    return Market(
        needs=Needs(
            **shared(needs),
            accepted_of=owner(needs, "accepts"),
            accepted_lo=flat(needs, "accepts", lambda node: node[0]),
            accepted_hi=flat(needs, "accepts", lambda node: node[1]),
            accepts_origin=flags(needs, "origins", n_countries),
            window_from=np.array([row["window"][0] for row in needs], np.int64),
            window_until=np.array([row["window"][1] for row in needs], np.int64),
            smallest_share_kg=column(needs, "smallest_share_kg"),
            limit_usd_per_t=np.array([number(row["limit"]) for row in needs], float),
            requires=flags(needs, "requires", n_kinds),
            **parameters(needs, "asked", "asked"),
            pays_by=flags(needs, "terms", n_terms),
            arrival=column(needs, "place"),
        ),
        capacities=Capacities(
            **shared(capacities),
            node_lo=np.array([row["node"][0] for row in capacities], np.int64),
            node_hi=np.array([row["node"][1] for row in capacities], np.int64),
            available_from=np.array([row["window"][0] for row in capacities], np.int64),
            available_until=np.array([row["window"][1] for row in capacities], np.int64),
            lead_days=np.array([-1 if row["lead"] is None else row["lead"] for row in capacities], np.int64),
            lot_kg=np.array([-1 if row["lot_kg"] is None else row["lot_kg"] for row in capacities], np.int64),
            multiple_kg=column(capacities, "multiple_kg"),
            ask_usd_per_t=np.array([number(row["ask"]) for row in capacities], float),
            **parameters(capacities, "offered", "offered"),
            offered_is_choice=flat(capacities, "offered", lambda e: e[1]["is_choice"], bool),
            paid_by=flags(capacities, "terms", n_terms),
            departure=column(capacities, "place"),
            is_micro=np.array([row.get("is_micro", False) for row in capacities], bool),
        ),
        lanes=Lanes(
            of=of,
            days_low=days[:, 0],
            days_high=days[:, 1],
            next=np.array(following, np.int64),
            slope_low=lines[:, :, 0],
            cost_low=lines[:, :, 1],
            slope_high=lines[:, :, 0] + steeper,
            cost_high=lines[:, :, 2],
            slope_at_least=np.array([[row["at_least_slope"]] * n_lines for row in lanes], float).reshape(-1, n_lines),
            cost_at_least=np.array([[number(row["at_least"])] * n_lines for row in lanes], float).reshape(-1, n_lines),
            rests_on_examples=np.zeros(len(lanes), bool),
            law_seller=flags(lanes, "law_seller", n_kinds),
            law_buyer=flags(lanes, "law_buyer", n_kinds),
            voluntary=flags(lanes, "voluntary", n_kinds),
        ),
        corridor_open=corridor_open,
        countries=names(COUNTRIES, n_countries),
        certificate_kinds=names(KINDS, n_kinds),
        parameters=names(PARAMETERS, market.get("n_parameters", len(PARAMETERS))),
        payment_terms=names(TERMS, n_terms),
        value_sets=tuple(sets),
    )


def entries_of(row: dict, key: str) -> list:
    """What a row states under a key, one after the other; parameters stated twice come as a list."""
    return list(row[key].items()) if isinstance(row[key], dict) else row[key]


def names(known: tuple, n: int) -> tuple:
    """As many names as are wanted; further ones are numbers."""
    more = (f"x{number}" for number in range(len(known), n))
    return known + tuple((name, "") if isinstance(known[0], tuple) else name for name in more)


def asks(low: float | None = None, high: float | None = None, values=None) -> dict:
    """A range or a set that the buyer accepts."""
    return {"low": low, "high": high, "values": None if values is None else frozenset(values)}


def offers(low: float | None = None, high: float | None = None, values=None, *, is_choice: bool = False) -> dict:
    """A range or a set that the seller guarantees, or lets choose from."""
    return asks(low, high, values) | {"is_choice": is_choice}


# Random ones


def random_rows(
    chance: random.Random, n_needs: int, n_capacities: int, unknown: float = 0.3, most_routes: int = 3
) -> dict:
    """A market in which pairs pass, fail and nearly fit for every reason there is."""

    def known(value, otherwise=None):
        return otherwise if chance.random() < unknown else value

    def window(earliest: int, latest: int, longest: int) -> tuple[int, int]:
        first = TODAY + chance.randint(earliest, latest)
        return first, first + chance.randint(0, longest)

    def slots(first: int, last: int) -> list:
        kg = [chance.choice([0, 5_000, 20_000, 21_000, 60_000, 100_000]) for _ in range(3)]
        return once(kg[0], first, last) if chance.random() < 0.5 else monthly(kg, first, last)

    def certificates() -> dict:
        held = {}
        for kind in range(len(KINDS)):
            state = known(chance.choice([1, 1, 1, -1]), 0)
            first = chance.choice([FAR_PAST, TODAY, TODAY + 40, TODAY + 70])
            held[kind] = (state, first, chance.choice([FAR_FUTURE, first + 30, TODAY + 60]))
        return held

    def value_set() -> frozenset:
        return frozenset(chance.sample("abcd", chance.randint(1, 3)))

    def ends() -> tuple[float | None, float | None]:
        low, high = sorted([chance.randint(0, 12) / 10, chance.randint(0, 12) / 10])
        return chance.choice([(low, high), (low, None), (None, high), (low, high)])

    def parameters(is_offer: bool) -> dict:
        stated = {}
        for parameter in range(len(PARAMETERS)):
            if chance.random() < (0.7 if is_offer else 0.4):
                facts = (
                    asks(values=value_set()) if chance.random() < (0.8 if parameter == 1 else 0.1) else asks(*ends())
                )
                stated[parameter] = facts | ({"is_choice": parameter == 1} if is_offer else {})
        return stated

    def some(items, least: int = 0) -> set:
        return {item for item in items if chance.random() < 0.5} or set(list(items)[:least])

    def kinds() -> set:
        return {kind for kind in range(len(KINDS)) if chance.random() < 0.2}

    def shared() -> dict:
        return {
            "company": chance.randint(1, 8),
            "country": chance.randint(0, 1),
            "is_active": chance.random() < 0.95,
            "screening": known(chance.choice([1] * 19 + [-1]), 0),
            "certificates": certificates(),
            "terms": known(some(range(len(TERMS)), 1), set()),
            "place": chance.randrange(N_PLACES),
            "trust": chance.choice([0.0, 0.3, 0.6, 0.8, 1.0]),
        }

    def one_need(id: int) -> dict:
        wanted = window(0, 80, 100)
        facts = {
            "accepts": chance.sample(NODES, chance.choice([1, 1, 2])),
            "origins": {0, 1, 2} if chance.random() < 0.8 else {chance.randint(0, 1)},
            "window": wanted,
            "slots": slots(*wanted),
            "smallest_share_kg": chance.choice([0, 0, 10_000, 40_000]),
            "limit": known(float(chance.choice([700, 900, 1000, 1100, 1300]))),
            "requires": kinds(),
            "asked": parameters(is_offer=False),
        }
        return need(id, **shared(), **facts)

    def one_capacity(id: int) -> dict:
        available = window(-30, 60, 90)
        facts = {
            "node": chance.choice(NODES),
            "window": available,
            "slots": slots(*available),
            "lead": known(chance.choice([0, 7, 30])),
            "lot_kg": known(chance.choice([1, 5_000, 20_000, 25_000])),
            "multiple_kg": chance.choice([0, 0, 1_000, 20_000]),
            "ask": known(float(chance.choice([600, 750, 850, 985, 1200]))),
            "offered": parameters(is_offer=True),
        }
        return capacity(id, **shared(), **facts)

    def one_lane(routes: int = most_routes) -> dict:
        low = chance.choice([0, 14, 20, 35])
        cost = chance.choice([40.0, 100.0, 150.5])
        lines = [(1.0, cost, cost + chance.choice([0.0, 25.0])), (1.05, cost - 20, cost)]
        return lane(
            days=known((low, low + chance.choice([0, 10, 30]))),
            lines=known(lines, [(1.0, None, None)] * 2),
            steeper=chance.choice([0.0, 0.01]),
            at_least=chance.choice([0.0, 40.0, None]),
            at_least_slope=chance.choice([1.0, 1.1]),
            then=one_lane(routes - 1) if routes > 1 and chance.random() < 0.3 else None,
            law_seller=kinds(),
            law_buyer=kinds(),
            voluntary=kinds(),
        )

    ids = chance.sample(range(1, 10 * (n_needs + n_capacities) + 10), n_needs + n_capacities)
    places = [(departure, arrival) for departure in range(N_PLACES) for arrival in range(N_PLACES)]
    return rows(
        [one_need(id) for id in ids[:n_needs]],
        [one_capacity(id) for id in ids[n_needs:]],
        {place: one_lane() for place in places if chance.random() < 0.95},
        closed={(0, 0)} if chance.random() < 0.3 else set(),
    )


@st.composite
def market_rows(draw, most: int = 6, most_routes: int = 3) -> dict:
    """Random markets that hypothesis can shrink."""
    chance = draw(st.randoms(use_true_random=False))
    sizes = draw(st.integers(0, most)), draw(st.integers(0, most))
    return random_rows(chance, *sizes, draw(st.sampled_from([0.0, 0.3, 0.7])), most_routes)


def permuted(market: dict, chance: random.Random) -> dict:
    """The same facts with every list in another order."""

    def shuffled(items):
        return chance.sample(list(items), len(items))

    def mixed(row: dict) -> dict:
        mixed = dict(row)
        for key in ("slots", "accepts"):
            if key in mixed:
                mixed[key] = shuffled(mixed[key])
        for key in ("asked", "offered"):
            if key in mixed:
                mixed[key] = dict(shuffled(mixed[key].items()))
        return mixed

    return market | {
        "needs": [mixed(row) for row in shuffled(market["needs"])],
        "capacities": [mixed(row) for row in shuffled(market["capacities"])],
        "lanes": dict(shuffled(market["lanes"].items())),
    }


def every_pair(market: dict) -> list[tuple[int, int]]:
    return [(a["id"], b["id"]) for a in market["needs"] for b in market["capacities"]]
