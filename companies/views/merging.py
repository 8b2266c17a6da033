"""Two entries of one company: compared, brought together, and parted again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import only_for
from accounts.lists.filters import ListForm
from accounts.lists.pages import listing, refused
from accounts.permissions import may_see_every_company
from companies.filters import SEARCHED
from companies.finding.likely import likely_same
from companies.forms.merging import MergeForm
from companies.models import Company, Merge
from companies.queries import merges_verified_by
from companies.services.merging import comparison_of, merge_companies, undo_merge, undoing_of, why_not
from companies.services.merging.comparing import Comparison, likelier_to_stay
from companies.services.merging.telling import back_in_words, moved_in_words, taken_in_words, told_in_words
from companies.services.merging.undoing import may_undo, why_no_undoing
from companies.views.finding import company_to_verify, seen_company
from companies.views.likely import printable

MOST_FOUND = 20
COUNTED = {
    "needs": gettext_lazy("Needs"),
    "capacities": gettext_lazy("Capacities"),
    "memberships": gettext_lazy("People"),
    "contacts": gettext_lazy("Contact persons"),
    "certificates": gettext_lazy("Certificates"),
    "facts": gettext_lazy("Checks"),
}
LONGEST_WORDS = 100


@only_for(may_see_every_company)
@require_safe
def merge_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """With which other entry? The likely ones are there; any other is found by its name or number."""
    company = company_to_verify(request, pk)
    words = printable(request.GET.get("words", "")).strip()[:LONGEST_WORDS]
    context = {
        "company": company,
        "likely": likely_same(company, request.user),
        "words": words,
        "found": found_by(request, company, words) if words else [],
    }
    return render(request, "companies/merging/choose.html", context)


def found_by(request: HttpRequest, company: Company, words: str) -> QuerySet[Company]:
    """Entries of the same country whose name or number holds the words."""
    wanted = Q()
    for field in SEARCHED:
        wanted |= Q((f"{field}__icontains", words))
    others = Company.objects.visible_to(request.user).filter(wanted, country=company.country).exclude(pk=company.pk)
    return others.select_related("region", "place").order_by("name_registered", "pk")[:MOST_FOUND]


@only_for(may_see_every_company)
@require_http_methods(["GET", "HEAD", "POST"])
def merge_start(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Both entries beside each other, and what counts of each; sent, they are one."""
    one, another = company_to_verify(request, pk), seen_company(request, other)
    if one.pk == another.pk:
        raise Http404
    asked = (request.POST if request.method == "POST" else request.GET).get("stays", "")
    stays = next((found for found in (one, another) if str(found.pk) == asked), None) or likelier_to_stay(one, another)
    goes = another if stays.pk == one.pk else one
    comparison = comparison_of(stays, goes)
    form = MergeForm(request.POST if request.method == "POST" else None, comparison=comparison)
    if form.is_bound and form.is_valid():
        try:
            merge = merge_companies(
                stays=stays,
                goes=goes,
                taken=form.taken(),
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["seen"] or "",
                merged_by=request.user,
            )
        except ValidationError as refusal:
            form.add_refusal(refusal)
            form.data = form.data.copy()
            form.data["seen"] = comparison.seen
        else:
            messages.success(request, _("The two are one now. It can be undone on this page."))
            return redirect("companies:merge-detail", merge.pk)
    context = {
        "company": one,
        "other": another,
        "comparison": comparison,
        "both": (stays, goes),
        "rows": form.rows(),
        "counts": counts_in_words(comparison),
        "stays": stays,
        "goes": goes,
        "form": form,
        "why_not": why_not(stays, goes, request.user),
    }
    return render(request, "companies/merging/compare.html", context, status=400 if form.is_bound else 200)


def counts_in_words(comparison: Comparison) -> list[dict]:
    """How much hangs on either, kind by kind; of its people also who they are, for they act for both from then on."""
    rows = {
        name: {"label": label, "stays": comparison.counts[name][0], "goes": comparison.counts[name][1]}
        for name, label in COUNTED.items()
    }
    rows["memberships"]["people"] = {"stays": people_of(comparison.stays), "goes": people_of(comparison.goes)}
    return list(rows.values())


def people_of(company: Company) -> list[str]:
    """The newest last; more than a few are seen on the page of its people."""
    members = company.memberships.select_related("user").order_by("pk")
    return [f"{member.user}, {member.get_role_display()}" for member in members[:MOST_FOUND]]


def merges_seen(user) -> QuerySet[Merge]:
    """With what a row shows."""
    return merges_verified_by(user).select_related("stays", "goes", "merged_by", "undone_by")


class MergeList:
    """Every merge, the newest first. Its address holds nothing but the page."""

    default_sort = ""

    def __init__(self, data, user):
        self.form = ListForm(data)
        self.user = user

    def sorted(self) -> QuerySet[Merge]:
        return merges_seen(self.user).order_by("-pk")


@only_for(may_see_every_company)
@require_safe
def merge_list(request: HttpRequest) -> HttpResponse:
    """Which entries were brought together, by whom, and which were parted again."""
    shown = listing(request, MergeList(request.GET, request.user))
    if not shown.is_valid:
        return refused(request, shown.filters)
    return render(request, "companies/merging/list.html", {"listing": shown, "page": shown.page})


def seen_merge(request: HttpRequest, merge: int) -> Merge:
    return get_object_or_404(merges_seen(request.user), pk=merge)


@only_for(may_see_every_company)
@require_safe
def merge_detail(request: HttpRequest, merge: int) -> HttpResponse:
    """What was moved and what undoing it would do now."""
    merge = seen_merge(request, merge)
    context = {
        "merge": merge,
        "moved": moved_in_words(merge),
        "taken": taken_in_words(merge),
        "told": told_in_words(merge.moved["told"]),
    }
    if merge.undone_at is None:
        undoing = undoing_of(merge)
        context |= {
            "back": back_in_words(undoing),
            "not_back": told_in_words(undoing.told),
            "may_undo": may_undo(request.user, merge),
            "why_no_undoing": why_no_undoing(merge),
        }
    return render(request, "companies/merging/detail.html", context)


@only_for(may_see_every_company)
@require_POST
def merge_undo(request: HttpRequest, merge: int) -> HttpResponse:
    """Part the two again."""
    merge = seen_merge(request, merge)
    if merge.undone_at is None and not merge.stays.merged_into_id and not may_undo(request.user, merge):
        raise Http404
    try:
        undoing = undo_merge(merge=merge, undone_by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Undone: they are two again."))
        for said in told_in_words(undoing.told):
            messages.info(request, said)
    return redirect("companies:merge-detail", merge.pk)
