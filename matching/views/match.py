"""One match: two sides next to each other, and everything that speaks for or against it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import only_for
from accounts.permissions import may_decide_on_matches, may_see_every_company
from matching import services, texts
from matching.engine import RULE_CODES
from matching.enums import RunState
from matching.forms import DecisionForm
from matching.models import Allocation, Match
from matching.names import reader_names
from matching.one_match import explained
from matching.one_match.holdings import holdings_of
from matching.told_facts import facts_of
from matching.why_not.of_match import alternatives_for, why_not_higher


@only_for(may_see_every_company)
@require_safe
def match_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return match_page(request, pk, DecisionForm())


def match_page(request: HttpRequest, pk: int, form: DecisionForm, *, status: int = 200) -> HttpResponse:
    """The page of a match, with a decision that is to be made or was refused."""
    visible = Match.objects.visible_to(request.user)
    match = get_object_or_404(explained.laid_open(visible), pk=pk)
    if match.latest is None:
        return waiting_page(request, match)
    if is_asked_again(request):
        return HttpResponse(headers={"HX-Refresh": "true"})
    result, names = match.latest, reader_names()
    plan_run = explained.plan_behind(result.run)
    score = explained.score_rows(result)
    events = explained.history_of(match)
    papers, travel = explained.papers_for(match, result), explained.travel_of(match, result)
    holdings = holdings_of(match, papers)
    context = {
        "match": match,
        "result": result,
        "need": match.need,
        "capacity": match.capacity,
        "rules": len(RULE_CODES),
        "verdicts": explained.verdicts_of(match, result, names),
        "questions": explained.questions_of(match, result, names),
        "score": score,
        "lost": why_not_higher(match, result, facts_of([result])[result.pk], names),
        "other_sellers": alternatives_for(match, visible, "need"),
        "other_buyers": alternatives_for(match, visible, "capacity"),
        "longest": max(row.weight_ppm for row in score),
        "papers": papers,
        "holdings": holdings,
        "missing": [holding for holding in holdings if holding.is_missing],
        "travel": travel,
        "landed": travel.told,
        "arrives_at": travel.arrives_at,
        "cost_differs": travel.differs(result),
        "allocations": Allocation.objects.filter(match=match, run=plan_run),
        "plan_run": plan_run,
        "events": events,
        "edited": explained.out_of_trade(match) + explained.edited_since(match),
        "changed": explained.changed_since(match, events),
        "form": form,
        "seen": services.number_of(match.decisions.first()),
        "may_decide": may_decide_on_matches(request.user),
    }
    return render(request, "matching/match_detail.html", context, status=status)


def is_asked_again(request: HttpRequest) -> bool:
    """By the page that waits for the first answer."""
    return "HX-Request" in request.headers


def waiting_page(request: HttpRequest, match: Match) -> HttpResponse:
    """A pair that was proposed and that the rules have not judged yet."""
    if is_asked_again(request):
        return HttpResponse(status=204)
    refresh = services.refresh_of(match.need)
    has_failed = refresh is not None and refresh.state == RunState.FAILED
    context = {
        "match": match,
        "need": match.need,
        "capacity": match.capacity,
        "events": explained.history_of(match),
        "failure": texts.failure(refresh.reason_code) if has_failed else "",
    }
    return render(request, "matching/match_waiting.html", context)
