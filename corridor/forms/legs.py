"""How the list of legs is narrowed and sorted, and what is filled in to open or close one."""

import django_filters
from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.ours import OurForm
from accounts.lists.filters import ListForm, SortedFilter
from accounts.reading import DayField, LineField
from commodities.facts import Confidence
from corridor.countries import country_name
from corridor.enums import Mode
from corridor.legs import LegState, legs_on
from corridor.models import Place
from corridor.services.switches import LONGEST_REASON

BECOMES = (("open", _("open it")), ("closed", _("close it")))


def place_choices() -> list[tuple[str, str]]:
    """The places that some leg leads to or from, by name."""
    places = Place.objects.filter(Q(legs_out__isnull=False) | Q(legs_in__isnull=False)).distinct()
    return sorted(((place.code, place.name) for place in places), key=lambda choice: choice[1].casefold())


def country_choices() -> list[tuple[str, str]]:
    codes = Place.objects.order_by("country").values_list("country", flat=True).distinct()
    return sorted(((code, country_name(code)) for code in codes), key=lambda choice: choice[1].casefold())


class LegListForm(ListForm):
    sorts = {
        "code": "code",
        "from": "origin__name_en",
        "to": "destination__name_en",
        "mode": "mode",
        "distance": "distance_km",
        "days": "transit_days_high",
        "state": "state",
        "confidence": "confidence",
    }
    falls_first = ("distance", "days")


class LegFilter(SortedFilter):
    """The list of legs, with what holds of each today."""

    default_sort = "code"
    mode = django_filters.MultipleChoiceFilter(choices=Mode.choices, label=_("Mode"))
    state = django_filters.MultipleChoiceFilter(choices=LegState.choices, label=_("Today"))
    country = django_filters.MultipleChoiceFilter(choices=country_choices, method="keep_countries", label=_("Country"))
    place = django_filters.ChoiceFilter(
        choices=place_choices, method="keep_place", label=_("From or to"), empty_label=_("any place")
    )
    confidence = django_filters.MultipleChoiceFilter(choices=Confidence.choices, label=_("How sure"))

    class Meta:
        form = LegListForm

    def __init__(self, data):
        super().__init__(data, queryset=legs_on(timezone.localdate()))

    def keep_countries(self, rows: QuerySet, _name: str, codes: list[str]) -> QuerySet:
        if not codes:
            return rows
        return rows.filter(Q(origin__country__in=codes) | Q(destination__country__in=codes))

    def keep_place(self, rows: QuerySet, _name: str, code: str) -> QuerySet:
        return rows.filter(Q(origin__code=code) | Q(destination__code=code)) if code else rows

    def counts(self, name: str) -> dict[str, int]:
        """How many legs each choice of a filter would show."""
        return dict(self.without(name).values_list(name).annotate(rows=Count("pk")))

    def country_counts(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for ends in self.without("country").values_list("origin__country", "destination__country"):
            for code in set(ends):
                counts[code] = counts.get(code, 0) + 1
        return counts


class SwitchForm(OurForm):
    """Open or close a leg, from which day, how long and why."""

    becomes = forms.ChoiceField(choices=BECOMES, label=_("What shall happen to it?"))
    from_day = DayField(initial=timezone.localdate, label=_("From which day?"))
    until = DayField(
        required=False,
        label=_("Until which day?"),
        help_text=_("The last day. Leave it empty: until it is switched again."),
    )
    reason = LineField(
        most=LONGEST_REASON,
        label=_("Why?"),
        help_text=_("Such as the closure and who announced it. Everybody who reads the corridor sees it."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_becomes(self) -> bool:
        return self.cleaned_data["becomes"] == "open"

    def clean_seen(self) -> int:
        """The newest switch on the page that the person had open; nonsense is none that there is."""
        seen = self.cleaned_data["seen"]
        return int(seen) if seen.isascii() and seen.isdigit() else -1

    def facts(self) -> dict:
        """What the service asks for."""
        facts = dict(self.cleaned_data)
        return facts | {"is_open": facts.pop("becomes")}

    def seen_now(self, newest: int) -> "SwitchForm":
        """The same form, typed as before, that has seen the newest switch."""
        self.data = self.data.copy()
        self.data["seen"] = str(newest)
        return self
