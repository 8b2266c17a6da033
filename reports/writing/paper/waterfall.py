"""Landed cost as bars, each of which begins where the one before it ended."""

from decimal import Decimal

from django.utils.translation import gettext as _

from accounts import figures
from reports.document import Cell, Step, Waterfall
from reports.writing.paper.speech import Speech

NOUGHT = Decimal(0)


def waterfall(block: Waterfall, speech: Speech) -> dict:
    """The lines of a cost with their bars as shares of the longest; what is taken out goes back to the left."""
    limit = _exact(block.limit)
    whole = max(_reach(block), limit or NOUGHT, Decimal(1))
    so_far, steps = NOUGHT, []
    for step in block.steps:
        low, high = _exact(step.low), _exact(step.high)
        known = low if low is not None else high
        start = NOUGHT if step.is_total else so_far
        steps.append(
            {
                "label": speech.text(step.label),
                "figure": speech.words(lambda step=step, first=not steps: _amount(step, is_first=first)),
                "is_total": step.is_total,
                "is_taken_out": known is not None and known < 0,
                "start": share(start + min(known or NOUGHT, NOUGHT), whole),
                "low": None if known is None else share(abs(known), whole),
                "more": share(max(high - low, NOUGHT), whole) if low is not None and high is not None else 0,
            }
        )
        so_far += NOUGHT if step.is_total else known or NOUGHT
    return {
        "title": speech.text(block.title),
        "note": speech.text(block.note),
        "unit": speech.words(lambda: _("USD/t")),
        "steps": steps,
        "limit": None if limit is None else share(limit, whole),
    }


def _reach(block: Waterfall) -> Decimal:
    """The furthest that any bar goes."""
    so_far = furthest = NOUGHT
    for step in block.steps:
        ends = [end for end in (_exact(step.low), _exact(step.high)) if end is not None]
        if ends:
            furthest = max(furthest, (NOUGHT if step.is_total else so_far) + max(ends))
            so_far += NOUGHT if step.is_total else ends[0]
    return furthest


def share(part: Decimal, whole: Decimal) -> float:
    return round(float(part / whole), 5)


def _exact(end: Cell) -> Decimal | None:
    return Decimal(end) if end else None


def _amount(step: Step, *, is_first: bool) -> str:
    """985.00, +58.00-64.00: with the decimals it was given, and a sign for what is added or taken out."""
    ends = [end for end in (step.low, step.high) if end]
    if not ends:
        return _("not known")
    amounts = [Decimal(end) for end in ends]
    told = [figures.decimal(abs(amount), _places(end)) for amount, end in zip(amounts, ends, strict=True)]
    written = figures.span(told[0], told[-1])
    if step.is_total or (is_first and amounts[0] >= 0):
        return written
    return f"{figures.MINUS}{written}" if amounts[0] < 0 else f"+{written}"


def _places(number: str) -> int:
    return len(number.partition(".")[2])
