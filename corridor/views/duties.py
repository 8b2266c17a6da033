"""Duties, levies and taxes: the lines of both tariffs, which of them count for which goods, and picking one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import only_for
from accounts.lists.pages import listing, refused
from accounts.permissions import may_keep_corridor, may_see_every_company
from commodities.models import Commodity
from corridor.changes import changes_of_choice
from corridor.customs import Tariffs, is_meant_for
from corridor.enums import Country
from corridor.forms.duties import BackForm, ChoiceForm, DutyFilter, GoodsFilter, tariffs_on
from corridor.models import DutyChoice
from corridor.preferred import switches
from corridor.queries import rates_in_force
from corridor.services.duties import choose_line, stamp_of, take_choice_back


@only_for(may_see_every_company)
@require_safe
def duty_list(request: HttpRequest) -> HttpResponse:
    """Every line of the tariffs, with how it stands today."""
    filters = DutyFilter(request.GET)
    shown = listing(request, filters)
    if not shown.is_valid:
        return refused(request, filters)
    switched = switches()
    for line in shown.page:
        line.switched = switched.get(line.preference_scheme)
    facets = ("market", "measure", "state", "rate", "preference", "confidence")
    context = {
        "listing": shown,
        "page": shown.page,
        "sorts": shown.sort_links(),
        "facets": [shown.facet(name, filters.counts(name), hide_empty=True) for name in facets],
    }
    return render(request, "corridor/duty_list.html", context)


@only_for(may_see_every_company)
@require_safe
def duty_goods(request: HttpRequest) -> HttpResponse:
    """The goods of the corridor, with the lines that count for them in a market."""
    filters = GoodsFilter(request.GET)
    shown = listing(request, filters)
    if not shown.is_valid:
        return refused(request, filters)
    context = {
        "listing": shown,
        "page": shown.page,
        "rows": [(goods, filters.counted[goods.pk]) for goods in shown.page],
        "sorts": shown.sort_links(),
        "market": filters.chosen_market,
        "markets": Country.choices,
        "facets": [shown.facet("why", filters.why_counts(), hide_empty=True)],
    }
    return render(request, "corridor/duty_goods.html", context)


@only_for(may_see_every_company)
@require_safe
def duty_detail(request: HttpRequest, code: str, market: str) -> HttpResponse:
    """The lines that may apply to some goods in a market today, which of them counts, and why."""
    return goods_page(request, *found_goods(code, market))


@only_for(may_keep_corridor)
@require_POST
def duty_choose(request: HttpRequest, code: str, market: str) -> HttpResponse:
    """Pick the line that counts."""
    goods, market = found_goods(code, market)
    form = choice_form(goods, market, request.POST)
    if form.is_valid():
        facts = {**form.cleaned_data, "tariff": form.cleaned_data["line"]}
        facts.pop("line")
        try:
            choice = choose_line(commodity=goods, market=market, by=request.user, **facts)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            line = choice.tariff.national_code or choice.tariff.code
            messages.success(request, _("%(line)s counts now, here and in the next run.") % {"line": line})
            return redirect("corridor:duty-detail", code, market)
    return goods_page(request, goods, market, form=form.seen_now(standing_choice(goods, market)), status=400)


@only_for(may_keep_corridor)
@require_POST
def duty_take_back(request: HttpRequest, code: str, market: str) -> HttpResponse:
    """The choice counts no more."""
    goods, market = found_goods(code, market)
    form = BackForm(request.POST, prefix="back")
    if form.is_valid():
        try:
            take_choice_back(commodity=goods, market=market, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("The choice is taken back: the line is no longer picked by a person."))
            return redirect("corridor:duty-detail", code, market)
    return goods_page(request, goods, market, back=form, status=400)


def found_goods(code: str, market: str) -> tuple[Commodity, str]:
    if market not in Country.values:
        raise Http404
    return get_object_or_404(Commodity.objects.tradable(), code=code), market


def standing_choice(goods: Commodity, market: str) -> DutyChoice | None:
    return DutyChoice.objects.select_related("tariff").filter(commodity=goods, market=market).first()


def choice_form(goods: Commodity, market: str, data=None) -> ChoiceForm:
    counted = Tariffs(timezone.localdate(), None).counted(goods, market)
    return ChoiceForm(data, lines=counted.all_lines, choice=counted.choice or counted.lapsed)


def goods_page(
    request: HttpRequest,
    goods: Commodity,
    market: str,
    *,
    form: ChoiceForm | None = None,
    back: BackForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    euro = rates_in_force(today).get("EUR")
    tariffs = Tariffs(today, euro and euro.usd_per_unit)
    counted = tariffs.counted(goods, market)
    choice, switched = counted.choice or counted.lapsed, switches()
    states = {line.pk: line.state for line in tariffs_on(today).filter(pk__in=[line.pk for line in counted.all_lines])}
    context = {
        "goods": goods,
        "market": market,
        "today": today,
        "counted": counted,
        "choice": choice,
        "rows": [
            {
                "line": line,
                "counts": line in counted.lines,
                "is_usual": line.is_usual and is_meant_for(line, goods.code),
                "state": states[line.pk],
                "switched": switched.get(line.preference_scheme),
            }
            for line in counted.all_lines
        ],
        "not_known": [line for line in counted.lines if tariffs.duty_line(line) is None],
        "euro": euro,
        "form": form or choice_form(goods, market),
        "back": back or BackForm(prefix="back", initial={"seen": stamp_of(choice)}),
        "tried": form or back,
        "changes": changes_of_choice(goods, market),
        "may_keep": may_keep_corridor(request.user),
        "may_pick": len(counted.all_lines) > 1,
    }
    return render(request, "corridor/duty_detail.html", context, status=status)
