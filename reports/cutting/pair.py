"""The brief of one pair: what two companies talk about, on one page, as the page of their match tells it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from commodities.texts import short_name
from matching import explained
from matching.holdings import holdings_of
from matching.models import Allocation, Match
from matching.names import reader_names
from reports.cutting import contacts as people
from reports.cutting import pair_tables
from reports.cutting.about import about_lines
from reports.cutting.cut import Cut, Put, SubjectCut
from reports.cutting.listings import quantity
from reports.cutting.pair_blocks import DECISIONS_SHOWN, Found, InWords, blocks, landed_in_words, sorted_holdings
from reports.cutting.redaction import refuse_what_may_not_leave
from reports.cutting.tongues import in_all_languages, with_words
from reports.document import Block, Document
from reports.enums import Subject
from reports.orders import Order


def check(order: Order, user) -> None:
    refuse_what_may_not_leave(order, user)
    match = Match.objects.visible_to(user).filter(pk=order.match or 0).first()
    if match is None:
        raise ValidationError(_("This match is not found. Choose a match from the list."), code="gone")
    if match.latest_id is None:
        raise ValidationError(_("No run has looked at this pair yet. Wait for its first answer."), code="not_judged")


def cut(order: Order, user, put: Put) -> Cut:
    match = explained.laid_open(Match.objects.visible_to(user)).get(pk=order.match)
    found = read(match)
    contacts = people.contacts_of([match.need.company, match.capacity.company], order, user, put)

    def tell() -> tuple[str, tuple[Block, ...], tuple[pair_tables.TableWithRows, ...]]:
        said = in_words(found)
        printed = blocks(said) + (people.blocks(contacts) if order.contacts else ())
        made = pair_tables.tables(said)
        if order.contacts:
            made = (*made, (people.table(), list(contacts.rows)))
        return subtitle(found), printed, made

    told, printed, made = in_all_languages(tell)
    tables = []
    for table, rows in made:
        table, plain = with_words(table, rows)
        put.put(table.key, plain)
        tables.append(table)
    is_example = found.is_example
    document = Document(
        subject=Subject.PAIR,
        title=in_all_languages(lambda: _("Brief of a pair")),
        subtitle=told,
        about=about_lines(found.result.run, has_examples=is_example),
        tables=tuple(tables),
        blocks=printed,
        has_examples=is_example,
        has_contacts=bool(contacts.rows),
        left_out=contacts.left_out,
    )
    return Cut(document, found.result.run, contacts.of)


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
    return f"{', '.join(parts)} ({_('match %(number)s') % {'number': found.match.pk}})"


PAIR = SubjectCut(columns=(), check=check, cut=cut)
