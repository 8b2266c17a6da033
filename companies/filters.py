"""How the list of companies is narrowed and sorted."""

from functools import cached_property

import django_filters
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.lists.filters import SortedFilter
from accounts.lists.remembering import Memory
from accounts.lists.tables import ListColumn, TableForm
from accounts.reading import LineField
from commodities.addresses import GoodsFilter, parts_of
from commodities.enums import Sector
from commodities.models import Commodity, CommodityGroup
from companies.enums import CompanyKind, CompanyStatus, FactKind
from companies.models import BookChange, Company, VerificationFact
from companies.trading import capacities_of, needs_of
from corridor.enums import Country

NOTHING_CHECKED = "nothing"
SEARCHED = ("name_registered", "name_latin", "name_short", "registration_number")


class WordsFilter(django_filters.Filter):
    field_class = LineField


COMPANY_COLUMNS = (
    ListColumn("company", _("Company"), is_fixed=True, kind="tm-w-name"),
    ListColumn("country", _("Where")),
    ListColumn("sectors", _("Sectors")),
    ListColumn("checked", _("Checked")),
    ListColumn("kind", _("How it came here"), is_usual=False),
    ListColumn("language", _("Languages"), is_usual=False),
    ListColumn("state", _("State")),
    ListColumn("changed", _("Changed")),
)


class CompanyListForm(TableForm):
    offered = COMPANY_COLUMNS
    sorts = {
        "company": "shown_name",
        "country": "country",
        "state": "status",
        "changed": "changed_at",
    }
    falls_first = ("changed",)  # the newest first


class CompanyFilter(SortedFilter):
    """The list of companies."""

    default_sort = "company"
    name = WordsFilter(most=100, required=False, method="keep_named", label=_("Name or number"))
    country = django_filters.MultipleChoiceFilter(choices=Country.choices, label=_("Country"))
    status = django_filters.MultipleChoiceFilter(choices=CompanyStatus.choices, label=_("State"))
    kind = django_filters.MultipleChoiceFilter(choices=CompanyKind.choices, label=_("How it came here"))
    sector = django_filters.MultipleChoiceFilter(choices=Sector.choices, method="keep_sectors", label=_("Sector"))
    checked = django_filters.MultipleChoiceFilter(
        choices=[*FactKind.choices, (NOTHING_CHECKED, _("nothing checked yet"))],
        method="keep_checked",
        label=_("Checked"),
    )

    buys = GoodsFilter(method="keep_buyers", label=_("Needs"))
    sells = GoodsFilter(method="keep_sellers", label=_("Offers"))

    class Meta:
        form = CompanyListForm

    def __init__(self, data, *, queryset, user):
        self.user = user
        super().__init__(data, queryset=queryset)

    def keep_buyers(self, rows: QuerySet[Company], _name: str, goods: Commodity | CommodityGroup) -> QuerySet[Company]:
        """Companies with an open need for the goods."""
        return rows.filter(pk__in=needs_of(parts_of(goods), self.user).values("company"))

    def keep_sellers(self, rows: QuerySet[Company], _name: str, goods: Commodity | CommodityGroup) -> QuerySet[Company]:
        """Companies that offer the goods now."""
        return rows.filter(pk__in=capacities_of(parts_of(goods), self.user).values("company"))

    def keep_named(self, rows: QuerySet[Company], _name: str, words: str) -> QuerySet[Company]:
        """Names that hold the words, in any of their spellings."""
        if not words:
            return rows
        wanted = Q()
        for field in SEARCHED:
            wanted |= Q((f"{field}__icontains", words))
        return rows.filter(wanted)

    def keep_sectors(self, rows: QuerySet[Company], _name: str, sectors: list[str]) -> QuerySet[Company]:
        return rows.filter(sectors__overlap=sectors) if sectors else rows

    def keep_checked(self, rows: QuerySet[Company], _name: str, chosen: list[str]) -> QuerySet[Company]:
        if not chosen:
            return rows
        facts = VerificationFact.objects.filter(company=OuterRef("pk"))
        wanted = Q(Exists(facts.filter(kind__in=[kind for kind in chosen if kind != NOTHING_CHECKED])))
        if NOTHING_CHECKED in chosen:
            wanted |= ~Q(Exists(facts))
        return rows.filter(wanted)

    def words(self, name: str, value: str) -> str:
        """What a chip says."""
        if name in ("buys", "sells"):
            said = _("needs %(goods)s") if name == "buys" else _("offers %(goods)s")
            return said % {"goods": self.form.cleaned_data[name].name}
        return value if name == "name" else super().words(name, value)

    @cached_property
    def memory(self) -> Memory:
        return Memory()

    def counts(self, name: str, field: str) -> dict[str, int]:
        """How many companies each choice of a filter would show."""
        rows = self.without(name)

        def count() -> dict[str, int]:
            return dict(rows.order_by().values_list(field).annotate(rows=Count("pk", distinct="__" in field)))

        return self.memory.remembered((BookChange,), rows, field, count)

    def sector_counts(self) -> dict[str, int]:
        rows = self.without("sector")
        which = {sector: Count("pk", filter=Q(sectors__contains=[sector])) for sector in Sector.values}
        return self.memory.remembered((BookChange,), rows, "sectors", lambda: rows.aggregate(**which))

    def checked_counts(self) -> dict[str, int]:
        counts = self.counts("checked", "facts__kind")
        return counts | {NOTHING_CHECKED: counts.pop(None, 0)}
