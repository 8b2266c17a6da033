"""What is not known of a pair, told to one side: what it will be asked, and what it may ask. Its own facts alone."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.enums import Side
from matching.texts.names import BY_CODE, RULE_NAMES, Names

BUYER, SELLER = Side.BUYER, Side.SELLER
YOU, PARTNER, CITY = "you", "partner", "city"
WHOM = {
    YOU: gettext_lazy("You will be asked"),
    PARTNER: gettext_lazy("You may ask"),
    CITY: gettext_lazy("The city sees to it"),
}
Asked = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class ExpectedQuestion:
    """One question, the rule that it settles, and who has the answer."""

    rule: str
    text: str
    to: str

    @property
    def rule_name(self) -> str:
        return str(RULE_NAMES[self.rule])

    @property
    def to_words(self) -> str:
        return str(WHOM[self.to])


def expected_questions(rule: str, side: str, facts, names: Names = BY_CODE) -> list[ExpectedQuestion]:
    """What there is to ask about a rule whose answer is "not known"; at least one question.

    Raises KeyError for a rule that the engine does not know.
    """
    asked = list(_ASKERS[rule](Side(side), facts or {}, names)) or [
        (_("What is still open about this: %(rule)s?") % {"rule": RULE_NAMES[rule]}, PARTNER)
    ]
    return [ExpectedQuestion(rule, text, to) for text, to in asked]


def _nothing(side: Side, facts, names: Names) -> Asked:
    return iter(())


def _commodity(side: Side, facts: dict, names: Names) -> Asked:
    if side == SELLER:
        yield _("Which goods exactly do you offer?"), YOU
    else:
        yield _("Which goods exactly are offered?"), PARTNER


def _parameters(side: Side, facts: list, names: Names) -> Asked:
    for entry in facts:
        if entry["answer"] != 0:
            continue
        label = {"parameter": names.parameter(entry["key"], entry.get("unit"))}
        if side == SELLER:
            yield _("What do you guarantee for %(parameter)s?") % label, YOU
        else:
            yield _("What does the seller guarantee for %(parameter)s?") % label, PARTNER


def _certificates(side: Side, facts: list, names: Names) -> Asked:
    for entry in facts:
        if entry["answer"] == 0:
            yield _about_paper(entry, names, is_own=side == SELLER)


def _law(side: Side, facts: dict, names: Names) -> Asked:
    for holder in (SELLER, BUYER):
        for entry in facts.get(holder, []):
            if entry["answer"] == 0:
                yield _about_paper(entry, names, is_own=holder == side)


def _about_paper(entry: dict, names: Names, *, is_own: bool) -> tuple[str, str]:
    paper = {"paper": names.certificate(entry["kind"])}
    if is_own:
        return _("Can you show that you hold this until the goods arrive: %(paper)s?") % paper, YOU
    return _("Can the other side show that it holds this until the goods arrive: %(paper)s?") % paper, PARTNER


def _time(side: Side, facts: dict, names: Names) -> Asked:
    if side == SELLER and facts.get("lead_days") is None:
        yield _("How many days after the order can you ship?"), YOU
    yield _("Can a shipment be agreed that arrives when it is wanted?"), PARTNER


def _quantity(side: Side, facts: dict, names: Names) -> Asked:
    if side == SELLER and facts.get("lot_kg") is None:
        yield _("What is the smallest lot that you ship?"), YOU
    else:
        yield _("In which months can the goods be shipped, and in which are they needed?"), PARTNER


def _price(side: Side, facts: dict, names: Names) -> Asked:
    if side == BUYER and facts.get("limit_usd_per_t") is None:
        yield _("Up to which price do you buy?"), YOU
    if side == SELLER and facts.get("ask_usd_per_t") is None:
        yield _("What price do you ask?"), YOU
    yield _("What will freight and duties cost up to the buyer's place?"), PARTNER


def _payment(side: Side, facts: dict, names: Names) -> Asked:
    if not facts.get(side):
        yield _("Which payment terms do you accept?"), YOU
    else:
        yield _("Which payment terms does the other side accept?"), PARTNER


def _standing(side: Side, facts: dict, names: Names) -> Asked:
    yield _("Have both companies been screened against sanctions lists?"), CITY


_ASKERS = {
    "sides": _nothing,
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
