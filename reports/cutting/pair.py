"""The brief of one pair: what two companies talk about, on one page, as the page of their match tells it."""

from collections.abc import Callable
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from commodities.texts import short_name
from matching.models import Allocation, Match
from matching.names import reader_names
from matching.one_match import explained
from matching.one_match.holdings import holdings_of
from reports.cutting import contacts as people
from reports.cutting import pair_for_company, pair_tables
from reports.cutting.about import about_lines
from reports.cutting.cut import Cut, Put, SubjectCut
from reports.cutting.listings import quantity
from reports.cutting.pair_blocks import blocks
from reports.cutting.pair_found import DECISIONS_SHOWN, Found, InWords, landed_in_words, sorted_holdings
from reports.cutting.tongues import in_all_languages, put_all
from reports.document import Block, Document
from reports.enums import Subject
from reports.orders import Order

Told = tuple[str, tuple[Block, ...], tuple[pair_tables.TableWithRows, ...]]  # subtitle, what is printed, tables


def check(order: Order, user) -> None:
    match = Match.objects.visible_to(user).filter(pk=order.match or 0).first()
    if match is None:
        raise ValidationError(_("This match is not found. Choose a match from the list."), code="gone")
    if match.latest_id is None:
        raise ValidationError(_("No run has looked at this pair yet. Wait for its first answer."), code="not_judged")
    if order.for_company is not None:
        refuse_what_is_not_told(match, order.for_company)


def refuse_what_is_not_told(match: Match, company: int) -> None:
    """A company gets the brief of a pair of its own, and only of one that its pages tell it of."""
    if company not in (match.need.company_id, match.capacity.company_id):
        raise ValidationError(_("The company that gets it is no side of this pair."), code="names_others")
    if not Match.objects.told_to([company]).filter(pk=match.pk).exists():
        raise ValidationError(
            _("Companies are not told of this pair now: it was dismissed, does not hold, or a side is not active."),
            code="not_told",
        )


def cut(order: Order, user, put: Put) -> Cut:
    match = explained.laid_open(Match.objects.visible_to(user)).get(pk=order.match)
    if order.for_company is not None:
        return cut_for_company(match, order.for_company, put)
    found = read(match)
    contacts = people.contacts_of([match.need.company, match.capacity.company], order, user, put)

    def tell() -> Told:
        said = in_words(found)
        printed = blocks(said) + (people.blocks(contacts) if order.contacts else ())
        made = pair_tables.tables(said)
        if order.contacts:
            made = (*made, (people.table(), list(contacts.rows)))
        return subtitle(found), printed, made

    document = document_of(
        match, tell, put, is_example=found.is_example, has_contacts=bool(contacts.rows), left_out=contacts.left_out
    )
    return Cut(document, found.result.run, contacts.of)


def cut_for_company(match: Match, key: int, put: Put) -> Cut:
    """What a guest of the meeting may read: the other side unnamed, without costs, papers and decisions."""
    company = next(side.company for side in (match.need, match.capacity) if side.company_id == key)
    guest = pair_for_company.Guest(match, company, timezone.localdate())
    kept_back = []

    def tell() -> Told:
        told = guest.told()
        kept_back.append(pair_for_company.left_out(guest, told))
        return told.listing.goods, pair_for_company.blocks(guest, told), pair_for_company.tables(told)

    is_example = match.need.company.is_example or match.capacity.company.is_example
    document = document_of(match, tell, put, is_example=is_example)
    return Cut(replace(document, left_out=kept_back[0]), match.latest.run)


def document_of(match: Match, tell: Callable[[], Told], put: Put, *, is_example: bool, **more) -> Document:
    subtitle, printed, made = in_all_languages(tell)
    return Document(
        subject=Subject.PAIR,
        title=in_all_languages(lambda: _("Brief of a pair")),
        subtitle=subtitle,
        about=about_lines(match.latest.run, has_examples=is_example),
        tables=put_all(made, put),
        blocks=printed,
        has_examples=is_example,
        **more,
    )


def read(match: Match) -> Found:
    result = match.latest
    travel = explained.travel_of(match, result)
    plan_run = explained.plan_behind(result.run)
    planned = Allocation.objects.filter(match=match, run=plan_run).values_list("quantity_kg", flat=True)
    return Found(
        match=match,
        result=result,
        travel=travel,
        decisions=tuple(match.decisions.select_related("decided_by")[:DECISIONS_SHOWN]),
        planned_kg=sum(planned),
        cost_differs=travel.differs(result),
    )


def in_words(found: Found) -> InWords:
    papers = explained.papers_for(found.match, found.result)
    return InWords(
        found=found,
        names=reader_names(),
        landed=landed_in_words(found),
        papers=tuple(papers),
        holdings=sorted_holdings(holdings_of(found.match, papers)),
    )


def subtitle(found: Found) -> str:
    """Which goods, how much can move, and the number by which the match is found again."""
    goods, movable = short_name(found.match.capacity.commodity.name), found.result.movable_kg
    parts = [goods, quantity(movable)] if movable else [goods]
    number = _("match %(number)s") % {"number": found.match.pk}
    return f"{', '.join(parts)} ({number})"


PAIR = SubjectCut(columns=(), check=check, cut=cut)
