"""A run's plan as rows for people, written once when the run ends: what becomes of every listing, who supplies whom.

Why a listing keeps a rest is told from what the run found, not from the tables: so a what-if has the same answers.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from django.db import connection

from matching import engine
from matching.engine.market import Capacities, Market, Needs
from matching.enums import InstructionKind, LeftOut, Rest
from matching.models import PlanFlow, PlanLine, Run, RunShard
from matching.services.copying import write_rows
from matching.services.plan_rests import Rests
from matching.services.solved import first_day
from matching.services.steering import left_out_of
from matching.services.what_ifs import is_narrowed

LINE = (
    *("run_id", "need_id", "capacity_id", "commodity_id", "quantity_kg", "planned_kg", "left_kg"),
    *("rest", "why", "price_ppm", "price_month"),
)
FLOW = (
    *("run_id", "need_id", "capacity_id", "quantity_kg", "score_ppm"),
    *("first_month", "last_month", "months"),
)
GOODS_OF = {
    "need": """
        SELECT listing.id, (
            SELECT coalesce(accepted.commodity_id, min(member.commodity_id))
            FROM companies_needcommodity accepted
            LEFT JOIN commodities_commoditygroupmember member ON member.group_id = accepted.group_id
            WHERE accepted.need_id = listing.id
            GROUP BY accepted.id ORDER BY accepted.position LIMIT 1)
        FROM companies_need listing WHERE listing.id = ANY(%s) ORDER BY listing.id FOR KEY SHARE OF listing""",
    "capacity": """
        SELECT id, commodity_id FROM companies_capacity WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE""",
}

Goods = dict[int, int | None]  # listing -> its principal commodity; those that are there


def keep_without_other_side(run: Run, market: Market) -> None:
    """Listings whose goods nobody of the other side trades: no shard holds them, so they are told when it is cut."""
    if is_narrowed(run):
        return  # the rest of the book is left out as well
    needs, capacities = np.ones(len(market.needs.id), bool), np.ones(len(market.capacities.id), bool)
    for need_rows, capacity_rows in engine.components(market):
        needs[need_rows], capacities[capacity_rows] = False, False
    for side, listings, alone in (("need", market.needs, needs), ("capacity", market.capacities, capacities)):
        ids, kg = listings.id[alone], quantities(listings)[alone]
        goods = goods_of(side, ids)
        rows = (
            line(run, side, listing, goods, of, 0, (Rest.NOBODY if of else Rest.NONE, None), (0, None))
            for listing, of in zip(ids.tolist(), kg.tolist(), strict=True)
            if listing in goods
        )
        write_rows(PlanLine._meta.db_table, LINE, rows)


def keep(run: Run) -> dict:
    """Write the rows of every shard; what is to be counted of the run. Inside the transaction that ends the run."""
    greedy, left_out = 0, {}
    shards = run.shards.order_by("number").values_list("pk", flat=True)
    for pk in shards:
        shard = RunShard.objects.only("market", "result", "instructions").get(pk=pk)
        market = Market.from_bytes(bytes(shard.market))
        solution = engine.Solution.from_bytes(bytes(shard.result))
        left_out |= left_out_of(market, run.as_of.toordinal(), shard.instructions, solution)
        banned = {
            (told["need"], told["capacity"]) for told in shard.instructions or () if told["kind"] == InstructionKind.BAN
        }
        goods = {"need": goods_of("need", market.needs.id), "capacity": goods_of("capacity", market.capacities.id)}
        write_rows(PlanLine._meta.db_table, LINE, line_rows(run, market, solution, banned, goods))
        write_rows(PlanFlow._meta.db_table, FLOW, flow_rows(run, solution, goods))
        measured = solution.counts.get("greedy_value", None if solution.counts["candidates"] else 0)
        greedy = None if greedy is None or measured is None else greedy + measured
    _name_matches(run)
    counts = {} if greedy is None else {"greedy_value": str(greedy)}
    asked_of_shards = {told["id"] for row in run.shards.values_list("instructions", flat=True) for told in row or ()}
    for pk in run.counts.get("instructions", ()):
        if pk not in asked_of_shards:
            left_out[pk] = {"why": LeftOut.NOT_IN_BOOK.value}
    if left_out:
        counts["instructions_left_out"] = {str(pk): why for pk, why in sorted(left_out.items())}
    return counts


def _name_matches(run: Run) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE matching_planflow flow SET match_id = found.id FROM matching_match found
            WHERE flow.run_id = %s AND found.need_id = flow.need_id AND found.capacity_id = flow.capacity_id""",
            [run.pk],
        )


def goods_of(side: str, ids: np.ndarray) -> Goods:
    """The principal goods of listings, which stay until the transaction ends; those that are gone are left out."""
    with connection.cursor() as cursor:
        cursor.execute(GOODS_OF[side], [ids.tolist()])
        return dict(cursor.fetchall())


def quantities(listings: Needs | Capacities) -> np.ndarray:
    """All slots of each listing together; (n,)."""
    total = np.zeros(len(listings.id), np.int64)
    np.add.at(total, listings.slot_of, listings.slot_kg)
    return total


def line_rows(
    run: Run, market: Market, solution: engine.Solution, banned: set[tuple[int, int]], goods: dict[str, Goods]
) -> Iterator[Sequence]:
    """What becomes of every listing of a part of the book."""
    rests = Rests(market, solution, banned)
    for side, listings in (("need", market.needs), ("capacity", market.capacities)):
        prices = dearest(listings, solution.prices, side == "need")
        of_side = rests.side(side)
        rows = zip(listings.id.tolist(), of_side.quantity_kg.tolist(), of_side.planned_kg.tolist(), strict=True)
        for row, (listing, of, planned) in enumerate(rows):
            if listing in goods[side]:
                rest = rests.of(side, row) if of > planned else (Rest.NONE, None)
                yield line(run, side, listing, goods[side], of, planned, rest, prices.get(listing, (0, None)))


def line(run: Run, side: str, listing: int, goods: Goods, of: int, planned: int, rest, price) -> Sequence:
    why = None if rest[1] is None else json.dumps(rest[1], ensure_ascii=False)
    ends = (listing, None) if side == "need" else (None, listing)
    return (run.pk, *ends, goods[listing], of, planned, of - planned, rest[0].value, why, *price)


def dearest(listings: Needs | Capacities, prices, of_need: bool) -> dict[int, tuple[int, date | None]]:
    """What one more kilogram is worth at most in a month of a listing, and the first such month where it has many."""
    months = dict(
        zip(listings.id.tolist(), np.bincount(listings.slot_of, minlength=len(listings.id)).tolist(), strict=True)
    )
    found: dict[int, tuple[int, date | None]] = {}
    rows = np.flatnonzero(prices.of_need == of_need)
    columns = (prices.listing_id[rows].tolist(), prices.first_day[rows].tolist(), prices.ppm[rows].tolist())
    for listing, day, ppm in zip(*columns, strict=True):
        if ppm > found.get(listing, (0, None))[0]:
            month = date.fromordinal(day).replace(day=1) if months[listing] > 1 else None
            found[listing] = ppm, month
    return found


def flow_rows(run: Run, solution: engine.Solution, goods: dict[str, Goods]) -> Iterator[Sequence]:
    """Who supplies whom: one row a pair, its months in order."""
    given, pairs = solution.allocations, solution.pairs
    score = dict(
        zip(zip(pairs.need_id.tolist(), pairs.capacity_id.tolist(), strict=True), pairs.score_ppm.tolist(), strict=True)
    )
    columns = (given.need_id, given.capacity_id, given.ship_month, given.deliver_month, given.kg)
    months: dict[tuple[int, int], list] = {}
    for need, capacity, ship, deliver, kg in sorted(zip(*(column.tolist() for column in columns), strict=True)):
        months.setdefault((need, capacity), []).append((first_day(ship), first_day(deliver), kg))
    for (need, capacity), parts in months.items():
        if need in goods["need"] and capacity in goods["capacity"]:
            told = json.dumps([[ship.isoformat(), deliver.isoformat(), kg] for ship, deliver, kg in parts])
            kg, first = sum(kg for _ship, _deliver, kg in parts), min(ship for ship, *_rest in parts)
            last = max(deliver for _ship, deliver, _kg in parts)
            yield run.pk, need, capacity, kg, score[need, capacity], first, last, told
