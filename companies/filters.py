"""How the list of companies is narrowed and sorted."""

import django_filters
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.lists.filters import ListForm, SortedFilter
from accounts.reading import LineField
from commodities.enums import Sector
from companies.enums import CompanyKind, CompanyStatus, FactKind
from companies.models import Company, VerificationFact
from corridor.enums import Country

NOTHING_CHECKED = "nothing"
SEARCHED = ("name_registered", "name_latin", "name_short", "registration_number")


class WordsFilter(django_filters.Filter):
    field_class = LineField


class CompanyListForm(ListForm):
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

    class Meta:
        form = CompanyListForm

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
        return value if name == "name" else super().words(name, value)

    def counts(self, name: str, field: str) -> dict[str, int]:
        """How many companies each choice of a filter would show."""
        rows = self.without(name).values_list(field).annotate(rows=Count("pk", distinct=True))
        return dict(rows)

    def sector_counts(self) -> dict[str, int]:
        which = {sector: Count("pk", filter=Q(sectors__contains=[sector])) for sector in Sector.values}
        return self.without("sector").aggregate(**which)

    def checked_counts(self) -> dict[str, int]:
        counts = self.counts("checked", "facts__kind")
        return counts | {NOTHING_CHECKED: counts.pop(None, 0)}
