"""What is said around the rows of a plan: its figures as its page tells them, and the order of its pages on paper."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import figures
from matching.enums import RunKind
from matching.models import Run
from matching.plan_page.figures import PlanFigures, quality_of
from reports.cutting.about import line
from reports.cutting.choosing import printed
from reports.document import Block, Line, Table, TableOf, Text, Words, in_every_language
from reports.enums import Subject
from reports.orders import Order

ALL = Order(subject=Subject.PLAN)
ON_PAPER = {
    "flows": ("exporter", "importer", "goods", "planned_t", "shipped", "delivered", "score"),
    "unmet": ("company", "goods", "quantity_t", "left_t", "rule", "says"),
    "unused": ("company", "goods", "quantity_t", "left_t", "rule", "says"),
    "asked": ("asked", "exporter", "importer", "goods", "at_least_t", "became"),
}


def of_run(run: Run) -> Text:
    """Which plan it is, as the head of its page says."""

    def said() -> str:
        words = {"number": run.pk, "moment": figures.clock(run.book_cut_at)}
        if run.kind == RunKind.WHAT_IF:
            return _("What-if run %(number)s on the book of %(moment)s: nothing official.") % words
        return _("Plan of run %(number)s on the book of %(moment)s.") % words

    return in_every_language(said)


def no_plan(run: Run | None) -> tuple[Block, ...]:
    def said() -> str:
        if run is None:
            return _("There is no plan yet: no run has finished.")
        return _(
            "Run %(number)s kept nothing of its plan that a page can show: its book held nothing, or it was made "
            "before plans had a page. The next run will."
        ) % {"number": run.pk}

    return (Words(text=in_every_language(said), tone="note"),)


def lead(run: Run) -> tuple[Block, ...]:
    return (Words(text=in_every_language(lambda: _("No kilogram is given away twice."))),)


def figures_told(run: Run, found: PlanFigures, later: int) -> tuple[Line, ...]:
    """The figures at the head of the page of the plan; how good it is, is of all goods and both directions."""
    lines = [line(lambda: _("pairs in the plan"), lambda: figures.decimal(found.flows))]
    if found.is_of_one_kind:
        lines.append(line(lambda: _("planned"), lambda: in_tonnes(found.planned_kg)))
        if found.met_percent is not None:
            share = found.met_percent / 100
            lines.append(line(lambda: _("of what is wanted"), lambda: figures.percent(share, 1)))
    else:
        lines.append(line(lambda: _("kinds of goods in it"), lambda: figures.decimal(found.kinds_moved)))
    if run.kind != RunKind.WHAT_IF and found.flows:
        lines.append(line(lambda: _("worth, at landed cost"), lambda: landed(found)))
    lines += [
        line(lambda: not_met(found.needs), lambda: figures.decimal(found.unmet_needs)),
        line(lambda: not_used(found.capacities), lambda: figures.decimal(found.unused_capacities)),
        *quality_told(run),
    ]
    if later:
        lines.append(line(lambda: _("Asked since"), lambda: came_later(later)))
    return tuple(lines)


def landed(found: PlanFigures) -> str:
    """USD as far as they are known, and of how many pairs they are not."""
    if found.flows == found.unpriced:
        return _("not known")
    usd = figures.measured(figures.span(figures.decimal(found.usd_low), figures.decimal(found.usd_high)), "USD")
    if not found.unpriced:
        return usd
    words = {"count": figures.decimal(found.unpriced)}
    return f"{usd}; " + ngettext("not known of %(count)s pair", "not known of %(count)s pairs", found.unpriced) % words


def quality_told(run: Run) -> Iterable[Line]:
    quality = quality_of(run)
    if quality is None:
        return
    yield line(lambda: _("worth, as tonnes at full score"), lambda: with_t(figures.shortest(quality.value, 1)))
    yield line(lambda: _("proven upper bound"), lambda: with_t(figures.shortest(quality.bound, 1)))
    yield line(
        lambda: (
            _("at most below the best plan there can be, for shipments are whole lots")
            if quality.short_percent
            else _("below the best plan: proven, none is worth more")
        ),
        lambda: figures.measured(figures.shortest(quality.short_percent, 4), "%"),
    )
    over = quality.over_greedy_percent
    if over is None:
        yield line(lambda: _("beside taking the best pair first: not measured in this run"), lambda: _("not known"))
        return
    yield line(
        lambda: (
            _("worth beside taking the best pair first: what staff ask, or limits, cost more than is won")
            if over < 0
            else _("worth more than taking the best pair first")
        ),
        lambda: figures.measured(figures.shortest(over, 1), "%"),
    )


def in_tonnes(kg: int) -> str:
    return with_t(figures.tonnes(kg))


def with_t(number: str) -> str:
    return figures.measured(number, _("t"))


def not_met(needs: int) -> str:
    words = {"number": figures.decimal(needs)}
    return ngettext("not met in full, of %(number)s need", "not met in full, of %(number)s needs", needs) % words


def not_used(capacities: int) -> str:
    words = {"number": figures.decimal(capacities)}
    return ngettext("not used up, of %(number)s capacity", "not used up, of %(number)s capacities", capacities) % words


def came_later(instructions: int) -> str:
    return ngettext(
        "%(shown)s instruction was given or lifted after this run.",
        "%(shown)s instructions were given or lifted after this run.",
        instructions,
    ) % {"shown": figures.decimal(instructions)}


def printed_tables(tables: Iterable[Table], order: Order) -> tuple[Block, ...]:
    """The tables as they follow each other on paper, each with the columns that there is room for."""
    return tuple(
        TableOf(
            table=table.key,
            columns=printed(
                table.columns, order if table.key == "flows" else ALL, ON_PAPER[table.key], table.grouped_by
            ),
        )
        for table in tables
    )
