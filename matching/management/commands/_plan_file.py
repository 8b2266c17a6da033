"""The file that `solve_plan` reads and the answer it gives: docs/plan.md tells the format.

Numbers are never floats here. A value is a decimal of any size and is scaled to whole numbers by a power of ten; the
answer is scaled back and written out digit by digit.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
from django.utils.translation import gettext as _

from matching.engine.plan import SENSES, PlanProblem
from matching.engine.plan.shares import PPM
from matching.engine.plan.within import Within
from matching.management.commands._plan_numbers import (
    PlanFileError,
    decimal_in,
    number_in,
    optional_kg,
    scaled,
    shown,
    whole_kg,
    written_out,
)

MOST_BYTES = 256 * 1024 * 1024
KEYS = {"sense", "ship_all", "supplies", "demands", "pairs", "pins", "bans"}
LIMIT_KEYS = {"share_cap", "companies", "needs", "group", "floor"}
PAIR_KEYS = {"supply", "demand", "value", "max_kg", "lot_kg", "smallest_share_kg"}
PIN_KEYS = {"supply", "demand", "kg"}
BAN_KEYS = {"supply", "demand"}


@dataclass(frozen=True)
class FileLimits:
    """A cap on one company's share of a need, and a floor for the group."""

    cap_ppm: int
    floor_kg: int | None
    company: np.ndarray  # (n_supplies,)
    need: np.ndarray  # (n_demands,)

    @property
    def is_none(self) -> bool:
        return self.cap_ppm >= PPM and self.floor_kg is None


@dataclass(frozen=True)
class PlanFile:
    """The problem with the names of its rows, in the fixed order, and the decimals its values were scaled by."""

    problem: PlanProblem
    supplies: Sequence[str]
    demands: Sequence[str]
    decimals: int
    limits: FileLimits

    def pair(self, arc: int) -> dict[str, str]:
        """The names at both ends of an arc."""
        supply, demand = self.problem.arc_supply[arc], self.problem.arc_demand[arc]
        return {"supply": self.supplies[supply], "demand": self.demands[demand]}


def read_plan_file(path: Path) -> PlanFile:
    """The problem in the file. Raises PlanFileError when it is not one."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise PlanFileError(_("%(file)s is larger than 256 MB.") % {"file": path})
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise PlanFileError(_("%(file)s cannot be read: %(why)s.") % {"file": path, "why": error.strerror}) from error
    except UnicodeDecodeError as error:
        raise PlanFileError(_("%(file)s is not UTF-8 text.") % {"file": path}) from error
    return parse_plan(text, str(path))


def parse_plan(text: str, name: str) -> PlanFile:
    """The problem in the text of a file called `name`. Raises PlanFileError when it is not one."""
    try:
        content = json.loads(
            text, parse_int=Decimal, parse_float=decimal_in, parse_constant=Decimal, object_pairs_hook=_object
        )
    except json.JSONDecodeError as error:
        place = {"file": name, "line": error.lineno, "column": error.colno, "why": error.msg}
        raise PlanFileError(_("%(file)s, line %(line)s, column %(column)s is not JSON: %(why)s.") % place) from error
    except RecursionError as error:
        raise PlanFileError(_("%(file)s is nested too deeply to be a plan.") % {"file": name}) from error
    except PlanFileError as error:
        raise PlanFileError(f"{name}: {error}") from error
    try:
        return _plan_file(content)
    except PlanFileError as error:
        raise PlanFileError(f"{name}: {error}") from error


def _plan_file(content) -> PlanFile:
    _known_keys(content, KEYS | LIMIT_KEYS, {"supplies", "demands", "pairs"}, _("the file"))
    sense, ship_all = content.get("sense", "max"), content.get("ship_all", False)
    if sense not in SENSES:
        raise PlanFileError(_('"sense" must be "max" or "min", not %(given)s.') % {"given": shown(sense)})
    if not isinstance(ship_all, bool):
        raise PlanFileError(_('"ship_all" must be true or false, not %(given)s.') % {"given": shown(ship_all)})
    supplies, demands = _ends(content["supplies"], "supplies"), _ends(content["demands"], "demands")
    names = sorted(supplies), sorted(demands)
    row = tuple({end: at for at, end in enumerate(ends)} for ends in names)

    pairs = _pairs(content["pairs"], "pairs", row, PAIR_KEYS, {"value"})
    arcs = sorted(pairs)
    values = [number_in(pairs[arc]["value"], f"{pairs[arc]['place']}.value") for arc in arcs]
    decimals = max((-value.as_tuple().exponent for value in values), default=0)
    decimals = max(decimals, 0)
    pins = _named_arcs(content.get("pins", []), "pins", row, PIN_KEYS, pairs)
    bans = _named_arcs(content.get("bans", []), "bans", row, BAN_KEYS, pairs)

    def column(key: str, otherwise: int) -> list[int]:
        return [optional_kg(pairs[arc], key, otherwise) for arc in arcs]

    most_kg = max((*supplies.values(), *demands.values()), default=0)
    problem = PlanProblem(
        supply_kg=[supplies[end] for end in names[0]],
        demand_kg=[demands[end] for end in names[1]],
        arc_supply=[i for i, _j in arcs],
        arc_demand=[j for _i, j in arcs],
        arc_value=[scaled(value, decimals) for value in values],
        arc_max_kg=column("max_kg", most_kg),
        arc_lot_kg=column("lot_kg", 0),
        arc_smallest_share_kg=column("smallest_share_kg", 0),
        pinned=np.array([arc in pins for arc in arcs], dtype=bool),
        pin_kg=[optional_kg(pins[arc], "kg", 0) if arc in pins else 0 for arc in arcs],
        banned=np.array([arc in bans for arc in arcs], dtype=bool),
        sense=sense,
        ship_all=ship_all,
        group=_group(content.get("group", []), row[0]),
    )
    return PlanFile(problem, *names, decimals, _limits(content, *names))


# --- parts of the file ---


def _limits(content: dict, supplies: Sequence[str], demands: Sequence[str]) -> FileLimits:
    cap = number_in(content.get("share_cap", Decimal(1)), "share_cap")
    if not 0 <= cap <= 1 or cap.as_tuple().exponent < -6:
        raise PlanFileError(_('"share_cap" must be a share from 0 to 1 with up to six decimals.'))
    floor_kg = None if content.get("floor") is None else whole_kg(content["floor"], "floor")
    if floor_kg is not None and not content.get("group"):
        raise PlanFileError(_('"floor" asks something of a "group" that is not there.'))
    return FileLimits(
        int(cap * PPM),
        floor_kg,
        _owners(content.get("companies", {}), "companies", supplies),
        _owners(content.get("needs", {}), "needs", demands),
    )


def _owners(owner: dict, key: str, ends: Sequence[str]) -> np.ndarray:
    """Whose each supply or demand is, numbered; one that is not named is of its own."""
    if not isinstance(owner, dict) or not all(isinstance(name, str) for name in owner.values()):
        raise PlanFileError(_('"%(key)s" must be an object of names by name.') % {"key": key})
    for end in owner:
        if end not in ends:
            raise PlanFileError(_('"%(key)s" speaks of the unknown name %(name)s.') % {"key": key, "name": shown(end)})
    names = [(0, owner[end]) if end in owner else (1, end) for end in ends]
    number = {name: at for at, name in enumerate(sorted(set(names)))}
    return np.array([number[name] for name in names], dtype=np.int64)


def _group(names, rows: dict[str, int]) -> np.ndarray:
    if not isinstance(names, list):
        raise PlanFileError(_('"%(key)s" must be a list.') % {"key": "group"})
    group = np.zeros(len(rows), dtype=bool)
    for at, name in enumerate(names):
        group[_row({"supply": name}, "supply", rows, f"group[{at}]")] = True
    return group


def _ends(ends, key: str) -> dict[str, int]:
    """Kilograms by name."""
    if not isinstance(ends, dict):
        raise PlanFileError(_('"%(key)s" must be an object of kilograms by name.') % {"key": key})
    return {name: whole_kg(kg, f"{key}[{json.dumps(name, ensure_ascii=False)}]") for name, kg in ends.items()}


def _pairs(entries, key: str, row, keys: set[str], needed: set[str]) -> dict[tuple[int, int], dict]:
    """The entries of a list by the rows of their two ends; each entry learns its place."""
    if not isinstance(entries, list):
        raise PlanFileError(_('"%(key)s" must be a list.') % {"key": key})
    found = {}
    for at, entry in enumerate(entries):
        place = f"{key}[{at}]"
        _known_keys(entry, keys, {"supply", "demand"} | needed, place)
        ends = tuple(_row(entry, end, rows, place) for end, rows in zip(("supply", "demand"), row, strict=True))
        if ends in found:
            facts = {"place": place, "supply": shown(entry["supply"]), "demand": shown(entry["demand"])}
            raise PlanFileError(_("%(place)s names supply %(supply)s and demand %(demand)s a second time.") % facts)
        found[ends] = {**entry, "place": place}
    return found


def _named_arcs(entries, key: str, row, keys: set[str], pairs) -> dict[tuple[int, int], dict]:
    """Pins or bans: they may only speak of pairs that are listed."""
    named = _pairs(entries, key, row, keys, set())
    for arc, entry in named.items():
        if arc not in pairs:
            facts = {"place": entry["place"], "supply": shown(entry["supply"]), "demand": shown(entry["demand"])}
            raise PlanFileError(
                _('%(place)s names supply %(supply)s and demand %(demand)s, which "pairs" does not list.') % facts
            )
    return named


def _row(entry: dict, end: str, rows: dict[str, int], place: str) -> int:
    name = (
        str(entry[end]) if isinstance(entry[end], Decimal) else entry[end]
    )  # names are text as keys, may be numbers here
    if not isinstance(name, str) or name not in rows:
        raise PlanFileError(
            _("%(place)s names the unknown %(end)s %(name)s.") % {"place": place, "end": end, "name": shown(name)}
        )
    return rows[name]


def _known_keys(entry, keys: set[str], needed: set[str], place: str) -> None:
    if not isinstance(entry, dict):
        raise PlanFileError(_("%(place)s must be an object, not %(given)s.") % {"place": place, "given": shown(entry)})
    for key in entry:
        if key not in keys:
            facts = {"place": place, "key": shown(key), "keys": ", ".join(sorted(keys))}
            raise PlanFileError(_("%(place)s has the unknown key %(key)s; known are %(keys)s.") % facts)
    for key in sorted(needed):
        if key not in entry:
            raise PlanFileError(_('%(place)s lacks "%(key)s".') % {"place": place, "key": key})


# --- words ---


def _object(entries: list[tuple]) -> dict:
    """A JSON object in which no key stands twice: the second would silently replace the first."""
    content = dict(entries)
    if len(content) < len(entries):
        seen = set()
        twice = next(key for key, _entry in entries if key in seen or seen.add(key))
        raise PlanFileError(_("%(key)s stands twice in one object.") % {"key": shown(twice)})
    return content


def answer_json(file: PlanFile, within: Within) -> str:
    """The plan as JSON whose numbers are exact: read them with a decimal parser where they are longer than a float."""
    plan = within.plan
    flows = ",\n".join(
        f'    {{"supply": {_quoted(pair["supply"])}, "demand": {_quoted(pair["demand"])}, "kg": {kg}}}'
        for pair, kg in used_pairs(file, plan)
    )
    limits = (
        ()
        if file.limits.is_none
        else (
            f'  "cost_of_cap": {written_out(within.cost_of_cap, file.decimals)},',
            f'  "cost_of_floor": {written_out(within.cost_of_floor, file.decimals)},',
            f'  "group_kg": {plan.group_kg},',
            f'  "missing_kg": {within.missing_kg},',
        )
    )
    return "\n".join(
        (
            "{",
            f'  "status": "{plan.status}",',
            f'  "value": {written_out(plan.value, file.decimals)},',
            f'  "bound": {written_out(plan.bound, file.decimals)},',
            f'  "gap": {plan.gap or 0},',
            *limits,
            f'  "flows": [\n{flows}\n  ]' if flows else '  "flows": []',
            "}",
        )
    )


def used_pairs(file: PlanFile, plan) -> list[tuple[dict[str, str], int]]:
    """The pairs that carry something, by supply and demand, with their kilograms."""
    return [(file.pair(arc), int(plan.arc_kg[arc])) for arc in np.flatnonzero(plan.arc_kg).tolist()]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
