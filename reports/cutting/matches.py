"""Matches: what a filter of their list shows, in its order, as a table of every figure that a run left of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import figures
from companies.enums import CompanyKind
from companies.models import Company
from corridor.models import Place
from matching.lists import listed_results, newest_run
from matching.models import Run
from matching.tables.filters import MatchFilter
from reports.cutting import words
from reports.cutting.about import about_lines, filters_in_words
from reports.cutting.choosing import address_of, check_choice, chosen, narrowing_words, printed, valid
from reports.cutting.cut import Cut, Put, SubjectCut
from reports.cutting.match_columns import BY_KEY, COLUMNS, DIRECTION, PRINTED
from reports.cutting.match_rows import TABLE, Behind, put_rows
from reports.cutting.match_sql import MatchColumn
from reports.document import Bars, Document, Line, Table, TableOf, in_every_language
from reports.enums import Grouping, Subject
from reports.orders import Order

MOST_BARS = 8
# By what rows are grouped: the column whose changes begin a group, and the names by which they are sorted first.
GROUPS: dict[Grouping, tuple[str, tuple[str, ...]]] = {
    Grouping.SECTOR: ("sector", ("sector",)),
    Grouping.GOODS: ("goods", ("goods_name", "commodity")),
    Grouping.DIRECTION: ("direction", ("origin_country", "destination_country")),
    Grouping.EXPORTER: ("exporter", ("exporter_name", "exporter")),
    Grouping.IMPORTER: ("importer", ("importer_name", "importer")),
}


def check(order: Order, user) -> None:
    valid(MatchFilter(address_of(order), queryset=listed_results(user)))
    check_choice(order, user, (*COLUMNS, DIRECTION), ("", *GROUPS))


def cut(order: Order, user, put: Put) -> Cut:
    return cut_of(order, listed_results(user), newest_run(user), put)


def cut_of(order: Order, rows: QuerySet, run: Run | None, put: Put) -> Cut:
    """The answer from listed rows or from the results of one run, whoever may see them."""
    filters = valid(MatchFilter(address_of(order), queryset=rows))
    kept = narrowed(filters.qs, order)
    grouped_by, sorted_by = GROUPS.get(order.grouping, ("", ()))
    columns = with_latin(chosen(COLUMNS, order, grouped_by, more=(DIRECTION,)))
    facts, behind = Facts(kept), Behind.of(kept)
    put_rows(kept, columns, sorted_by, filters.order(), behind, put)
    said = filters_in_words(
        lambda: MatchFilter(address_of(order), queryset=rows),
        nothing=lambda: _("none: all matches that may be seen"),
        more=lambda: said_of(order),
    )
    document = Document(
        subject=Subject.MATCHES,
        title=in_every_language(lambda: _("Matches of needs and capacities")),
        about=about_lines(run, said, facts.has_examples, has_refreshes=behind.has_refreshes),
        tables=(
            Table(
                key=TABLE,
                title=in_every_language(lambda: _("Matches")),
                columns=tuple(column.frozen(facts.says) for column in columns),
                grouped_by=grouped_by,
            ),
        ),
        blocks=(*facts.bars(), TableOf(table=TABLE, columns=on_paper(columns, order, grouped_by))),
        has_examples=facts.has_examples,
    )
    return Cut(document, run)


def narrowed(rows: QuerySet, order: Order) -> QuerySet:
    """What an order says beside the filter: companies on either side, and when the matches were first found."""
    if order.companies:
        rows = rows.filter(Q(exporter__in=order.companies) | Q(importer__in=order.companies))
    found = Run.objects.all()
    if order.since:
        found = found.filter(finished_at__gte=beginning_of(order.since))
    if order.until:
        found = found.filter(finished_at__lt=beginning_of(order.until + timedelta(days=1)))
    if order.new_since:
        found = found.filter(finished_at__gt=order.new_since)
    return rows.filter(first_run__in=found) if found.query.where else rows


def beginning_of(day: date) -> datetime:
    """Midnight on the clock of Balikpapan."""
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())


def said_of(order: Order) -> list[str]:
    """The same in words."""
    said = narrowing_words(order, gettext_lazy("First found"))
    if order.new_since:
        said.append(": ".join([_("New since"), figures.moment(order.new_since)]))
    return said


def with_latin(columns: Sequence[MatchColumn]) -> tuple[MatchColumn, ...]:
    """A name comes with the same in Latin letters: paper has to name a firm in letters that its reader knows."""
    asked = {column.key for column in columns}
    pairs = ((column, BY_KEY.get(column.latin)) for column in columns)
    return tuple(
        one for column, latin in pairs for one in (column, latin) if one and (one is column or one.key not in asked)
    )


def on_paper(columns: Sequence[MatchColumn], order: Order, grouped_by: str) -> tuple[str, ...]:
    instead = {column.latin for column in columns}  # stands in the place of another
    return printed([column for column in columns if column.key not in instead], order, PRINTED, grouped_by)


@dataclass(frozen=True)
class Facts:
    """What is told of the rows as a whole."""

    rows: QuerySet

    @cached_property
    def goods(self) -> list[tuple[int, int]]:
        """Kinds of goods with how many matches, most first."""
        counted = self.rows.order_by().values_list("commodity").annotate(number=Count("pk"))
        return list(counted.order_by("-number", "commodity"))

    @cached_property
    def has_examples(self) -> bool:
        examples = Company.objects.filter(kind=CompanyKind.EXAMPLE)
        return any(self.rows.filter((f"{side}__in", examples)).exists() for side in ("exporter", "importer"))

    def bars(self) -> tuple[Bars, ...]:
        """A chart where there are several things to compare."""
        if len(self.goods) < 2:
            return ()
        shown = self.goods[:MOST_BARS]
        codes, names = words.commodity_codes(key for key, _number in shown), self.says("commodities")
        left = len(self.goods) - len(shown)
        note = in_every_language(lambda: _("Other kinds of goods: %(count)s.") % {"count": left}) if left else ""
        bars = tuple(Line(names[codes[key]], str(number)) for key, number in shown)
        return (
            Bars(
                title=in_every_language(lambda: _("Which goods have most matches?")),
                unit="",  # the title says what is counted: a noun would have to agree with each number
                bars=bars,
                note=note,
            ),
        )

    def says(self, name: str) -> words.Words:
        return WORDS[name](self)

    def keys(self, name: str) -> QuerySet:
        return self.rows.order_by().values_list(name, flat=True).distinct()

    @cached_property
    def countries(self) -> words.Words:
        """A place may lie in a country whose companies do not trade here: it keeps its code."""
        others = Place.objects.values_list("country", flat=True).distinct().order_by("country")
        return {code: code for code in others} | words.countries()

    @cached_property
    def commodities(self) -> words.Words:
        return words.commodities(key for key, _number in self.goods)

    def directions(self) -> words.Words:
        pairs = self.rows.order_by().values_list("origin_country", "destination_country").distinct()
        return {
            f"{origin}-{destination}": self._direction(origin, destination) for origin, destination in sorted(pairs)
        }

    def _direction(self, *ends: str) -> dict[str, str]:
        origin, destination = (self.countries[code] for code in ends)
        said = {}
        for code, sentence in in_every_language(lambda: gettext_lazy("%(origin)s to %(destination)s")).items():
            names = [name if isinstance(name, str) else name[code] for name in (origin, destination)]
            said[code] = sentence % {"origin": names[0], "destination": names[1]}
        return said


WORDS: dict[str, Callable[[Facts], words.Words]] = {
    "answers": lambda facts: words.answers(),
    "commodities": lambda facts: facts.commodities,
    "countries": lambda facts: facts.countries,
    "directions": lambda facts: facts.directions(),
    "example": lambda facts: {"example": in_every_language(lambda: _("example"))},
    "exporter_places": lambda facts: words.wheres(facts.keys("exporter")),
    "importer_places": lambda facts: words.wheres(facts.keys("importer")),
    "rests_on": lambda facts: words.rests_on(),
    "rules": lambda facts: words.rules(),
    "sectors": lambda facts: words.sectors(),
    "states": lambda facts: words.match_states(),
}

MATCHES = SubjectCut(
    columns=tuple(column.frozen() for column in COLUMNS),
    check=check,
    cut=cut,
    groupings=("", *GROUPS),
)
