"""What is read out of a person's own words: facts, each with the letters it was read from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

KILOGRAMS = {"t": Decimal(1000), "quintal": Decimal(100), "kg": Decimal(1)}


@dataclass(frozen=True)
class Quantity:
    """An amount in the unit that was written.

    Units: t, kg, quintal, l, m3, pcs, box20, box40, container (of no size told), wagon, truck, bag, carton. What one
    litre, piece, box, wagon or bag weighs hangs on the goods. `up_to` is the other end of 40-50 t.
    """

    amount: Decimal
    unit: str
    up_to: Decimal | None = None

    @property
    def kilograms(self) -> Decimal | None:
        return self.amount * KILOGRAMS[self.unit] if self.unit in KILOGRAMS else None


@dataclass(frozen=True)
class Price:
    """Money for a unit (t, kg, quintal, or not said) in a currency (or not said)."""

    amount: Decimal
    currency: str = ""
    unit: str = ""
    up_to: Decimal | None = None


@dataclass(frozen=True)
class Window:
    """From one day until another, both within; an end that is not said is None."""

    first: date | None
    last: date | None


@dataclass(frozen=True)
class Share:
    """A percentage or a range of it. `of`: the word before it, which may be the goods or a parameter of them."""

    of: str
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class Fact:
    """One thing that was read, from the letters `start` to `end` of the text.

    Where they can be read in two ways `value` is None and `alternatives` are both: a question to the person, and no
    guess. Kinds and their values: side (need, capacity), quantity and lot (Quantity), packaging (Quantity of one pack),
    period (once, daily, weekly, monthly, quarterly, yearly), price (Price), incoterm (a code), named_place, origin,
    destination, place (codes of places), unknown_place (the words), window (Window), payment (a code of PaymentTerm),
    weight_basis (net, gross, glazed), lead_days (a number), glaze, tolerance and share (Share).
    """

    kind: str
    value: Any
    start: int
    end: int
    alternatives: tuple = ()

    @property
    def is_question(self) -> bool:
        return self.value is None


@dataclass(frozen=True)
class OwnWords:
    """All that was read, in the order of the text, and the words that are left: the goods."""

    facts: tuple[Fact, ...]
    goods: str

    def of_kind(self, kind: str) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.kind == kind)
