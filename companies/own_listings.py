"""The needs and capacities of one company as one list: narrowed, sorted and paged together, though two tables."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import django_filters
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.lists.filters import ListForm, SortedFilter
from accounts.reading import LineField
from commodities.facts import FALLBACKS
from companies.enums import ListingStatus
from companies.listing_states import KINDS, Listing, ListingState, in_state
from companies.models import Capacity, Company, Need, NeedCommodity

NAMES = ("name_en", "name_id", "name_ru", "name_kk")
OF_NEED = ("accepted__commodity", "accepted__group")
COLUMNS = ("pk", "kind", "goods", "quantity_kg", "valid_until", "changed_at")
SHOWN = 10  # of each kind, on the page of the company


@dataclass(frozen=True)
class Both:
    """Needs and capacities side by side, narrowed alike."""

    by_kind: dict[str, QuerySet]
    model = Need  # what a filter asks for; no column of it is used by name

    def each(self, change: Callable[[str, QuerySet], QuerySet]) -> "Both":
        return Both({kind: change(kind, rows) for kind, rows in self.by_kind.items()})

    def all(self) -> "Both":
        return self

    def order_by(self) -> "Both":
        return self

    def as_rows(self) -> QuerySet:
        """One row each, with what they are sorted by; a kind that is filtered away adds none."""
        needs, capacities = (
            rows.annotate(kind=Value(kind), goods=goods_of(kind)).order_by().values(*COLUMNS)
            for kind, rows in self.by_kind.items()
        )
        return needs.union(capacities, all=True)


def newest_of(listings: QuerySet) -> QuerySet:
    """The few that the page of a company shows: open ones first, the latest change above. Their own page has all."""
    is_open = Case(When(status=ListingStatus.OPEN, then=0), default=1)
    return listings.order_by(is_open, "-changed_at", "-pk")[:SHOWN]


def listings_of(company: Company, user) -> Both:
    return Both({kind: model.objects.visible_to(user).filter(company=company) for kind, model in KINDS.items()})


def goods_of(kind: str):
    """The name by which its goods are sorted: as the reader sees it, whether it begins large or small."""
    if kind == "capacity":
        return Lower(_name("commodity__"))
    principal = NeedCommodity.objects.filter(need=OuterRef("pk")).order_by("position")
    name = Coalesce(_name("commodity__"), _name("group__"))
    return Lower(Subquery(principal.annotate(shown=name).values("shown")[:1]))


def _name(way: str) -> Coalesce:
    languages = FALLBACKS.get((get_language() or "en")[:2], ("en",))
    return Coalesce(*(NullIf(F(f"{way}name_{code}"), Value("")) for code in (*languages, "en")))


class OwnListingForm(ListForm):
    sorts = {"goods": "goods", "quantity": "quantity_kg", "until": "valid_until", "changed": "changed_at"}
    falls_first = ("quantity", "changed")


class WordsFilter(django_filters.Filter):
    field_class = LineField


class OwnListingFilter(SortedFilter):
    """The list of what a company needs and can supply, on a day."""

    default_sort = "-changed"
    text = WordsFilter(most=100, required=False, method="keep_words", label=_("Goods, own words or number"))
    state = django_filters.MultipleChoiceFilter(choices=ListingState.choices, method="keep_states", label=_("State"))
    kind = django_filters.MultipleChoiceFilter(
        choices=[("need", _("what it needs")), ("capacity", _("what it can supply"))],
        method="keep_kinds",
        label=_("What"),
    )

    class Meta:
        form = OwnListingForm

    def __init__(self, *args, on: date, **kwargs):
        self.on = on
        super().__init__(*args, **kwargs)

    def sorted(self) -> QuerySet:
        sort = self.form.cleaned_data.get("sort") or self.default_sort
        field = F(self.form.sorts[sort.removeprefix("-")])
        order = field.desc(nulls_last=True) if sort.startswith("-") else field.asc(nulls_last=True)
        return self.qs.as_rows().order_by(order, "kind", "pk")

    def keep_words(self, both: Both, _name: str, words: str) -> Both:
        """Those that hold each of the words somewhere: in the goods, in any language, or in what was typed."""
        for word in words.split():
            both = both.each(lambda kind, rows, word=word: rows.filter(holding(kind, word)))
        return both

    def keep_states(self, both: Both, _name: str, states: list[str]) -> Both:
        return both.each(lambda kind, rows: rows.filter(in_state(states, self.on)))

    def keep_kinds(self, both: Both, _name: str, kinds: list[str]) -> Both:
        return both.each(lambda kind, rows: rows if kind in kinds else rows.filter(pk__in=[]))

    def words(self, name: str, value: str) -> str:
        return value if name == "text" else super().words(name, value)

    def state_counts(self) -> dict[str, int]:
        which = {str(state): Count("pk", filter=in_state([state], self.on)) for state in ListingState}
        found = [rows.aggregate(**which) for rows in self.without("state").by_kind.values()]
        return {state: sum(counts[state] for counts in found) for state in which}

    def kind_counts(self) -> dict[str, int]:
        return {kind: rows.count() for kind, rows in self.without("kind").by_kind.items()}


def holding(kind: str, word: str) -> Q:
    wanted = Q(own_words__icontains=word) | Q(reference__icontains=word)
    if kind == "capacity":
        return wanted | _named("commodity__", word)
    accepted = NeedCommodity.objects.filter(_named("commodity__", word) | _named("group__", word), need=OuterRef("pk"))
    return wanted | Q(Exists(accepted))


def _named(way: str, word: str) -> Q:
    wanted = Q()
    for name in NAMES:
        wanted |= Q((f"{way}{name}__icontains", word))
    return wanted


def loaded(rows: Iterable[dict]) -> list[Listing]:
    """The listings of one page, in its order, with what a row shows of them."""
    rows = list(rows)
    pks = {kind: [row["pk"] for row in rows if row["kind"] == kind] for kind in KINDS}
    needs = Need.objects.select_related("company").prefetch_related(*OF_NEED).filter(pk__in=pks["need"])
    capacities = Capacity.objects.select_related("company", "commodity").filter(pk__in=pks["capacity"])
    found = {("need", one.pk): one for one in needs} | {("capacity", one.pk): one for one in capacities}
    return [found[row["kind"], row["pk"]] for row in rows if (row["kind"], row["pk"]) in found]
