"""How lines of the tariff and the goods under them are narrowed and sorted, and what is filled in to pick a line."""

from collections.abc import Iterable
from functools import cached_property

import django_filters
from django import forms
from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.ours import OurForm
from accounts.lists.filters import MOST_ECHOED, ListForm, SortedFilter
from accounts.reading import LineField
from accounts.services import LONGEST_REASON
from commodities.facts import Confidence
from commodities.models import Commodity
from corridor import tariff_words
from corridor.customs import Counted, Tariffs
from corridor.engine.gates import oldest_fresh
from corridor.enums import Country, LawState, WhyCounted
from corridor.models import DutyChoice, Tariff
from corridor.preferred import known_schemes
from corridor.services.duties import LONGEST_SOURCE, stamp_of

NO_SCHEME = "none"
RATES = {"known": (_("known"), True), "unknown": (_("not known"), False)}


def tariffs_on(on) -> QuerySet[Tariff]:
    """Every line, with how it stands on a day, its code whichever it has, and whether its rate is known."""
    state = Case(
        When(valid_from__gt=on, then=Value(LawState.NOT_YET.value)),
        When(valid_to__lt=on, then=Value(LawState.EXPIRED.value)),
        When(source_date__lt=oldest_fresh(on), then=Value(LawState.STALE.value)),
        default=Value(LawState.HOLDS.value),
        output_field=CharField(),
    )
    by_value = ~Q(measure__in=tariff_words.LEVIES) & (Q(ad_valorem_pct__isnull=False) | Q(specific_eur__isnull=False))
    by_tonne = Q(measure__in=tariff_words.LEVIES, specific_usd_per_t__isnull=False)
    has_rate = Case(When(by_value | by_tonne, then=Value(True)), default=Value(False))
    line = Coalesce(NullIf(F("national_code"), Value("")), F("hs6"))
    return Tariff.objects.annotate(state=state, has_rate=has_rate, line=line)


def called(text: str) -> QuerySet[Commodity]:
    """The tradable commodities that a text may mean: part of a name in any language, or of the code."""
    named = Q(code__icontains=text)
    for language in ("en", "id", "ru", "kk"):
        named |= Q(**{f"name_{language}__icontains": text})
    return Commodity.objects.tradable().filter(named)


class DutyListForm(ListForm):
    sorts = {
        "line": "line",
        "market": "market",
        "measure": "measure",
        "rate": "ad_valorem_pct",
        "since": "valid_from",
        "source": "source_date",
        "confidence": "confidence",
    }
    falls_first = ("rate", "since", "source")


class DutyFilter(SortedFilter):
    """The lines of both tariffs."""

    default_sort = "line"
    goods = django_filters.CharFilter(method="keep_goods", max_length=100, label=_("Goods or HS code"))
    market = django_filters.MultipleChoiceFilter(choices=Country.choices, label=_("Market"))
    measure = django_filters.MultipleChoiceFilter(
        choices=list(tariff_words.MEASURE_NAMES.items()), label=_("Duty, levy or tax")
    )
    state = django_filters.MultipleChoiceFilter(choices=LawState.choices, label=_("Today"))
    rate = django_filters.MultipleChoiceFilter(
        choices=[(key, label) for key, (label, _is_known) in RATES.items()], method="keep_rates", label=_("Rate")
    )
    preference = django_filters.MultipleChoiceFilter(
        choices=lambda: [*((scheme, scheme) for scheme in known_schemes()), (NO_SCHEME, _("none"))],
        method="keep_preferences",
        label=_("Preference"),
    )
    confidence = django_filters.MultipleChoiceFilter(choices=Confidence.choices, label=_("How sure"))

    class Meta:
        form = DutyListForm

    def __init__(self, data):
        super().__init__(data, queryset=tariffs_on(timezone.localdate()))

    def keep_goods(self, rows: QuerySet, _name: str, text: str) -> QuerySet:
        digits = text.replace(" ", "").replace(".", "")
        if not text:
            return rows
        if digits.isascii() and digits.isdigit():
            return rows.filter(Q(hs6__startswith=digits) | Q(national_code__startswith=digits))
        return rows.filter(Q(hs6__in=called(text).values("hs_code")) | Q(condition__icontains=text))

    def keep_rates(self, rows: QuerySet, _name: str, keys: list[str]) -> QuerySet:
        return rows.filter(has_rate__in=[RATES[key][1] for key in keys]) if keys else rows

    def keep_preferences(self, rows: QuerySet, _name: str, wanted: list[str]) -> QuerySet:
        return (
            rows.filter(preference_scheme__in=["" if one == NO_SCHEME else one for one in wanted]) if wanted else rows
        )

    def words(self, name: str, value: str) -> str:
        return value[:MOST_ECHOED] if name == "goods" else super().words(name, value)

    def counts(self, name: str) -> dict:
        """How many lines each choice of a filter would show."""
        field = {"rate": "has_rate", "preference": "preference_scheme"}.get(name, name)
        counts = dict(self.without(name).values_list(field).annotate(rows=Count("pk")))
        if name == "rate":
            return {key: counts.get(is_known, 0) for key, (_label, is_known) in RATES.items()}
        if name == "preference":
            counts[NO_SCHEME] = counts.pop("", 0)
        return counts


class GoodsListForm(ListForm):
    sorts = {"goods": "name_en", "code": "hs_code", "sector": "sector"}


class GoodsFilter(SortedFilter):
    """The goods of the corridor, with the lines that count for them in one market today."""

    default_sort = "code"
    goods = django_filters.CharFilter(method="keep_goods", max_length=100, label=_("Goods or HS code"))
    market = django_filters.ChoiceFilter(
        choices=Country.choices, method="keep_all", label=_("Market"), empty_label=None, null_label=None
    )
    why = django_filters.MultipleChoiceFilter(
        choices=WhyCounted.choices, method="keep_why", label=_("Which line counts")
    )

    class Meta:
        form = GoodsListForm

    def __init__(self, data):
        super().__init__(data, queryset=Commodity.objects.tradable())

    @property
    def chosen_market(self) -> str:
        return self.form.cleaned_data.get("market") or Country.KAZAKHSTAN

    @cached_property
    def counted(self) -> dict[int, Counted]:
        """What counts for each of the goods."""
        tariffs = Tariffs(timezone.localdate(), None)
        return {one.pk: tariffs.counted(one, self.chosen_market) for one in Commodity.objects.tradable()}

    def keep_goods(self, rows: QuerySet, _name: str, text: str) -> QuerySet:
        digits = text.replace(" ", "").replace(".", "")
        if digits.isascii() and digits.isdigit():
            return rows.filter(hs_code__startswith=digits)
        return rows.filter(pk__in=called(text).values("pk")) if text else rows

    def keep_all(self, rows: QuerySet, _name: str, _market: str) -> QuerySet:
        return rows

    def keep_why(self, rows: QuerySet, _name: str, wanted: list[str]) -> QuerySet:
        return rows.filter(pk__in=[pk for pk, found in self.counted.items() if found.why in wanted]) if wanted else rows

    def words(self, name: str, value: str) -> str:
        return value[:MOST_ECHOED] if name == "goods" else super().words(name, value)

    def why_counts(self) -> dict[str, int]:
        shown = [self.counted[pk].why for pk in self.without("why").values_list("pk", flat=True)]
        return {why: shown.count(why) for why in WhyCounted.values}


class ChoiceForm(OurForm):
    """Which line counts, why, and on whose word."""

    line = forms.ChoiceField(label=_("Which line counts?"))
    reason = LineField(
        most=LONGEST_REASON,
        label=_("Why this one?"),
        help_text=_("What of the goods decides: their form, use, packing. Everybody who reads the duty sees it."),
    )
    source = LineField(
        most=LONGEST_SOURCE,
        label=_("Who or what says so?"),
        help_text=_("A binding ruling, the letter of a broker, the specification; with its number and day."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, lines: Iterable[Tariff], choice: DutyChoice | None, **kwargs):
        super().__init__(*args, initial={"seen": stamp_of(choice)}, **kwargs)
        self.lines = {line.code: line for line in lines}
        blank = ("", _("Choose a line"))
        self.fields["line"].choices = [blank, *((code, in_words(line)) for code, line in self.lines.items())]

    def clean_line(self) -> Tariff:
        return self.lines[self.cleaned_data["line"]]

    def seen_now(self, choice: DutyChoice | None) -> "ChoiceForm":
        """The same form, typed as before, that has seen the choice which stands."""
        self.data = self.data.copy()
        self.data["seen"] = stamp_of(choice)
        return self


class BackForm(OurForm):
    """Why a choice, or a switch, is taken back."""

    reason = LineField(most=LONGEST_REASON, label=_("Why is it taken back?"), help_text=_("Kept in the history."))
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


def in_words(line: Tariff) -> str:
    """A line for a list to choose from: its code, what it is for, its rate."""
    rate = tariff_words.rate(line) or _("rate not known")
    parts = [line.national_code or line.code, line.condition, str(rate)]
    return ": ".join(part for part in parts if part)
