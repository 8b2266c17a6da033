"""The plan of a run: who supplies whom, what is left of both sides and why, and what staff asked of it.

Figures are those of the page of the plan: the same rows, the same sums.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, F, FilteredRelation, Q, QuerySet, Sum
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commodities.enums import Sector
from commodities.models import Commodity
from companies.enums import CompanyKind
from matching.models import PlanFlow, PlanLine, Run
from matching.plan_page import asked
from matching.plan_page.figures import PlanFigures, figures_of
from matching.plan_page.filters import FlowFilter, RestFilter
from matching.plan_page.which import run_with_plan
from reports.cutting import cells, plan_words, words
from reports.cutting.about import about_lines, filters_in_words
from reports.cutting.cells import Cells, Facts
from reports.cutting.choosing import address_of, check_choice, chosen, months_of, narrowing_words, valid
from reports.cutting.cut import Cut, Put, SubjectCut
from reports.cutting.plan_asked import asked_table
from reports.cutting.plan_columns import FLOW_COLUMNS, FLOW_READS, FLOW_WORDS, GROUPED
from reports.cutting.rest_columns import rest_columns
from reports.cutting.rests import MOST_SAID, Rests, rest_table, where_of
from reports.document import Bars, Block, Document, Flows, Line, Table, in_every_language
from reports.enums import Subject
from reports.orders import Order

CHUNK = 2_000
BARS_SHOWN = 12
EVER = ("0001-01-01", "9999-12-31")
# What the page of the plan shows of what is left; UNMET tells the rest of it.
SHORT = ("listing", "example", "company", "goods", "place", "quantity_t", "planned_t", "left_t", "rule", "says")


def check(order: Order, user) -> None:
    check_choice(order, user, FLOW_COLUMNS, tuple(GROUPED))
    refuse_other_run(user, valid(flow_filter(order, PlanFlow.objects.none())).form.cleaned_data["run"])


def refuse_other_run(user, number: int | None) -> None:
    if number and run_with_plan(user, number) is None:
        raise ValidationError(_("Run %(number)s made no plan that could be told."), params={"number": number})


def flow_filter(order: Order, flows: QuerySet[PlanFlow]) -> FlowFilter:
    return FlowFilter(address_of(order), queryset=flows)


def cut(order: Order, user, put: Put) -> Cut:
    seen = PlanFlow.objects.visible_to(user)
    run = run_with_plan(user, valid(flow_filter(order, seen)).form.cleaned_data["run"])
    has_plan = run is not None and run.plan_lines.exists()
    filters = valid(flow_filter(order, seen.filter(run=run)))
    flows = in_period(of_companies(filters.sorted(), order), order)
    lines = lines_of(order, user, run)
    tables = (
        flow_table(order, run, flows, put),
        left_table("unmet", "need", lines, put),
        left_table("unused", "capacity", lines, put),
        asked_table(run, user, put),
    )
    has_examples = is_of_examples(flows, "capacity", "need")
    narrowed = filters_in_words(
        lambda: flow_filter(order, seen),
        lambda: _("none: the whole plan"),
        lambda: narrowing_words(order, gettext_lazy("Delivered within")),
    )
    about = about_lines(run, narrowed, has_examples)
    blocks: tuple[Block, ...] = plan_words.no_plan(run)
    if has_plan:
        about += plan_words.figures_told(run, figures_within(run, order, lines, flows), asked.came_later(run, user))
        blocks = (*plan_words.lead(run), *pictures(flows), *plan_words.printed_tables(tables, order))
    document = Document(
        subject=Subject.PLAN,
        title=in_every_language(lambda: Subject.PLAN.label),
        subtitle=plan_words.of_run(run) if has_plan else "",
        about=about,
        tables=tables,
        blocks=blocks,
        has_examples=has_examples,
    )
    return Cut(document, run)


# --- which rows


def of_companies(rows: QuerySet, order: Order) -> QuerySet:
    """Those with one of the companies that an order names."""
    if not order.companies:
        return rows
    return rows.filter(Q(need__company__in=order.companies) | Q(capacity__company__in=order.companies))


def in_period(flows: QuerySet[PlanFlow], order: Order) -> QuerySet[PlanFlow]:
    """Flows with the kilograms that are delivered within the months of an order, if it names any: `moved_kg`."""
    first, last = months_of(order)
    if first is None and last is None:
        return flows.annotate(moved_kg=F("quantity_kg"))
    within = RawSQL(
        "(SELECT coalesce(sum((part->>2)::bigint), 0) FROM jsonb_array_elements(matching_planflow.months) AS part"
        " WHERE part->>1 BETWEEN %s AND %s)",
        ends(order),
        output_field=BigIntegerField(),
    )
    return flows.annotate(moved_kg=within).filter(moved_kg__gt=0)


def ends(order: Order) -> tuple[str, str]:
    """The first and the last month of a period, as flows write their months."""
    first, last = months_of(order)
    return (first.isoformat() if first else EVER[0], last.isoformat() if last else EVER[1])


def lines_of(order: Order, user, run: Run | None) -> QuerySet[PlanLine]:
    """What becomes of the listings that the filters of the flows leave."""
    lines = PlanLine.objects.visible_to(user).filter(run=run)
    filters = RestFilter(address_of(order, "sort"), queryset=of_companies(lines, order))
    return filters.qs if filters.form.is_valid() else lines.none()


def figures_within(run: Run, order: Order, lines: QuerySet[PlanLine], flows: QuerySet[PlanFlow]) -> PlanFigures:
    """The figures of the page; of a period only what moves within it."""
    figures = figures_of(run, lines, flows, "moved_kg")
    return replace(figures, wanted_kg=0) if order.since or order.until else figures


def is_of_examples(rows: QuerySet, *sides: str) -> bool:
    found = Q(pk__in=[])
    for side in sides:
        found |= Q((f"{side}__company__kind", CompanyKind.EXAMPLE))
    return rows.order_by().filter(found).exists()


# --- rows


def flow_table(order: Order, run: Run | None, flows: QuerySet[PlanFlow], put: Put) -> Table:
    grouped_by, sorted_by = GROUPED[order.grouping]
    made = Cells(chosen(FLOW_COLUMNS, order, grouped_by), FLOW_READS, FLOW_WORDS)
    rows = flows.order_by(*sorted_by, *flows.query.order_by)
    put.put("flows", made.of(with_months(flow_facts(rows, run), order)))
    return Table(
        key="flows",
        title=in_every_language(lambda: _("Who supplies whom")),
        columns=made.told(),
        grouped_by=grouped_by,
    )


def flow_facts(flows: QuerySet[PlanFlow], run: Run | None) -> Iterator[Facts]:
    """Flows as plain facts, in one query however many there are."""
    named = {
        "origin": F("capacity__origin_country"),
        "destination": F("need__destination__country"),
        "capacity_": F("capacity__reference"),
        "need_": F("need__reference"),
        "loaded": F("capacity__place"),
        "loaded_code": F("capacity__place__code"),
        "goes": F("need__destination"),
        "goes_code": F("need__destination__code"),
        "goods_": F("capacity__commodity__code"),
        "sector_": F("capacity__commodity__sector"),
        "hs": F("capacity__commodity__hs_code"),
        "landed_low": F("of_run__landed_low_usd_per_t"),
        "landed_high": F("of_run__landed_high_usd_per_t"),
    }
    for name, company in (("exporter", "capacity__company"), ("importer", "need__company")):
        named |= {
            f"{name}_": F(f"{company}__name_registered"),
            f"{name}_at": F(company),
            f"{name}_kind": F(f"{company}__kind"),
            f"{name}_where": where_of(company),
        }
    of_run = FilteredRelation("match__results", condition=Q(match__results__run=run and run.pk))
    found = flows.alias(of_run=of_run).annotate(**named)
    return found.values(*named, "match", "run", "moved_kg", "months", "score_ppm").iterator(chunk_size=CHUNK)


def with_months(found: Iterable[Facts], order: Order) -> Iterator[Facts]:
    """Flows with the months of a period alone."""
    first, last = ends(order)
    for row in found:
        yield row | {"months": [part for part in row["months"] if first <= part[1] <= last]}


def left_table(key: str, side: str, lines: QuerySet[PlanLine], put: Put) -> Table:
    """What is left of one side, the most first, as the page of the plan lists it."""
    left = lines.filter(left_kg__gt=0, **{f"{side}__isnull": False}).order_by("-left_kg", "pk")
    columns = [column for column in rest_columns(side) if column.key in SHORT]
    rests = Rests(side, columns, sentences=left.count() <= MOST_SAID)
    put.put(key, rests.of(left))
    return rest_table(key, lambda: _("Needs not met") if side == "need" else _("Capacity not used"), rests)


# --- pictures


def pictures(flows: QuerySet[PlanFlow]) -> tuple[Block, ...]:
    """Where it goes, and how much of each kind of goods; goods of different kinds are never added up in a figure."""
    moved = flows.order_by()
    ways = moved.values_list("capacity__origin_country", "need__destination__country", "capacity__commodity__sector")
    by_way = sorted(ways.annotate(kg=Sum("moved_kg")), key=lambda way: (-way[3], way))
    by_goods = list(
        moved.values_list("capacity__commodity").annotate(kg=Sum("moved_kg")).order_by("-kg", "capacity__commodity")
    )
    if not by_way:
        return ()
    shown, left = by_goods[:BARS_SHOWN], len(by_goods[BARS_SHOWN:])
    named = {goods.pk: goods for goods in Commodity.objects.filter(pk__in=[pk for pk, _kg in shown])}
    goods_words = words.of_named(named.values())
    sectors = {sector for _origin, _destination, sector, _kg in by_way}
    return (
        Flows(
            title=in_every_language(lambda: _("Where will the goods flow?")),
            flows=tuple((origin, to, sector, cells.tonnes(kg) or "0") for origin, to, sector, kg in by_way),
            sectors={code: said for code, said in words.of_choices(Sector.choices).items() if code in sectors},
        ),
        Bars(
            title=in_every_language(lambda: _("How many tonnes of which goods?")),
            unit=in_every_language(lambda: _("t")),
            bars=tuple(Line(goods_words[named[pk].code], cells.tonnes(kg) or "0") for pk, kg in shown),
            note=in_every_language(lambda: _("Other kinds of goods: %(count)s.") % {"count": left}) if left else "",
        ),
    )


PLAN = SubjectCut(columns=FLOW_COLUMNS, check=check, cut=cut, groupings=tuple(GROUPED))
