"""Why a partner fits, told to one side: the answer of each rule in words, with that side's own facts and no other's.

What the other side states (its prices, days, places, terms, certificates' numbers) is not read here at all, but for
what the law or a buyer asks for: kinds of certificates and names of parameters are advice to whoever has to show them.
`facts` of a rule is what a run stored, see `matching/texts/verdicts.py`; `side` is the reader's own: buyer or seller.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.enums import Side
from matching.texts import figures
from matching.texts.names import ANSWER_NAMES, BY_CODE, RULE_NAMES, Names, country, term
from matching.texts.verdicts import held_words


@dataclass(frozen=True)
class ReasonLine:
    """One of several things that a rule compares: a parameter, a certificate."""

    text: str
    answer: int


@dataclass(frozen=True)
class Reason:
    """One row of "Why does it fit us?"."""

    rule: str
    title: str
    answer: int
    word: str
    text: str
    lines: tuple[ReasonLine, ...] = ()


def reason(rule: str, answer: int, side: str, facts, names: Names = BY_CODE) -> Reason:
    """The verdict of one rule as one side reads it, in the active language.

    Raises KeyError for a rule, an answer or a side that the engine does not know.
    """
    text, lines = _SAYERS[rule](answer, Side(side), facts or {}, names)
    return Reason(rule, str(RULE_NAMES[rule]), answer, str(ANSWER_NAMES[answer]), text, tuple(lines))


BUYER, SELLER = Side.BUYER, Side.SELLER
# (own side, answer) -> sentence; those with a placeholder are filled with the reader's own facts.
WORDS = {
    "commodity": {
        (BUYER, 1): gettext_lazy("What is offered is among the goods you accept."),
        (BUYER, 0): gettext_lazy("What is offered is wider than the goods you accept."),
        (BUYER, -1): gettext_lazy("What is offered is not among the goods you accept."),
        (SELLER, 1): gettext_lazy("Your goods are among those the buyer accepts."),
        (SELLER, 0): gettext_lazy("What you offer is wider than the goods the buyer accepts."),
        (SELLER, -1): gettext_lazy("Your goods are not among those the buyer accepts."),
    },
    "parameters": {
        (BUYER, 1): gettext_lazy("What the seller states lies within what you ask for."),
        (BUYER, 0): gettext_lazy("Whether the goods are as you ask is not known in every point."),
        (BUYER, -1): gettext_lazy("Something the seller states lies outside what you ask for."),
        (SELLER, 1): gettext_lazy("What you state lies within what the buyer asks for."),
        (SELLER, 0): gettext_lazy("Whether your goods are as the buyer asks is not known in every point."),
        (SELLER, -1): gettext_lazy("Something you state lies outside what the buyer asks for."),
    },
    "certificates": {
        (BUYER, 1): gettext_lazy("The seller has what you ask for."),
        (BUYER, 0): gettext_lazy("Whether the seller has all that you ask for is not known."),
        (BUYER, -1): gettext_lazy("Something you ask for is missing."),
        (SELLER, 1): gettext_lazy("You have what the buyer asks for."),
        (SELLER, 0): gettext_lazy("Whether you have all that the buyer asks for is not known."),
        (SELLER, -1): gettext_lazy("Something the buyer asks for is missing."),
    },
    "time": {
        (BUYER, 1): gettext_lazy("Delivery as you want it can be met: %(period)s."),
        (BUYER, 0): gettext_lazy("Whether delivery as you want it can be met is not known: %(period)s."),
        (BUYER, -1): gettext_lazy("Delivery as you want it cannot be met: %(period)s."),
        (SELLER, 1): gettext_lazy("Shipped when you can, the goods arrive in time: %(period)s."),
        (SELLER, 0): gettext_lazy("Whether the goods arrive in time when you ship is not known: %(period)s."),
        (SELLER, -1): gettext_lazy("Shipped when you can, the goods do not arrive in time: %(period)s."),
    },
    "price": {
        (BUYER, 1): gettext_lazy("Your limit price covers what this costs where you take it over."),
        (BUYER, 0): gettext_lazy("Whether your limit price covers the cost is not known: ask for price and freight."),
        (BUYER, -1): gettext_lazy("Your limit price does not cover what this costs where you take it over."),
        (SELLER, 1): gettext_lazy("Your price, with the way to the buyer, is within what the buyer pays."),
        (SELLER, 0): gettext_lazy(
            "Whether your price, with the way to the buyer, is within what the buyer pays is not known: "
            "ask for the freight."
        ),
        (SELLER, -1): gettext_lazy("Your price, with the way to the buyer, is above what the buyer pays."),
    },
}


def _sides(answer: int, side: Side, facts: dict, names: Names):
    if answer < 0:
        return _("This way is not open here, or goods from there are not accepted."), ()
    origin = {"country": country(facts.get("origin", ""))}
    if side == BUYER:
        return _("You accept goods from %(country)s, and the way to you is open here.") % origin, ()
    return _("The buyer accepts goods from %(country)s, and the way there is open here.") % origin, ()


def _commodity(answer: int, side: Side, facts: dict, names: Names):
    return str(WORDS["commodity"][side, answer]), ()


def _parameters(answer: int, side: Side, facts: list, names: Names):
    if not facts:
        return (_("You ask for no specification.") if side == BUYER else _("The buyer asks for no specification.")), ()
    own = "asked" if side == BUYER else "offered"
    lines = []
    for entry in facts:
        said = {"parameter": names.parameter(entry["key"], entry.get("unit")), "own": _own_span(entry, own, names)}
        words = _("%(parameter)s: you ask %(own)s") if side == BUYER else _("%(parameter)s: you state %(own)s")
        lines.append(ReasonLine(words % said, entry["answer"]))
    return str(WORDS["parameters"][side, answer]), lines


def _own_span(entry: dict, own: str, names: Names) -> str:
    values = entry.get(f"{own}_values")
    if values is not None:
        return figures.any_of(names.value(value) for value in values)
    low, high = entry.get(f"{own}_low"), entry.get(f"{own}_high")
    if low is None and high is None:
        return _("nothing")
    return figures.spread(low, high, entry.get("unit", ""))


def _certificates(answer: int, side: Side, facts: list, names: Names):
    if not facts:
        return (_("You ask for no certificate.") if side == BUYER else _("The buyer asks for no certificate.")), ()
    lines = [_paper(entry, names, is_own=side == SELLER) for entry in facts]
    return str(WORDS["certificates"][side, answer]), lines


def _law(answer: int, side: Side, facts: dict, names: Names):
    lines = []
    for holder in (SELLER, BUYER):
        for entry in facts.get(holder, []):
            line = _paper(entry, names, is_own=holder == side)
            if holder != side:
                line = ReasonLine(_("%(paper)s, of the other side") % {"paper": line.text}, line.answer)
            lines.append(line)
    if not lines:
        return _("There is no paper that is sure enough to refuse a pair."), ()
    return {
        1: _("What the law of this way asks for is there."),
        0: _("Whether all that the law of this way asks for is there is not known."),
        -1: _("Something the law of this way asks for is missing."),
    }[answer], lines


def _paper(entry: dict, names: Names, *, is_own: bool) -> ReasonLine:
    """A certificate and its answer; what is held of it, and until when, only where it is the reader's own."""
    paper = names.certificate(entry["kind"])
    if is_own:
        paper = _("%(paper)s: %(held)s") % {"paper": paper, "held": held_words(entry)}
    return ReasonLine(paper, entry["answer"])


def _time(answer: int, side: Side, facts: dict, names: Names):
    first, last = ("window_from", "window_until") if side == BUYER else ("available_from", "available_until")
    return WORDS["time"][side, answer] % {"period": figures.period(facts.get(first), facts.get(last))}, ()


def _quantity(answer: int, side: Side, facts: dict, names: Names):
    own = facts.get("smallest_share_kg" if side == BUYER else "lot_kg")
    quantity = {"quantity": figures.quantity(own or 0)}
    if side == BUYER and own:
        words = {
            1: _("You want at least %(quantity)s from one supplier: so much can come."),
            0: _("You want at least %(quantity)s from one supplier: whether so much can come is not known."),
            -1: _("You want at least %(quantity)s from one supplier: so much cannot come."),
        }
    elif side == BUYER:
        words = {
            1: _("The smallest shipment is no more than you want."),
            0: _("Whether the smallest shipment is no more than you want is not known."),
            -1: _("The smallest shipment is more than you want."),
        }
    elif own:
        words = {
            1: _("Your lot of %(quantity)s suits what the buyer takes."),
            0: _("Whether your lot of %(quantity)s suits what the buyer takes is not known."),
            -1: _("Your lot of %(quantity)s does not suit what the buyer takes."),
        }
    else:
        words = {
            1: _("What you can ship in a month suits what the buyer takes."),
            0: _("You state no smallest lot, so whether it suits what the buyer takes is not known."),
            -1: _("What you can ship in a month does not suit what the buyer takes."),
        }
    return words[answer] % quantity, ()


def _price(answer: int, side: Side, facts: dict, names: Names):
    own = facts.get("limit_usd_per_t" if side == BUYER else "ask_usd_per_t")
    if answer == 0 and own is None:
        return (_("You state no limit price.") if side == BUYER else _("You state no asking price.")), ()
    return str(WORDS["price"][side, answer]), ()


def _payment(answer: int, side: Side, facts: dict, names: Names):
    own = figures.any_of(term(code) for code in facts.get(side) or [])
    if not own:
        return _("You state no payment terms."), ()
    return {
        1: _("At least one of your payment terms suits: %(terms)s."),
        0: _("You accept %(terms)s; what the other side accepts is not known."),
        -1: _("None of your payment terms suits: %(terms)s."),
    }[answer] % {"terms": own}, ()


def _standing(answer: int, side: Side, facts: dict, names: Names):
    return {
        1: _("Both companies are active, and nothing was found against them."),
        0: _("Not both companies have been screened yet; the city sees to it."),
        -1: _("One of the companies may not trade here now."),
    }[answer], ()


_SAYERS = {
    "sides": _sides,
    "commodity": _commodity,
    "parameters": _parameters,
    "certificates": _certificates,
    "law": _law,
    "time": _time,
    "quantity": _quantity,
    "price": _price,
    "payment": _payment,
    "standing": _standing,
}
