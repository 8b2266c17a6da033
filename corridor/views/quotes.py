"""Freight quotes: the list, one quote, entering, changing, ending, withdrawing."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import only_for
from accounts.lists.pages import listing, refused
from accounts.permissions import may_keep_corridor, may_see_every_company
from corridor.enums import QuoteScope
from corridor.forms.quote_list import QuoteFilter
from corridor.forms.quotes import EndForm, QuoteForm
from corridor.lanes import why_not_reckoned
from corridor.models import FreightQuote
from corridor.queries import has_rate, without_rate
from corridor.quotes import QuoteState, replacing, with_state
from corridor.services import quotes as services
from corridor.ways import Ways

SHOWN = ("leg__origin", "leg__destination", "origin", "destination", "equipment", "entered_by")
GET_OR_POST = ["GET", "HEAD", "POST"]


@only_for(may_see_every_company)
@require_safe
def quote_list(request: HttpRequest) -> HttpResponse:
    """Every quote there is, examples and what has expired among them."""
    filters = QuoteFilter(request.GET)
    shown = listing(request, filters, lambda quotes: with_state(quotes, filters.today).select_related(*SHOWN))
    if not shown.is_valid:
        return refused(request, filters)
    states = filters.state_counts()
    kinds = filters.kind_counts()
    context = {
        "listing": shown,
        "page": shown.page,
        "sorts": shown.sort_links(),
        "facets": [
            shown.facet("state", states),
            shown.facet("scope", filters.counts("scope", "scope")),
            shown.facet("kind", kinds),
            shown.facet("equipment", filters.counts("equipment", "equipment__code"), hide_empty=True),
        ],
        "examples": kinds["example"],
        "without_rate": without_rate(filters.today),
        "may_keep": may_keep_corridor(request.user),
    }
    return render(request, "corridor/quote_list.html", context)


@only_for(may_see_every_company)
@require_safe
def quote_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One quote: what it says, whether it counts, and what can be done with it."""
    today = timezone.localdate()
    quote = get_object_or_404(with_state(FreightQuote.objects.select_related(*SHOWN), today), pk=pk)
    may_change = may_keep_corridor(request.user) and not quote.is_example and not quote.withdrawn_at
    counts = quote.state in (QuoteState.IN_FORCE, QuoteState.ENDS_SOON)
    is_through = counts and quote.scope == QuoteScope.LANE
    context = {
        "quote": quote,
        "none": why_not_reckoned(Ways(today), quote) if is_through else None,
        "lane": {"destination": quote.destination, "equipment": [quote.equipment]},
        "replacing": replacing(quote, today) if quote.state == QuoteState.REPLACED else [],
        "has_rate": has_rate(quote.currency, today),
        "may_keep": may_keep_corridor(request.user),
        "may_change": may_change,
        "may_end": may_change and quote.state not in (QuoteState.EXPIRED, QuoteState.WITHDRAWN),
    }
    return render(request, "corridor/quote_detail.html", context)


@only_for(may_keep_corridor)
@require_http_methods(GET_OR_POST)
def quote_new(request: HttpRequest) -> HttpResponse:
    """Enter what somebody quoted, alone or for the thing of another quote."""
    scope = request.GET.get("scope", QuoteScope.LEG)
    like = another(request.GET.get("like"))
    scope = like.scope if like else scope
    if scope not in QuoteScope.values:
        raise Http404
    if request.method != "POST":
        return form_page(request, QuoteForm(scope=scope, like=like), like=like)
    form = QuoteForm(request.POST, scope=scope)

    def enter() -> FreightQuote:
        keeps = form.cleaned_data["keeps_expired"]
        return services.enter_quote(facts=form.facts(), by=request.user, keeps_expired=keeps)

    return done(request, form, enter, _("The quote is kept."))


@only_for(may_keep_corridor)
@require_http_methods(GET_OR_POST)
def quote_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a quote that somebody entered."""
    quote = get_object_or_404(FreightQuote.objects.select_related(*SHOWN), pk=pk)
    if fault := services.changeable_words(quote):
        return stays(request, quote, fault)
    if request.method != "POST":
        return form_page(request, QuoteForm(scope=quote.scope, quote=quote), quote)
    form = QuoteForm(request.POST, scope=quote.scope, quote=quote)

    def change() -> FreightQuote:
        said = form.cleaned_data
        return services.change_quote(
            quote=quote, facts=form.facts(), seen=said["seen"], keeps_expired=said["keeps_expired"]
        )

    return done(request, form, change, _("The quote is changed. What it said before is kept in its history."), quote)


@only_for(may_keep_corridor)
@require_http_methods(GET_OR_POST)
def quote_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a quote end earlier than it said."""
    today = timezone.localdate()
    quote = get_object_or_404(with_state(FreightQuote.objects.select_related(*SHOWN), today), pk=pk)
    if fault := services.changeable_words(quote):
        return stays(request, quote, fault)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"last_day": today})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_quote(quote=quote, last_day=form.cleaned_data["last_day"])
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("The quote ends on the day you chose."))
            return redirect("corridor:quote-detail", quote.pk)
    status = 400 if form.errors else 200
    return render(request, "corridor/quote_end.html", {"quote": quote, "form": form}, status=status)


@only_for(may_keep_corridor)
@require_POST
def quote_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a quote back before its first day."""
    quote = get_object_or_404(FreightQuote, pk=pk)
    try:
        services.withdraw_quote(quote=quote)
    except ValidationError as refusal:
        return stays(request, quote, refusal)
    messages.success(request, _("The quote is withdrawn. Its history stays."))
    return redirect("corridor:quote-detail", quote.pk)


def stays(request: HttpRequest, quote: FreightQuote, refusal: ValidationError) -> HttpResponse:
    """Back to a quote that cannot be changed so, with the reason."""
    messages.error(request, " ".join(refusal.messages))
    return redirect("corridor:quote-detail", quote.pk)


def another(number: str | None) -> FreightQuote | None:
    """The quote whose thing the new one is for."""
    if number is None:
        return None
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise Http404
    return get_object_or_404(FreightQuote.objects.select_related(*SHOWN), pk=int(number))


def done(
    request: HttpRequest, form: QuoteForm, act: Callable, said: str, quote: FreightQuote | None = None
) -> HttpResponse:
    """Carry out what the form asks for; where it is refused, what was typed stays."""
    if form.is_valid():
        try:
            kept = act()
        except services.ChangedMeanwhile as refusal:
            now = FreightQuote.objects.select_related(*SHOWN).get(pk=quote.pk)
            form.see(now)
            form.add_refusal(refusal)
            return form_page(request, form, quote, now=now, status=400)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, said)
            return redirect("corridor:quote-detail", kept.pk)
    return form_page(request, form, quote, status=400)


def form_page(
    request: HttpRequest,
    form: QuoteForm,
    quote: FreightQuote | None = None,
    *,
    like: FreightQuote | None = None,
    now: FreightQuote | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "quote": quote, "like": like, "now": now, "scopes": QuoteScope.choices}
    return render(request, "corridor/quote_form.html", context, status=status)
