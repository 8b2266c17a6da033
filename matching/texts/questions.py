"""What is not known, as questions for the introduction: whom to ask what."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from matching.texts import figures
from matching.texts.names import BY_CODE, RULE_NAMES, SIDE_NAMES, Names, term


@dataclass(frozen=True)
class Question:
    """One question, and whom it goes to: "buyer", "seller", "both" or "staff"."""

    rule: str
    text: str
    to: str

    @property
    def rule_name(self) -> str:
        return str(RULE_NAMES[self.rule])

    @property
    def to_name(self) -> str:
        return str(SIDE_NAMES[self.to])


def questions(rule: str, facts, names: Names = BY_CODE) -> list[Question]:
    """What to ask so that a rule whose answer is "not known" gets one; at least one question. `facts` as in verdicts.

    Raises KeyError for a rule that the engine does not know.
    """
    asked = list(_ASKERS[rule](facts or {}, names)) or [
        (_("What is still open about this: %(rule)s?") % {"rule": RULE_NAMES[rule]}, "both")
    ]
    return [Question(rule, text, to) for text, to in asked]


def about_paper(name: str, side: str) -> Question:
    """What to ask a side that has stated nothing of a paper, though no rule hangs on it."""
    return Question("law", _whether_held({"paper": name}, side), side)


def _sides(facts: dict, names: Names):
    return []  # always known


def _commodity(facts: dict, names: Names):
    goods = figures.any_of(facts.get("accepted") or [])
    if goods:
        yield _("Which goods exactly are offered: %(goods)s?") % {"goods": goods}, "seller"
    else:
        yield _("Which goods exactly are offered?"), "seller"


def _parameters(facts: list, names: Names):
    for entry in facts:
        if entry["answer"] != 0:
            continue
        label = names.parameter(entry["key"], entry.get("unit"))
        if entry.get("is_choice"):
            yield _("Which values of %(parameter)s can the seller deliver?") % {"parameter": label}, "seller"
        else:
            yield _("What does the seller guarantee for %(parameter)s?") % {"parameter": label}, "seller"


def _certificates(facts: list, names: Names):
    for entry in facts:
        if entry["answer"] == 0:
            yield _about_paper(entry, names, "seller"), "seller"


def _law(facts: dict, names: Names):
    for side in ("seller", "buyer"):
        for entry in facts.get(side, []):
            if entry["answer"] == 0:
                yield _about_paper(entry, names, side), side


def _about_paper(entry: dict, names: Names, side: str) -> str:
    paper = {"paper": names.certificate(entry["kind"])}
    if entry["state"] == 1:
        return _("Is this still valid when the goods arrive: %(paper)s?") % paper
    return _whether_held(paper, side)


def _whether_held(paper: dict, side: str) -> str:
    if side == "buyer":
        return _("Can the buyer show that it holds this: %(paper)s?") % paper
    return _("Can the seller show that it holds this: %(paper)s?") % paper


def _time(facts: dict, names: Names):
    if facts.get("lead_days") is None:
        yield _("How many days after the order can the seller ship?"), "seller"
    if facts.get("days_high") is None:
        yield _("How many days will the goods be under way?"), "both"
    elif facts.get("lead_days") is not None:
        way = figures.day_range(facts["days_low"], facts["days_high"])
        window = figures.period(facts.get("window_from"), facts.get("window_until"))
        yield (
            _("The way takes %(days)s. Can a shipment be agreed that arrives %(window)s?")
            % {"days": way, "window": window},
            "both",
        )


def _quantity(facts: dict, names: Names):
    if facts.get("lot_kg") is None:
        yield _("What is the smallest lot that the seller ships?"), "seller"
    else:
        yield _("In which months can the goods be shipped, and in which are they needed?"), "both"


def _price(facts: dict, names: Names):
    limit, ask = facts.get("limit_usd_per_t"), facts.get("ask_usd_per_t")
    if ask is None:
        yield _("What price does the seller ask?"), "seller"
    if limit is None:
        yield _("Up to which price does the buyer buy?"), "buyer"
    if ask is not None and facts.get("landed_high_usd_per_t") is None:
        yield _("What will freight and duties cost up to the buyer's place?"), "both"
    elif ask is not None and limit is not None:
        yield (
            _("Can freight be had so that a tonne lands at %(price)s or less?") % {"price": figures.price(limit)},
            "both",
        )


def _payment(facts: dict, names: Names):
    for side, other, words, bare in (
        (
            "seller",
            "buyer",
            _("Which payment terms does the seller accept? The buyer offers: %(terms)s."),
            _("Which payment terms does the seller accept?"),
        ),
        (
            "buyer",
            "seller",
            _("Which payment terms does the buyer accept? The seller offers: %(terms)s."),
            _("Which payment terms does the buyer accept?"),
        ),
    ):
        if not facts.get(side):
            terms = figures.any_of(term(code) for code in facts.get(other) or [])
            yield (words % {"terms": terms} if terms else bare), side


def _standing(facts: dict, names: Names):
    if not facts.get("buyer_screening"):
        yield _("Has the buyer been screened against sanctions lists?"), "staff"
    if not facts.get("seller_screening"):
        yield _("Has the seller been screened against sanctions lists?"), "staff"


_ASKERS = {
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
