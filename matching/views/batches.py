"""Many matches decided at once, and what was decided so taken back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import figures
from accounts.access import only_for
from accounts.lists.pages import refused
from accounts.permissions import may_decide_on_matches
from matching import services
from matching.forms import BulkForm, chosen_matches
from matching.lists import listed_results
from matching.models import DecisionBatch, Match
from matching.services import MOST_AT_ONCE, Decided
from matching.tables.filters import MatchFilter
from matching.templatetags.hands import LAST_BATCH

NAMED = 20  # in a message; the page of the batch shows every match
SIDES = ("need__company", "need__destination", "capacity__company", "capacity__commodity")


@only_for(may_decide_on_matches)
@require_http_methods(["GET", "HEAD", "POST"])
def bulk_decide(request: HttpRequest) -> HttpResponse:
    """Decide about the chosen matches; asked for with the filter of a list, show all its rows to choose among."""
    if request.method == "POST":
        return decide_about_chosen(request)
    filters = MatchFilter(request.GET, queryset=listed_results(request.user))
    if not filters.form.is_valid():
        return refused(request, filters)
    pks = [row.match_id for row in filters.sorted()[: MOST_AT_ONCE + 1]]
    order = {pk: place for place, pk in enumerate(pks[:MOST_AT_ONCE])}
    matches = sorted(matches_seen(request, order), key=lambda match: order[match.pk])
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    context = {"is_cut": len(pks) > MOST_AT_ONCE, "next": f"{reverse('matching:match-list')}{query}"}
    return choosing(request, matches, BulkForm(), context)


def decide_about_chosen(request: HttpRequest) -> HttpResponse:
    form, chosen = BulkForm(request.POST), chosen_matches(request.POST.getlist("match"))
    matches = matches_seen(request, list(chosen)[:MOST_AT_ONCE])
    if len(chosen) > MOST_AT_ONCE:
        form.add_error(None, services.too_many_at_once())
    elif not matches:
        form.add_error(None, _("Choose at least one match."))
    if form.is_valid():
        seen = {match.pk: chosen[match.pk] for match in matches}
        try:
            done = services.decide_many(seen=seen, decided_by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            tell_what_was_decided(request, done)
            return redirect(way_back(request))
    for match in matches:  # what stood before the eyes of the person, not what stands now
        match.seen = chosen[match.pk]
    return choosing(request, matches, form, {"next": way_back(request)}, status=400)


def choosing(request: HttpRequest, matches, form: BulkForm, context: dict, *, status: int = 200) -> HttpResponse:
    context = {"matches": matches, "form": form, "most": figures.decimal(MOST_AT_ONCE)} | context
    return render(request, "matching/batch_choose.html", context, status=status)


def matches_seen(request: HttpRequest, pks) -> list[Match]:
    found = Match.objects.visible_to(request.user).filter(pk__in=list(pks))
    return list(found.select_related(*SIDES).order_by("pk"))


def way_back(request: HttpRequest) -> str:
    """The list from which the matches were chosen, as it was shown; nowhere else."""
    wanted, matches = request.POST.get("next", ""), reverse("matching:match-list")
    return wanted if wanted == matches or wanted.startswith(f"{matches}?") else matches


def tell_what_was_decided(request: HttpRequest, done: Decided) -> None:
    if done.batch is not None:
        request.session[LAST_BATCH] = done.batch.pk
        said = ngettext("%(count)s match is decided.", "%(count)s matches are decided.", len(done.decided))
        page = reverse("matching:batch-detail", args=[done.batch.pk])
        words = said % {"count": figures.decimal(len(done.decided))}
        messages.success(request, format_html('{} <a href="{}">{}</a>', words, page, _("See them, or take it back")))
    if done.already:
        said = ngettext("%(count)s match stood so already.", "%(count)s matches stood so already.", len(done.already))
        messages.info(request, said % {"count": figures.decimal(len(done.already))})
    if done.left:
        said = ngettext(
            "Somebody else decided about %(count)s match meanwhile. It is left as it is:",
            "Somebody else decided about %(count)s matches meanwhile. They are left as they are:",
            len(done.left),
        )
        messages.warning(request, named(said % {"count": figures.decimal(len(done.left))}, done.left))


def named(words: str, matches: list[Match]) -> str:
    """Words, and the first of some matches by their numbers."""
    links = format_html_join(
        ", ",
        '<a href="{}">{}</a>',
        ((reverse("matching:match-detail", args=[match.pk]), match) for match in matches[:NAMED]),
    )
    rest = len(matches) - NAMED
    if rest <= 0:
        return format_html("{} {}", words, links)
    more = ngettext("and %(count)s more", "and %(count)s more", rest) % {"count": figures.decimal(rest)}
    return format_html("{} {} {}", words, links, more)


@only_for(may_decide_on_matches)
@require_safe
def batch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What was decided at once, how each match stands now, and the way to take it back."""
    batch = get_object_or_404(DecisionBatch.objects.select_related("made_by", "undone_by"), pk=pk)
    decisions = batch.decisions.filter(match__in=Match.objects.visible_to(request.user))
    if batch.undone_at is not None:
        decisions = decisions.filter(decided_at__lt=batch.undone_at)
    rows = decisions.select_related(*(f"match__{side}" for side in SIDES)).order_by("match")
    context = {"batch": batch, "decisions": rows, "first": rows.first()}
    return render(request, "matching/batch_detail.html", context)


@only_for(may_decide_on_matches)
@require_POST
def batch_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was decided at once."""
    batch = get_object_or_404(DecisionBatch, pk=pk)
    try:
        done = services.undo_batch(batch=batch, undone_by=request.user)
    except ValidationError as refusal:
        messages.warning(request, refusal.message)
        return redirect("matching:batch-detail", pk)
    request.session.pop(LAST_BATCH, None)
    said = ngettext(
        "%(count)s match stands again as before.", "%(count)s matches stand again as before.", len(done.restored)
    )
    messages.success(request, said % {"count": figures.decimal(len(done.restored))})
    if done.left:
        said = ngettext(
            "%(count)s match was decided upon again since. It is left as it is:",
            "%(count)s matches were decided upon again since. They are left as they are:",
            len(done.left),
        )
        messages.warning(request, named(said % {"count": figures.decimal(len(done.left))}, done.left))
    if done.told:
        said = ngettext(
            "%(count)s person of these companies has read of the proposal, or has it by letter: tell them that it does "
            "not stand.",
            "%(count)s people of these companies have read of the proposal, or have it by letter: tell them that it "
            "does not stand.",
            done.told,
        )
        messages.warning(request, said % {"count": figures.decimal(done.told)})
    return redirect(way_back(request) if "next" in request.POST else reverse("matching:batch-detail", args=[pk]))
