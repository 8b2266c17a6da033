"""Facts as one line of text each, so that whole answers can be written down and compared."""

import datetime as dt
from decimal import Decimal

from companies.own_words import Fact, OwnWords, Price, Quantity, Share, Window
from companies.own_words.scanning import LONGEST


def told(text: str, answer: OwnWords) -> list[str]:
    """`quantity "1.290 kg" ? 1290 kg | 1.29 kg`, and last what is left for the goods."""
    return [*(_fact(text, fact) for fact in answer.facts), f"goods = {answer.goods}"]


def _fact(text: str, fact: Fact) -> str:
    words = text[:LONGEST][fact.start : fact.end]
    if fact.is_question:
        return f'{fact.kind} "{words}" ? ' + " | ".join(_value(one) for one in fact.alternatives)
    return f'{fact.kind} "{words}" = {_value(fact.value)}'


def _value(value) -> str:
    match value:
        case Quantity():
            return f"{_ends(value.amount, value.up_to or value.amount)} {value.unit}"
        case Price():
            return (
                f"{_ends(value.amount, value.up_to or value.amount)} {value.currency or 'money'}/{value.unit or 'unit'}"
            )
        case Share():
            return f"{value.of} {_ends(value.low, value.high)}".strip()
        case Window():
            return _ends(value.first, value.last)
    return value or "none"


def _ends(low: Decimal | dt.date | None, high: Decimal | dt.date | None) -> str:
    shown = ["" if end is None else str(end) for end in (low, high)]
    return shown[0] if low == high else "..".join(shown)
