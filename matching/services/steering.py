"""What staff ask of the plan: a pair it has to hold, a pair it may not hold; and how a run follows them.

A run takes the instructions that are in force when its book is cut, and keeps them in its shards: so it can be
solved again and gives the same. An instruction that cannot be followed is left out with its reason; no run fails for
it. How kilograms "in all" become months is told in docs/adr/0008.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from matching import engine
from matching.engine.book import Book
from matching.engine.division import Ban, Pin, months_of_pairs
from matching.engine.market import NOT_KNOWN_KG, Market
from matching.engine.pairs import Pairs
from matching.engine.rules import FAIL, judge
from matching.enums import InstructionKind, LeftOut
from matching.models import Match, PlanInstruction

PINS_IN_CONFLICT = "pins_in_conflict"  # counted by a solution whose plan had to be made without its pins

# --- what staff say


@transaction.atomic
def instruct(
    *, match: Match, kind: InstructionKind, reason: str, set_by, quantity_kg: int | None = None, seen: str | None = None
) -> PlanInstruction:
    """Ask the plan to hold a pair, or to leave it out, from the next run on. What was asked of it before is lifted.

    `seen` is the instruction that the person had before their eyes, by number ("" for none): what somebody else asked
    meanwhile is not overruled unseen. None where nobody looked.
    """
    match = Match.objects.select_for_update().get(pk=match.pk)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why, so that colleagues can follow it.")})
    if kind == InstructionKind.BAN:
        quantity_kg = None
    last = in_force_of(match)
    if last and (last.kind, last.quantity_kg, last.reason) == (kind, quantity_kg, reason):
        return last  # a second tab, or a second press
    if seen is not None and seen != number_of(last):
        raise ValidationError(_("Meanwhile somebody asked something else of this pair. Look at it, then ask again."))
    if last:
        _lift(last, set_by)
    asked = PlanInstruction(match=match, kind=kind, quantity_kg=quantity_kg, reason=reason, set_by=set_by)
    asked.full_clean()
    asked.save()
    return asked


@transaction.atomic
def lift(*, instruction: PlanInstruction, lifted_by) -> PlanInstruction:
    """Let the plan decide about the pair again, from the next run on. Lifting twice does no harm."""
    instruction = PlanInstruction.objects.select_for_update().get(pk=instruction.pk)
    if instruction.lifted_at is None:
        _lift(instruction, lifted_by)
    return instruction


def _lift(instruction: PlanInstruction, lifted_by) -> None:
    instruction.lifted_by, instruction.lifted_at = lifted_by, timezone.now()
    instruction.save(update_fields=["lifted_by", "lifted_at"])


def in_force_of(match: Match) -> PlanInstruction | None:
    return match.instructions.in_force().first()


def number_of(instruction: PlanInstruction | None) -> str:
    """An instruction as a form carries it."""
    return str(instruction.pk) if instruction else ""


# --- how a run takes them


def asked_now() -> list[dict]:
    """The instructions in force, in the order in which they were given, as a shard keeps them."""
    rows = PlanInstruction.objects.in_force().order_by("set_at", "pk")
    names = ("pk", "kind", "match__need_id", "match__capacity_id", "quantity_kg")
    return [
        {"id": pk, "kind": kind, "need": need, "capacity": capacity, "kg": kg}
        for pk, kind, need, capacity, kg in rows.values_list(*names)
    ]


@dataclass
class Steered:
    """What the engine is asked, and what could not be asked of it: instruction -> why, with the facts of it."""

    pins: list[Pin] = field(default_factory=list)
    pinned: list[int] = field(default_factory=list)  # the instructions that pins stand for
    bans: list[Ban] = field(default_factory=list)
    left_out: dict[int, dict] = field(default_factory=dict)


def steered(book: Book, asked: Sequence[dict] | None) -> Steered:
    """What the engine is asked for one part of the book. The same book and instructions give the same answer."""
    found = Steered()
    # What pins have taken already of each slot: pins share them in the order in which they were given.
    supply_kg, demand_kg = book.capacities.slot_kg.copy(), book.needs.slot_kg.copy()
    for told in asked or ():
        pair = told["need"], told["capacity"]
        if told["kind"] == InstructionKind.BAN:
            found.bans.append(pair)
            continue
        pins, why = pins_of(book, told, supply_kg, demand_kg)
        found.pins += pins
        if why:
            found.left_out[told["id"]] = why
        else:
            found.pinned.append(told["id"])
    return found


def solve_steered(
    market: Market, table: engine.ScoreTable, *, as_of: int, asked: Sequence[dict] | None, **options
) -> engine.Solution:
    """What the engine makes of a market around what staff ask of its plan.

    Each pin can be followed, and all of them together; should the engine still find no plan that does, it is made
    without them, and the solution counts it.
    """
    if not asked:
        return engine.solve(market, table, as_of=as_of, **options)
    found = steered(Book(market, as_of), asked)
    solution = engine.solve(market, table, as_of=as_of, pins=found.pins, bans=found.bans, **options)
    if not found.pins or solution.plan_status in ("optimal", "feasible"):
        return solution
    solution = engine.solve(market, table, as_of=as_of, bans=found.bans, **options)
    return replace(solution, counts=solution.counts | {PINS_IN_CONFLICT: 1})


def left_out_of(market: Market, as_of: int, asked: Sequence[dict] | None, solution: engine.Solution) -> dict[int, dict]:
    """Why the plan of a part follows some instructions not: instruction -> why."""
    if not asked:
        return {}
    found = steered(Book(market, as_of), asked)
    if solution.counts.get(PINS_IN_CONFLICT):
        return found.left_out | {pk: {"why": LeftOut.CONFLICT} for pk in found.pinned}
    return found.left_out


def pins_of(book: Book, told: dict, supply_kg: np.ndarray, demand_kg: np.ndarray) -> tuple[list[Pin], dict | None]:
    """A pin as the engine takes it, month by month, or why it cannot be.

    Kilograms "in all" fill the earliest months first, each with at least the pair's smallest quantity; without a
    quantity it is the smallest quantity in the earliest month. Takes what it pins from both slots.
    """
    need, capacity = _row(book.needs.id, told["need"]), _row(book.capacities.id, told["capacity"])
    rows = np.array([need]), np.array([capacity])
    failed = [
        rule
        for rule, answer in zip(engine.RULE_CODES, judge(Pairs(book, *rows))[0].tolist(), strict=True)
        if answer == FAIL
    ]
    if failed:
        return [], {"why": LeftOut.FAILS, "rules": failed}
    _pair, supply, demand, ship, deliver, most_kg = months_of_pairs(book, *rows)
    if not len(supply):
        return [], {"why": LeftOut.NO_MONTH}
    smallest, multiple = _smallest_kg(book, need, capacity)
    wanted = told["kg"] or smallest
    pins, taken = [], []
    for at in np.lexsort((deliver, ship)).tolist():
        left = wanted - sum(kg for _at, kg in taken)
        if left <= 0:
            break
        room = min(int(most_kg[at]), int(supply_kg[supply[at]]), int(demand_kg[demand[at]])) // multiple * multiple
        kg = min(room, max(smallest, -(-left // multiple) * multiple))
        if kg < smallest:
            continue
        supply_kg[supply[at]] -= kg
        demand_kg[demand[at]] -= kg
        taken.append((at, kg))
        pins.append((told["need"], told["capacity"], int(ship[at]), int(deliver[at]), kg))
    can_kg = sum(kg for _at, kg in taken)
    if can_kg >= wanted:
        return pins, None
    for at, kg in taken:  # the others may have it
        supply_kg[supply[at]] += kg
        demand_kg[demand[at]] += kg
    return [], {"why": LeftOut.TOO_MUCH, "can_kg": can_kg, "asked_kg": wanted}


def _row(ids: np.ndarray, wanted: int) -> int:
    return int(np.searchsorted(ids, wanted))


def _smallest_kg(book: Book, need: int, capacity: int) -> tuple[int, int]:
    """The least that a shipment of the pair may be, and its step: as the plan takes them."""
    lot = int(book.capacities.lot_kg[capacity])
    multiple = max(int(book.capacities.multiple_kg[capacity]), 1)
    least = max(0 if lot == NOT_KNOWN_KG else lot, int(book.needs.smallest_share_kg[need]), 1)
    return -(-least // multiple) * multiple, multiple


def of_part(asked: Iterable[dict], needs: set[int], capacities: set[int]) -> list[dict]:
    """The instructions whose pair lies in one part of the book."""
    return [told for told in asked if told["need"] in needs and told["capacity"] in capacities]
