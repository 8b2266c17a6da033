"""What the shards of a run found, read back from their bytes as rows; a row at a time, for a shard may be large."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import numpy as np

from matching import engine
from matching.engine.book import Book
from matching.engine.market import Market
from matching.engine.pairs import blocks
from matching.engine.solution import PairTable, in_ppm
from matching.models import Run, RunShard
from matching.services.decimals import is_kept
from matching.services.facts import Facts


def solved_shards(run: Run) -> Iterator[tuple[Market, engine.Solution]]:
    """The shards in the order of their numbers, one after the other."""
    for pk in run.shards.order_by("number").values_list("pk", flat=True):
        yield solved_shard(pk)


def solved_shard(shard_id: int) -> tuple[Market, engine.Solution]:
    market, result = RunShard.objects.values_list("market", "result").get(pk=shard_id)
    return Market.from_bytes(bytes(market)), engine.Solution.from_bytes(bytes(result))


def is_found(pairs: PairTable) -> np.ndarray:
    """Which pairs the run itself lists; the others are told of only because people decided upon them; bool (x,)."""
    return (pairs.rank_for_need > 0) | (pairs.rank_for_capacity > 0) | (pairs.planned_kg > 0)


def pair_rows(
    market: Market, solution: engine.Solution, as_of: date, chosen: np.ndarray | None = None
) -> Iterator[dict]:
    """One row a pair: what MatchResult keeps, in the order of (need, capacity). Facts are made block by block.

    `chosen` are the rows of the pairs that are wanted; all of them where it is not given.
    """
    pairs = solution.pairs
    chosen = np.arange(len(pairs)) if chosen is None else chosen
    book = Book(market, as_of.toordinal())
    # Rows of a book stand in the order of the ids.
    need = np.searchsorted(book.market.needs.id, pairs.need_id[chosen])
    capacity = np.searchsorted(book.market.capacities.id, pairs.capacity_id[chosen])
    for block in blocks(book, need, capacity):
        facts = Facts(book, need[block], capacity[block])
        for at, i in enumerate(chosen[block].tolist()):
            yield pair_row(pairs, i, facts.of_pair(at))


def facts_of_pairs(book: Book, pairs: PairTable) -> Iterator[dict]:
    """What the rules compared of every pair, made block by block, in their order."""
    need, capacity = (
        np.searchsorted(book.needs.id, pairs.need_id),
        np.searchsorted(book.capacities.id, pairs.capacity_id),
    )
    for block in blocks(book, need, capacity):
        facts = Facts(book, need[block], capacity[block])
        yield from (facts.of_pair(at) for at in range(block.stop - block.start))


def pair_row(pairs: PairTable, i: int, facts: dict) -> dict:
    verdicts = dict(zip(engine.RULE_CODES, pairs.verdicts[i].tolist(), strict=True))
    components = dict(zip(engine.COMPONENTS, pairs.components[i].tolist(), strict=True))
    low, high = landed(pairs, i)
    return {
        "need_id": int(pairs.need_id[i]),
        "capacity_id": int(pairs.capacity_id[i]),
        "score_ppm": int(in_ppm(pairs.score[i])),
        "could_reach_ppm": int(in_ppm(pairs.could_reach[i])),
        "components": {name: known(value, 6) for name, value in components.items()},
        "verdicts": verdicts,
        "facts": facts,
        "rank_for_need": int(pairs.rank_for_need[i]) or None,
        "rank_for_capacity": int(pairs.rank_for_capacity[i]) or None,
        "movable_kg": not_negative(pairs.movable_kg[i]),
        "planned_kg": int(pairs.planned_kg[i]),
        "landed_low_usd_per_t": low,
        "landed_high_usd_per_t": high,
        "days_low": not_negative(pairs.days_low[i]),
        "days_high": not_negative(pairs.days_high[i]),
        "known_rules": sum(verdict != 0 for verdict in verdicts.values()),
        "failed_rules": [rule for rule, verdict in verdicts.items() if verdict < 0],
    }


def allocation_rows(solution: engine.Solution) -> list[dict]:
    given = solution.allocations
    columns = (given.need_id, given.capacity_id, given.ship_month, given.deliver_month, given.kg)
    return [
        {
            "need_id": need,
            "capacity_id": capacity,
            "ship_month": first_day(ship),
            "deliver_month": first_day(deliver),
            "quantity_kg": kg,
        }
        for need, capacity, ship, deliver, kg in sorted(zip(*(column.tolist() for column in columns), strict=True))
    ]


def near_miss_rows(solution: engine.Solution) -> list[dict]:
    names = ("need_id", "capacity_id", "rule", "side", "change", "effort", "score_ppm")
    return [{name: getattr(miss, name) for name in names} for miss in solution.near_misses]


def known(value: float, digits: int) -> float | None:
    return None if np.isnan(value) else round(float(value), digits)


def not_negative(value: int) -> int | None:
    return None if value < 0 else int(value)


def landed(pairs: PairTable, i: int) -> tuple[Decimal | None, Decimal | None]:
    """Landed cost from and to, as a result keeps it."""
    low, high = pairs.landed_low[i], pairs.landed_high[i]
    return (money(low), money(high)) if is_kept(low, high) else (None, None)


def money(value: float) -> Decimal | None:
    return None if np.isnan(value) else Decimal(repr(float(value))).quantize(Decimal("0.01"))


def first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)
