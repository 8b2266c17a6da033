"""What staff ask of the plan, pair by pair, and what became of it in a run. Their reasons are for colleagues alone."""

from django.utils import timezone
from django.utils.translation import gettext as _

from matching.enums import InstructionKind
from matching.models import PlanInstruction, Run
from matching.plan_page import asked
from reports.cutting import cells, words
from reports.cutting.cells import column
from reports.cutting.cut import Put
from reports.cutting.rests import goods_in_words
from reports.cutting.shared_columns import MATCH
from reports.cutting.tongues import Said, SaidRow, with_words
from reports.document import Kind, Table, in_every_language

TEXT, NUMBER, CODE, DAY = Kind.TEXT, Kind.NUMBER, Kind.CODE, Kind.DAY

BECAME = {
    asked.OBEYED: in_every_language(lambda: _("followed")),
    asked.LEFT_OUT: in_every_language(lambda: _("left out")),
    asked.LATER: in_every_language(lambda: _("not yet: it came after this run")),
}
ASKED_COLUMNS = (
    column("asked", lambda: _("Asked"), CODE, words=words.of_choices(InstructionKind.choices), width=16),
    column("exporter", lambda: _("Exporter"), TEXT, width=32),
    column("importer", lambda: _("Importer"), TEXT, width=32),
    column("goods", lambda: _("Goods"), CODE, width=30),
    column("at_least_t", lambda: _("At least, in tonnes"), NUMBER, places=3),
    column("asked_on", lambda: _("Asked on"), DAY, width=12),
    column("became", lambda: _("In this plan"), CODE, words=BECAME, width=24),
    column("why", lambda: _("Why it was left out"), TEXT, width=32),
    column("lifted_on", lambda: _("Lifted on"), DAY, width=12),
    MATCH,
)


def asked_table(run: Run | None, user, put: Put) -> Table:
    """Pairs of companies that are hidden are in no report."""
    table = Table(key="asked", title=in_every_language(lambda: _("What staff ask of the plan")), columns=ASKED_COLUMNS)
    found = [row for row in (asked.asked_of(run, user) if run else []) if not is_hidden(row)]
    seen = {row.match.capacity.commodity.code: {} for row in found}
    columns = tuple(
        one if one.key != "goods" else column("goods", lambda: _("Goods"), CODE, words=goods_in_words(seen), width=30)
        for one in ASKED_COLUMNS
    )
    told, rows = with_words(
        Table(key=table.key, title=table.title, columns=columns), [asked_row(row, run) for row in found]
    )
    put.put("asked", rows)
    return told


def is_hidden(row: PlanInstruction) -> bool:
    return row.match.need.company.is_hidden or row.match.capacity.company.is_hidden


def asked_row(row: PlanInstruction, run: Run) -> SaidRow:
    left_out = run.counts.get("instructions_left_out", {}).get(str(row.pk))
    return (
        row.kind,
        row.match.capacity.company.name_registered,
        row.match.need.company.name_registered,
        row.match.capacity.commodity.code,
        cells.tonnes(row.quantity_kg),
        timezone.localtime(row.set_at).date().isoformat(),
        row.became,
        Said(in_every_language(lambda: asked.why_words(left_out))) if left_out else "",
        timezone.localtime(row.lifted_at).date().isoformat() if row.lifted_at else "",
        str(row.match_id),
    )
