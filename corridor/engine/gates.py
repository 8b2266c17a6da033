"""What the law of a way asks of which goods, and how sure that is on a day. No Django, no clock.

A rule *holds* from its first to its last day. One whose source is older than `STALE_AFTER_MONTHS` is *stale*: it still
holds as far as anybody knows, and is shown in amber, to be looked up again before somebody relies on it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

HOLDS, STALE, NOT_YET, EXPIRED = "holds", "stale", "not_yet", "expired"

STALE_AFTER_MONTHS = 18

# What a rule is to those who trade: what refuses a pair, what is asked about, what goes with each consignment.
GATE, QUESTION, CONSIGNMENT = "gate", "question", "consignment"
ROLES = (GATE, QUESTION, CONSIGNMENT)

STANDING, BEFORE_CONTRACT, PER_SHIPMENT = "standing", "before_contract", "per_shipment"
STAGES = (STANDING, BEFORE_CONTRACT, PER_SHIPMENT)  # what is only to know is no paper
BEARERS = ("seller", "buyer", "shipment", "")

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NAMED_DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)})[a-z]* (\d{{4}})\b")

Way = tuple[str, str]
Interval = tuple[int, int]


class Goods(Protocol):
    """A node of the tree of commodities with its half-open interval [lo, hi), and the sector of what lies there."""

    lo: int
    hi: int
    sector: str


@dataclass(frozen=True)
class Rule:
    """One thing that the law, or custom, asks on some ways.

    It speaks of the commodities in the interval `tree`, else of the `sectors`, else of all goods.

    Args:
        kind: mandatory, mandatory_on_request, voluntary, fiscal, preference or info.
        stage: standing, before_contract, per_shipment or info.
        bearer: who has to hold it or get it: seller, buyer or shipment.
        source_day: the newest day that its source names; None: not known.
        is_confirmed: whether it is known to enter into force at all; an agreement may be signed and wait.
        may_refuse: whether it is standing law, verified in its text and classified: nothing else refuses a pair.
    """

    code: str
    ways: frozenset[Way]
    sectors: frozenset[str]
    tree: Interval | None
    kind: str
    stage: str
    bearer: str
    legal_basis: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    source_day: date | None = None
    is_confirmed: bool = True
    may_refuse: bool = False

    def __post_init__(self):
        if self.may_refuse and not (self.stage == STANDING and self.kind == "mandatory"):
            raise ValueError(f"{self.code}: only a standing mandatory requirement refuses a pair")

    @property
    def role(self) -> str:
        if self.may_refuse:
            return GATE
        return CONSIGNMENT if self.stage == PER_SHIPMENT else QUESTION

    def applies(self, goods: Goods, way: Way) -> bool:
        return way in self.ways and speaks_of(goods, self.tree, self.sectors)

    def state(self, on: date) -> str:
        """How it stands on a day."""
        if not self.is_confirmed:
            return NOT_YET
        return state_of(self.valid_from, self.valid_to, self.source_day, on)


@dataclass(frozen=True)
class Gate:
    """A rule that applies to some goods on a way, and how it stands on the day that was asked about."""

    rule: Rule
    state: str

    @property
    def refuses(self) -> bool:
        """Whether a pair without it is refused on that day."""
        return self.rule.may_refuse and self.state in (HOLDS, STALE)


def gates_of(
    goods: Goods, way: Way, rules: Iterable[Rule], on: date, *, announced_until: date | None = None
) -> list[Gate]:
    """What is asked of goods on a way: what holds on the day, what begins up to `announced_until`, what only waits.

    In the order in which it matters: what refuses a pair, what is asked about, what each consignment needs; by stage,
    by who has to get it, by code.
    """
    found = []
    for rule in rules:
        state = rule.state(on)
        if state == NOT_YET and rule.is_confirmed and not begins_by(rule, announced_until):
            continue
        if state != EXPIRED and rule.stage in STAGES and rule.applies(goods, way):
            found.append(Gate(rule, state))
    return sorted(found, key=lambda gate: order_of(gate.rule))


def begins_by(rule: Rule, day: date | None) -> bool:
    return day is not None and rule.valid_from is not None and rule.valid_from <= day


def order_of(rule: Rule) -> tuple:
    return ROLES.index(rule.role), STAGES.index(rule.stage), BEARERS.index(rule.bearer), rule.code


def state_of(valid_from: date | None, valid_to: date | None, source_day: date | None, on: date) -> str:
    """How something with a first and a last day stands on a day; a day that is not known sets no bound."""
    if valid_from is not None and on < valid_from:
        return NOT_YET
    if valid_to is not None and on > valid_to:
        return EXPIRED
    return STALE if is_stale(source_day, on) else HOLDS


def is_stale(source_day: date | None, on: date) -> bool:
    """Whether a source is too old to be relied on unseen. One whose day is not known is not called old."""
    return source_day is not None and source_day < oldest_fresh(on)


def oldest_fresh(on: date) -> date:
    """The first day that is not yet too long ago: so many months back, at the latest that month's last day."""
    months = on.year * 12 + on.month - 1 - STALE_AFTER_MONTHS
    year, month = divmod(months, 12)
    for day in range(on.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:  # the month is shorter
            continue
    return date(year, month + 1, min(on.day, 28))


def source_day(source: str) -> date | None:
    """The newest day that a source names, as in "kontan.co.id 18 Jan 2026"; None where it names none."""
    found = []
    for day, month, year in NAMED_DAY.findall(source):
        try:
            found.append(date(int(year), MONTHS.index(month) + 1, int(day)))
        except ValueError:  # no such day: it dates nothing
            continue
    return max(found, default=None)


def speaks_of(goods: Goods, tree: Interval | None, sectors: Iterable[str]) -> bool:
    """Whether a rule for a part of the tree, else for sectors, else for all goods, binds these goods."""
    if tree is not None:
        lo, hi = tree
        return lo <= goods.lo and goods.hi <= hi
    return not sectors or goods.sector in sectors
