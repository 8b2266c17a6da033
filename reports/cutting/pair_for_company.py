"""The brief of one pair for one of its companies: its own side as it is, the other as its pages tell it, unnamed.

Everything of the other side comes from `matching.told.partners`, the only way from a match to a page of a business
user, so that paper tells a guest no more than the screen does: see docs/anonymity.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from companies.models import Company
from matching.engine import RULE_CODES
from matching.enums import Side as SideOf
from matching.models import Match
from matching.texts import ANSWER_NAMES, RULE_NAMES, Reason
from matching.told.anonymised import Partner
from matching.told.partners import OneFit, one_fit, viewpoint_from
from reports.cutting.listings import side_of_capacity, side_of_need
from reports.cutting.pair_blocks import ANSWERS
from reports.cutting.pair_tables import TableWithRows, spoken, words_of
from reports.cutting.telling import telling_questions
from reports.cutting.tongues import SaidRow
from reports.document import (
    Block,
    Column,
    Kind,
    Line,
    Questions,
    Score,
    Side,
    Sides,
    Signing,
    Table,
    Verdict,
    Verdicts,
    Words,
)


@dataclass(frozen=True)
class Guest:
    """Who reads the brief, which pair it is of, and the day on which the crowd is counted that the other hides in."""

    match: Match
    company: Company
    on: date

    def told(self) -> OneFit | None:
        """What the company is told of the pair, in the language that is spoken; None where it is told of none."""
        return one_fit(viewpoint_from([self.company]), self.match.pk, self.on)


def blocks(guest: Guest, told: OneFit) -> tuple[Block, ...]:
    fit = told.fit
    known = _("%(known)s of %(rules)s known") % {"known": fit.known_rules, "rules": len(RULE_CODES)}
    return (
        Score(points=str(fit.points), could_reach=str(fit.points), known=known),
        sides(guest, told),
        verdicts(told.reasons),
        questions(guest, told),
        *notes(fit.partner),
        Signing(labels=(_("Notes of the meeting"), _("Prepared by, on"))),
    )


def notes(partner: Partner) -> Iterable[Words]:
    if partner.is_wide:
        text = _("Fewer than three companies answer to a closer description, so this one is told more widely.")
        yield Words(text=text, tone="note")
    text = _("Neither side learns the name, the town, the prices or the papers of the other before both have agreed.")
    yield Words(text=text, tone="note")


def sides(guest: Guest, told: OneFit) -> Sides:
    partner = partner_side(told)
    if told.fit.own_side == SideOf.BUYER:
        return Sides(need=side_of_need(guest.match.need), capacity=partner)
    return Sides(need=partner, capacity=side_of_capacity(guest.match.capacity))


def partner_side(told: OneFit) -> Side:
    partner = told.fit.partner
    amount = str(partner.quantity)
    if partner.smallest:
        words = _("lot %(quantity)s") if partner.is_seller else _("at least %(quantity)s from one supplier")
        amount = f"{amount}, {words % {'quantity': partner.smallest}}"
    movable = str(told.fit.movable) if told.fit.movable else _("not known")
    example = (Line(_("Example"), _("This company and its figures are invented.")),) if partner.is_example else ()
    return Side(
        role=_("Supplier") if partner.is_seller else _("Buyer"),
        name=_("Name not told yet"),
        where=partner.where,
        checked=checked(partner),
        lines=(
            *example,
            Line(_("Goods"), f"{partner.goods}, HS {partner.hs_code}"),
            Line(_("Offers") if partner.is_seller else _("Wants"), amount),
            Line(_("Can move"), movable),
        ),
    )


def checked(partner: Partner) -> str:
    words = ", ".join(str(check.label) for check in partner.checks)
    return capfirst(words or (_("checked") if partner.is_checked else _("nothing checked yet")))


def verdicts(reasons: Iterable[Reason]) -> Verdicts:
    """Each rule in a sentence of the company's own facts."""
    rows = tuple(
        Verdict(
            rule=reason.title,
            asked=reason.text,
            offered=in_detail(reason),
            answer=ANSWERS[reason.answer],
            says=reason.word,
        )
        for reason in reasons
    )
    heads = (_("Rule"), _("By your own facts"), _("In detail"), _("Answer"))
    return Verdicts(title=_("Why do they fit?"), heads=heads, rows=rows)


def in_detail(reason: Reason) -> str:
    return "; ".join(f"{line.text}: {ANSWER_NAMES[line.answer]}" for line in reason.lines)


def questions(guest: Guest, told: OneFit) -> Questions:
    items = [
        _("%(question)s (%(whom)s.)") % {"question": question.text, "whom": question.to_words}
        for question in telling_questions(told.questions, guest.match.latest)
    ]
    return Questions(title=_("Questions for the meeting"), items=tuple(items))


def tables(told: OneFit) -> tuple[TableWithRows, ...]:
    rows: list[SaidRow] = [
        (reason.rule, spoken(reason.text), spoken(in_detail(reason)), ANSWERS[reason.answer]) for reason in told.reasons
    ]
    answers = {ANSWERS[answer]: str(label) for answer, label in ANSWER_NAMES.items()}
    table = Table(
        key="verdicts",
        title=_("Rules"),
        columns=(
            Column(key="rule", title=_("Rule"), kind=Kind.CODE, words=words_of(RULE_NAMES.items()), width=18),
            Column(key="words", title=_("By your own facts"), kind=Kind.TEXT, width=60),
            Column(key="detail", title=_("In detail"), kind=Kind.TEXT, width=40),
            Column(key="answer", title=_("Answer"), kind=Kind.CODE, words=answers, width=14),
        ),
    )
    return ((table, rows),)


def left_out(guest: Guest, told: OneFit) -> int:
    """How many fields of the other side the brief for officials holds and this one does not."""
    match, partner = guest.match, partner_side(told)
    is_buyer = told.fit.own_side == SideOf.BUYER
    listing, full = (
        (match.capacity, side_of_capacity(match.capacity)) if is_buyer else (match.need, side_of_need(match.need))
    )
    is_told = {line.label for line in partner.lines}
    fields = [listing.reference, full.name, full.latin, full.where != partner.where]
    fields += [line.value != _("not known") for line in full.lines if line.label not in is_told]
    return sum(map(bool, fields))
