"""Needs that the plan meets in part or not at all, each with the rule that binds and what would open it."""

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import figures
from matching.models import PlanLine, Run
from matching.plan_page.filters import RestFilter
from matching.plan_page.which import run_with_plan
from reports.cutting import cells, plan_words
from reports.cutting.about import about_lines, filters_in_words, line
from reports.cutting.choosing import address_of, check_choice, chosen, narrowing_words, printed, valid
from reports.cutting.cut import Cut, Put, SubjectCut
from reports.cutting.plan import is_of_examples, refuse_other_run
from reports.cutting.rest_columns import rest_columns
from reports.cutting.rests import MOST_SAID, Rests, goods_code, goods_in_words, rest_facts, rest_table
from reports.document import Bars, Block, Document, Line, TableOf, Words, in_every_language
from reports.enums import Grouping, Subject
from reports.orders import Order

TABLE = "unmet"
COLUMNS = rest_columns("need")
BARS_SHOWN = 12
ON_PAPER = ("company", "goods", "place", "quantity_t", "left_t", "rule", "says")
# By what rows are grouped: the column whose changes begin a group, and what they are sorted by first.
GROUPED: dict[str, tuple[str, tuple[str, ...]]] = {
    Grouping.NONE: ("", ()),
    Grouping.SECTOR: ("sector", ("commodity__sector",)),
    Grouping.GOODS: ("goods", ("group", "goods")),
    Grouping.IMPORTER: ("company", ("need__company__name_registered", "need__company")),
}


def check(order: Order, user) -> None:
    check_choice(order, user, COLUMNS, tuple(GROUPED))
    refuse_other_run(user, run_asked_for(order))


def rest_filter(order: Order, lines: QuerySet[PlanLine]) -> RestFilter:
    return RestFilter(address_of(order), queryset=lines)


def run_asked_for(order: Order) -> int | None:
    return valid(rest_filter(order, PlanLine.objects.none())).form.cleaned_data["run"]


def cut(order: Order, user, put: Put) -> Cut:
    run = run_with_plan(user, run_asked_for(order))
    seen = PlanLine.objects.visible_to(user).filter(run=run, left_kg__gt=0, need__isnull=False)
    lines = narrowed(valid(rest_filter(order, seen)).sorted(), order)
    grouped_by, sorted_by = GROUPED[order.grouping]
    count = lines.count()
    rests = Rests("need", chosen(COLUMNS, order, grouped_by), sentences=count <= MOST_SAID)
    put.put(TABLE, rests.of(lines, sorted_by))
    table = rest_table(TABLE, lambda: _("Needs not met"), rests, grouped_by=grouped_by)
    has_examples = is_of_examples(lines, "need")
    said = filters_in_words(
        lambda: rest_filter(order, seen),
        lambda: _("none: every need that is not met"),
        lambda: narrowing_words(order, gettext_lazy("Wanted within")),
    )
    about = about_lines(run, said, has_examples)
    if run and run.plan_lines.exists():
        about += figures_told(count)
    document = Document(
        subject=Subject.UNMET,
        title=in_every_language(lambda: Subject.UNMET.label),
        subtitle=plan_words.of_run(run) if run else "",
        about=about,
        tables=(table,),
        blocks=(
            *blocks(run, lines, count),
            TableOf(table=TABLE, columns=printed(table.columns, order, ON_PAPER, grouped_by)),
        ),
        has_examples=has_examples,
    )
    return Cut(document, run)


def narrowed(lines: QuerySet[PlanLine], order: Order) -> QuerySet[PlanLine]:
    """Of the companies that an order names, and whose time of delivery meets its period."""
    if order.companies:
        lines = lines.filter(need__company__in=order.companies)
    if order.since:
        lines = lines.filter(need__window_until__gte=order.since)
    if order.until:
        lines = lines.filter(need__window_from__lte=order.until)
    return lines


def figures_told(count: int) -> tuple[Line, ...]:
    """In needs: their tonnes are of many kinds of goods, and stand in the table by goods."""
    return (line(lambda: _("needs not met in full"), lambda: figures.decimal(count)),)


def blocks(run: Run | None, lines: QuerySet[PlanLine], count: int) -> tuple[Block, ...]:
    """Which goods are short, most needs first; or that there is nothing to tell."""
    if run is None or not run.plan_lines.exists():
        return plan_words.no_plan(run)
    if not count:
        return (Words(text=in_every_language(lambda: _("Every need is met.")), tone="note"),)
    named = rest_facts(lines, "need").order_by()
    by_goods = list(
        named.values("goods", "group").annotate(needs=Count("pk"), kg=Sum("left_kg")).order_by("-kg", "goods")
    )
    shown, left = by_goods[:BARS_SHOWN], len(by_goods[BARS_SHOWN:])
    words = goods_in_words({goods_code(row): row for row in shown})
    return (
        Bars(
            title=in_every_language(lambda: _("How many tonnes of which goods are not met?")),
            unit=in_every_language(lambda: _("t")),
            bars=tuple(Line(words[goods_code(row)], cells.tonnes(row["kg"]) or "0") for row in shown),
            note=in_every_language(lambda: _("Other kinds of goods: %(count)s.") % {"count": left}) if left else "",
        ),
    )


UNMET = SubjectCut(columns=COLUMNS, check=check, cut=cut, groupings=tuple(GROUPED))
