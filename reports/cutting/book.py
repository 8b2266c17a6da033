"""The book as it is imported: companies, needs and capacities in the sheets of its template, for `import_book`.

A row is here only if the same row, sent in again, changes nothing. So the importer itself is asked of every row; what
its sheets cannot hold as it stands (bags, glaze, a share that no unit says exactly) is left out and named.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, repeat

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import figures
from accounts.reading import typed_form
from accounts.sheets.sheet import MAX_CELL_LETTERS, MAX_ROWS, sheet_of
from companies.book.answer import Outcome
from companies.book.book_rows import CAPACITIES_WITH_ROWS, NEEDS_WITH_ROWS, stated_certificates
from companies.book.catalogue import Catalogue
from companies.book.columns import SHEETS, SheetKind
from companies.book.columns import Column as BookColumn
from companies.book.importing import answer_to
from companies.book.rights import IN_THE_BOOK
from companies.book.stated import Value, capacity_values, cells_of, company_values, need_values
from companies.enums import CompanyKind
from companies.filters import CompanyFilter
from companies.models import Capacity, Company, Need
from companies.permissions import VERIFIERS
from reports.cutting.about import filters_in_words, line
from reports.cutting.choosing import address_of, check_choice, narrowing_words, valid
from reports.cutting.cut import Cut, Put, SubjectCut
from reports.document import Column, Document, Kind, Line, Row, Table, TableOf, in_every_language
from reports.enums import Subject
from reports.orders import Order

MOST_NAMED = 20
LOOKED_AT = 100  # rows of each sheet in a preview, more than it shows
KINDS = {"amount": Kind.NUMBER, "whole": Kind.NUMBER, "day": Kind.DAY}
WIDTHS = {"amount": 12, "whole": 12, "day": 12, "choice": 14, "parameters": 30, "stated_certificates": 30}
Rows = dict[str, list[list[Value]]]

# What one chooses of the book are its sheets: a file of one of them can be a csv that is imported, too.
COLUMNS = tuple(
    Column(key=key, title=title, kind=Kind.TEXT)
    for key, title in {
        "companies": gettext_lazy("Companies"),
        "needs": gettext_lazy("Needs"),
        "capacities": gettext_lazy("Capacities"),
    }.items()
)


def check(order: Order, user) -> None:
    check_choice(order, user, COLUMNS, ("",))
    valid(_filter(order, user))
    for rows in _asked(order, user).values():
        if rows.count() > MAX_ROWS:
            raise ValidationError(
                _("A book that can be imported has at most %(most)s rows on each sheet. Narrow the filter."),
                code="too_large",
                params={"most": MAX_ROWS},
            )


def cut(order: Order, user, put: Put) -> Cut:
    check(order, user)
    asked = _asked(order, user)
    rows, not_held = _values(asked, user, None if put.keeps else LOOKED_AT), []
    unread = dict.fromkeys(rows, 0)
    if put.keeps:
        rows, not_held = _held(rows)
    else:  # to read and to ask the importer takes seconds; a preview shows a few rows and counts the others
        unread = {key: asked[key].count() - len(rows[key]) for key in rows}
    tables = tuple(_table(kind, rows[kind.key]) for kind in SHEETS if kind.key in rows)
    for table in tables:
        put.put(table.key, chain(_written(rows[table.key]), repeat((), unread[table.key])))
    has_examples = any(_of_examples(key, asked[key]).exists() for key in asked)
    said = filters_in_words(
        lambda: _filter(order, user),
        nothing=lambda: _("none: all that may be seen and has not ended"),
        more=lambda: narrowing_words(order, gettext_lazy("Delivered or available within")),
    )
    document = Document(
        subject=Subject.BOOK,
        title=in_every_language(lambda: Subject.BOOK.label),
        about=(
            Line(in_every_language(lambda: _("Filter")), said),
            *(_about_examples() if has_examples else ()),
            *_about_others(not_held),
        ),
        tables=tables,
        blocks=tuple(TableOf(table=table.key) for table in tables),
        has_examples=has_examples,
    )
    return Cut(document, None)


def _filter(order: Order, user) -> CompanyFilter:
    companies = Company.objects.visible_to(user).filter(merged_into=None)
    return CompanyFilter(address_of(order), queryset=companies, user=user)


def _asked(order: Order, user) -> dict[str, QuerySet]:
    """What goes onto each sheet that was chosen, in the order of the sheets."""
    companies = _filter(order, user).qs
    if order.companies:
        companies = companies.filter(pk__in=order.companies)
    companies = Company.objects.filter(pk__in=companies.order_by().values("pk"))
    of_them = {"company__in": companies, "status__in": IN_THE_BOOK}
    needs, capacities = Need.objects.visible_to(user).filter(**of_them), Capacity.objects.visible_to(user)
    capacities = capacities.filter(**of_them)
    if order.since:
        needs, capacities = (
            needs.filter(window_until__gte=order.since),
            capacities.filter(available_until__gte=order.since),
        )
    if order.until:
        needs, capacities = (
            needs.filter(window_from__lte=order.until),
            capacities.filter(available_from__lte=order.until),
        )
    asked = {"companies": companies, "needs": needs, "capacities": capacities}
    if order.new_since:
        asked = {key: rows.filter(changed_at__gt=order.new_since) for key, rows in asked.items()}
    return {key: rows for key, rows in asked.items() if not order.columns or key in order.columns}


def _values(asked: dict[str, QuerySet], user, most: int | None) -> Rows:
    """The cells of every row, or of the first ones, in the order of the keys by which an import knows them."""
    rows: Rows = {}
    if "companies" in asked:
        stated = Prefetch(
            "certificates", stated_certificates().filter(capacity=None), to_attr="certificates_of_company"
        )
        companies = asked["companies"].select_related("region", "place").prefetch_related("facts", stated)
        rows["companies"] = [
            cells_of("companies", company_values(one, with_screening=user.role in VERIFIERS[one.country]))
            for one in companies.order_by("code")[:most]
        ]
    beside = {
        "needs": (need_values, ("company", "named_place", "destination"), NEEDS_WITH_ROWS),
        "capacities": (capacity_values, ("company", "place", "commodity"), CAPACITIES_WITH_ROWS),
    }
    for key in asked.keys() & beside.keys():
        values_of, related, rows_beside = beside[key]
        listings = asked[key].select_related(*related).prefetch_related(*rows_beside)
        rows[key] = [cells_of(key, values_of(one)) for one in listings.order_by("company__code", "reference")[:most]]
    return rows


def _held(rows: Rows) -> tuple[Rows, list[str]]:
    """The rows that an import would leave as they are, and the names of the others.

    Companies and listings are asked of apart: a listing is held well even where the row of its company is not.
    """
    held, others, catalogue = {}, [], Catalogue()
    for keys in (("companies",), ("needs", "capacities")):
        short = {key: [row for row in rows[key] if not _is_too_long(row)] for key in keys if key in rows}
        others += [_name_of(key, row) for key in short for row in rows[key] if _is_too_long(row)]
        sheets = [sheet_of(kind.key, _as_sent(kind, short[kind.key])) for kind in SHEETS if kind.key in short]
        well = {
            (row.sheet, row.row)
            for row in answer_to(sheets, catalogue, today=timezone.localdate()).rows
            if row.outcome == Outcome.ALREADY_THERE
        }
        for key, sent in short.items():
            held[key] = [row for number, row in enumerate(sent, start=2) if (key, number) in well]
            others += [_name_of(key, row) for number, row in enumerate(sent, start=2) if (key, number) not in well]
    return held, others


def _is_too_long(row: list[Value]) -> bool:
    return any(isinstance(cell, str) and len(cell) > MAX_CELL_LETTERS for cell in row)


def _as_sent(kind: SheetKind, rows: Iterable[list[Value]]) -> list[list]:
    """A sheet as its file is read: with its heads, and with every number as a decimal."""
    heads = [column.key for column in kind.columns]
    return [heads, *([Decimal(cell) if isinstance(cell, int) else cell for cell in row] for row in rows)]


def _name_of(key: str, row: list[Value]) -> str:
    return str(row[0]) if key == "companies" else f"{row[0]}/{row[1]}"


def _of_examples(key: str, rows: QuerySet) -> QuerySet:
    return rows.filter(**{"kind" if key == "companies" else "company__kind": CompanyKind.EXAMPLE})


def _written(rows: Iterable[list[Value]]) -> Iterable[Row]:
    return ([_cell(value) for value in row] for row in rows)


def _cell(value: Value) -> str | None:
    """A number so written that it has one meaning in a csv too."""
    if value is None or isinstance(value, str):
        return value and str(value)
    return value.isoformat() if isinstance(value, date) else typed_form(Decimal(value))


def _table(kind: SheetKind, rows: Sequence[list[Value]]) -> Table:
    columns = (_column(column, [row[place] for row in rows]) for place, column in enumerate(kind.columns))
    return Table(key=kind.key, title=_in_headings(kind), columns=tuple(columns))


def _column(column: BookColumn, values: Iterable[Value]) -> Column:
    decimals = [len(typed_form(value).partition(".")[2]) for value in values if isinstance(value, Decimal)]
    return Column(
        key=column.key,
        title=_in_headings(column),
        kind=KINDS.get(column.kind, Kind.TEXT),
        places=max(decimals, default=0),
        width=WIDTHS.get(column.kind, 18),
    )


def _in_headings(thing: SheetKind | BookColumn) -> dict[str, str]:
    """As the template names it: a reader of Kazakh finds the Russian name."""
    return {language: thing.heading(language) for language, _name in settings.LANGUAGES}


def _about_examples() -> tuple[Line, ...]:
    return (
        line(
            lambda: _("Example"),
            lambda: _("Companies and figures marked as examples are invented; goods and places are real."),
        ),
    )


def _about_others(not_held: list[str]) -> tuple[Line, ...]:
    if not not_held:
        return ()
    named = ", ".join(not_held[:MOST_NAMED]) + (", …" if len(not_held) > MOST_NAMED else "")
    return (
        line(
            lambda: _("Left out"),
            lambda: (
                ngettext(
                    "%(number)s row that the sheets cannot hold as it stands: %(rows)s.",
                    "%(number)s rows that the sheets cannot hold as they stand: %(rows)s.",
                    len(not_held),
                )
                % {"number": figures.decimal(len(not_held)), "rows": named}
            ),
        ),
    )


BOOK = SubjectCut(columns=COLUMNS, check=check, cut=cut)
