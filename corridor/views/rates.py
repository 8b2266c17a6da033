"""Rates of exchange and premiums of insurance: what there is, and what people enter."""

import django_filters
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import only_for
from accounts.forms.ours import OurForm
from accounts.lists.filters import ListForm, SortedFilter
from accounts.lists.pages import listing, refused
from accounts.permissions import may_keep_corridor, may_see_every_company
from corridor.enums import Currency
from corridor.forms.quotes import EndForm
from corridor.forms.rates import CURRENCIES, CorrectionForm, PremiumForm, RateForm
from corridor.models import ExchangeRate, InsurancePremium
from corridor.queries import rates_in_force
from corridor.services import rates as services

GET_OR_POST = ["GET", "HEAD", "POST"]


class RateListForm(ListForm):
    sorts = {"day": "on", "currency": "currency"}
    falls_first = ("day",)


class RateFilter(SortedFilter):
    """The list of rates of exchange."""

    default_sort = "-day"
    currency = django_filters.MultipleChoiceFilter(choices=Currency.choices, label=gettext_lazy("Currency"))

    class Meta:
        form = RateListForm

    def counts(self) -> dict[str, int]:
        return dict(self.without("currency").values_list("currency").annotate(rows=Count("pk")))


@only_for(may_see_every_company)
@require_safe
def rate_list(request: HttpRequest) -> HttpResponse:
    """Every rate, the newest first; those that count today; the premiums."""
    today = timezone.localdate()
    filters = RateFilter(request.GET, queryset=ExchangeRate.objects.all())
    shown = listing(request, filters)
    if not shown.is_valid:
        return refused(request, filters)
    counting = rates_in_force(today)
    premiums = list(InsurancePremium.objects.order_by("cover", "-valid_from", "code"))
    in_force = set(InsurancePremium.objects.in_force(today).values_list("pk", flat=True))
    for premium in premiums:
        premium.counts = premium.pk in in_force
        premium.is_over = premium.valid_to < today
        premium.is_later = premium.valid_from > today
    context = {
        "listing": shown,
        "page": shown.page,
        "sorts": shown.sort_links(),
        "facets": [shown.facet("currency", filters.counts(), hide_empty=True)],
        "counting": {(rate.currency, rate.on) for rate in counting.values()},
        "missing": [currency for currency, _label in CURRENCIES if currency not in counting],
        "rests_on_examples": any(rate.confidence == "example" for rate in counting.values() if rate.currency != "USD")
        or any(premium.counts and premium.is_example for premium in premiums),
        "premiums": premiums,
        "may_keep": may_keep_corridor(request.user),
    }
    return render(request, "corridor/rate_list.html", context)


@only_for(may_keep_corridor)
@require_http_methods(GET_OR_POST)
def rate_enter(request: HttpRequest) -> HttpResponse:
    """Enter what a currency was worth on a day."""
    if request.method != "POST":
        asked = request.GET.get("currency", "")
        initial = {"currency": asked} if asked in dict(CURRENCIES) else {}
        return rate_page(request, RateForm(initial=initial))
    form = RateForm(request.POST)
    if kept(form, services.enter_rate):
        messages.success(request, _("The rate is kept. The next run of the matching reckons with it."))
        return redirect("corridor:rate-list")
    return rate_page(request, form, status=400)


@only_for(may_keep_corridor)
@require_http_methods(GET_OR_POST)
def rate_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a mistyped rate right."""
    rate = get_object_or_404(ExchangeRate, pk=pk)
    if request.method != "POST":
        return rate_page(request, CorrectionForm(rate=rate), rate=rate)
    form = CorrectionForm(request.POST, rate=rate)
    if kept(form, services.correct_rate, rate=rate):
        messages.success(request, _("The rate is corrected. What it was is kept in its history."))
        return redirect("corridor:rate-list")
    return rate_page(request, form, rate=rate, status=400)


@only_for(may_keep_corridor)
@require_http_methods(GET_OR_POST)
def premium_enter(request: HttpRequest) -> HttpResponse:
    """Enter what an insurer asks for a cover."""
    form = PremiumForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and kept(form, services.enter_premium):
        messages.success(request, _("The premium is kept."))
        return redirect("corridor:rate-list")
    return render(request, "corridor/premium_form.html", {"form": form}, status=400 if form.errors else 200)


@only_for(may_keep_corridor)
@require_http_methods(GET_OR_POST)
def premium_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a premium end earlier than it said."""
    premium = get_object_or_404(InsurancePremium, pk=pk)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"last_day": timezone.localdate()})
    if request.method == "POST" and kept(form, services.end_premium, premium=premium):
        messages.success(request, _("The premium ends on the day you chose."))
        return redirect("corridor:rate-list")
    context = {"form": form, "premium": premium}
    return render(request, "corridor/premium_end.html", context, status=400 if form.errors else 200)


def kept(form: OurForm, act, **about) -> bool:
    """Whether the service took what was typed; what it refuses stands at the fields."""
    if form.is_valid():
        try:
            act(**form.cleaned_data, **about)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            return True
    return False


def rate_page(
    request: HttpRequest, form: OurForm, *, rate: ExchangeRate | None = None, status: int = 200
) -> HttpResponse:
    return render(request, "corridor/rate_form.html", {"form": form, "rate": rate}, status=status)
