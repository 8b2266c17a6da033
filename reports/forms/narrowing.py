"""How the rows of a report are narrowed: by the filter of the list they come from, in words, with the way back."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.lists.filters import SortedFilter
from accounts.lists.pages import NOT_FILTERS
from accounts.models import SavedView, User
from accounts.saved_views import LONGEST_QUERY, MOST_SHARED, OF_A_MOMENT
from commodities.enums import Sector
from companies.filters import CompanyFilter
from companies.models import Company
from matching.lists import listed_results
from matching.models import PlanFlow, PlanLine
from matching.plan_page.filters import FlowFilter, RestFilter
from matching.tables.fields import directions
from matching.tables.filters import MatchFilter
from reports.cutting.sectors import SectorForm
from reports.enums import Subject

BY_HAND = ("text", "direction", "sector")  # filters that the builder has fields of its own for
LEFT_BEHIND = (*OF_A_MOMENT, "size", "density")  # what an address says of a page, not of a report


@dataclass(frozen=True)
class OfList:
    """The list whose rows a subject carries away, if it has one, and the filter that reads its address."""

    page: str
    read: Callable[[QueryDict, User], SortedFilter]


def match_filter(query: QueryDict, user: User) -> MatchFilter:
    return MatchFilter(query, queryset=listed_results(user))


def flow_filter(query: QueryDict, user: User) -> FlowFilter:
    return FlowFilter(query, queryset=PlanFlow.objects.visible_to(user))


def rest_filter(query: QueryDict, user: User) -> RestFilter:
    return RestFilter(query, queryset=PlanLine.objects.visible_to(user).filter(need__isnull=False))


def company_filter(query: QueryDict, user: User) -> CompanyFilter:
    return CompanyFilter(query, queryset=Company.objects.visible_to(user), user=user)


class SectorFilter(SortedFilter):
    """What a summary by sector is narrowed by; it is no list, so its form is all that reads it."""

    direction = django_filters.MultipleChoiceFilter(choices=directions, label=_("Direction"))
    sector = django_filters.MultipleChoiceFilter(choices=Sector.choices, label=_("Sector"))

    class Meta:
        form = SectorForm


def sector_filter(query: QueryDict, _user: User) -> SectorFilter:
    return SectorFilter(query, queryset=PlanLine.objects.none())


LISTS = {
    Subject.MATCHES: OfList("matching:match-list", match_filter),
    Subject.LANDED: OfList("matching:match-list", match_filter),
    Subject.PLAN: OfList("matching:plan-flow-list", flow_filter),
    Subject.UNMET: OfList("matching:plan-unmet-list", rest_filter),
    Subject.BOOK: OfList("companies:company-list", company_filter),
    Subject.SECTORS: OfList("", sector_filter),
}


class Narrowing:
    """The filter of a report that somebody builds."""

    def __init__(self, subject: Subject, query: str, user: User):
        self.subject, self.user = subject, user
        self.is_too_long = len(query) > LONGEST_QUERY
        self.query = QueryDict("" if self.is_too_long else query, mutable=True)
        for name in LEFT_BEHIND:
            self.query.pop(name, None)
        for name, values in list(self.query.lists()):
            if not any(value.strip() for value in values):
                del self.query[name]

    @property
    def of_list(self) -> OfList | None:
        return LISTS.get(self.subject)

    @cached_property
    def filters(self) -> SortedFilter | None:
        return self.of_list and self.of_list.read(self.query, self.user)

    @property
    def text(self) -> str:
        """As it is kept with the order."""
        return self.query.urlencode()

    @property
    def by_hand(self) -> tuple[str, ...]:
        return tuple(name for name in BY_HAND if self.filters and name in self.filters.filters)

    @property
    def address(self) -> str:
        """Where the list stands as it is narrowed here."""
        if not self.of_list or not self.of_list.page:
            return ""
        return reverse(self.of_list.page) + (f"?{self.text}" if self.text else "")

    def choices(self, name: str) -> list[tuple]:
        return list(self.filters.form.fields[name].choices)

    def say(self, name: str, values: list[str]) -> None:
        """Narrow by other values of one filter; none of them takes it off."""
        self.query.setlist(name, values)
        if not any(value.strip() for value in values):
            del self.query[name]
        self.__dict__.pop("filters", None)

    def drop(self, name: str, value: str) -> None:
        if name in self.query:
            self.say(name, [other for other in self.query.getlist(name) if other != value])

    def check(self) -> None:
        """Raises ValidationError, in words, where the list would refuse the address."""
        if self.is_too_long:
            raise ValidationError(
                gettext("This view has too many filters to be taken along. Take some off in the list.")
            )
        if self.filters and not self.filters.form.is_valid():
            raise ValidationError([said for errors in self.filters.form.errors.values() for said in errors])

    def chips(self) -> list[dict]:
        """Each active choice in words, as the list shows it. Nothing where the address makes no sense."""
        if not self.filters or not self.filters.form.is_valid():
            return []
        return [
            {"name": name, "value": value, "text": self.filters.words(name, value)}
            for name in self.filters.form.fields
            if name not in NOT_FILTERS
            for value in self.query.getlist(name)
            if value.strip()
        ]

    def understood(self) -> tuple[str, ...]:
        """What the words of the filter were taken to mean."""
        if not self.filters or not self.filters.form.is_valid():
            return ()
        meant = getattr(self.filters, "understood", None)
        return meant.said if meant else ()

    def views(self) -> list[SavedView]:
        """The saved views of the list: one's own, then the first of those that colleagues shared."""
        if not self.address:
            return []
        kept: QuerySet[SavedView] = SavedView.objects.visible_to(self.user).filter(page=self.of_list.page)
        own = kept.filter(owner=self.user)
        return [*own, *kept.exclude(owner=self.user).select_related("owner")[:MOST_SHARED]]
