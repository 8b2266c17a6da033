"""The public directory for businesses: is our company here, and how it becomes ours; and for those who decide."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Func, Value
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import only_for
from accounts.limits import may_try_once_more
from accounts.permissions import may_see_every_company
from companies import services
from companies.enums import ClaimState
from companies.finding.finder import likely_among
from companies.finding.folding import ways_to_ask
from companies.forms.claims import ClaimForm, DirectoryForm, RefuseClaimForm
from companies.models import Claim, Company
from companies.permissions import may_claim, may_decide_on_claims
from companies.services.claims import claimable, number_is_here
from companies.views.finding import SIDES, may_ask_for_number, signed_in
from companies.views.registration.papers import MEDIA_TYPES

LIKE_ENOUGH = 0.6  # a person looks for a company among public facts: rather one too many than the one not shown
SHOWN = 10
SHORTEST = 3  # letters of the longest word that is typed


class Holds(Func):
    """Whether the names of a company, as they sound in any script, hold a word. A word has letters and digits alone."""

    template = "name_sounds LIKE '%%%%' || company_sounds(%(expressions)s) || '%%%%'"
    output_field = BooleanField()


@only_for(may_claim)
@require_safe
def directory_search(request: HttpRequest) -> HttpResponse:
    """Is the company here already? Only entries of the public directory are looked through: they are public facts."""
    form = DirectoryForm(request.GET if "name" in request.GET else None)
    found: list[Company] = []
    if form.is_bound and form.is_valid():
        if may_try_once_more(request, "directory_asked"):
            found = entries_like(form.cleaned_data["name"])
        else:
            form.add_error(None, _("Too many requests. Wait a few minutes, then try again."))
    own = request.user.claims.select_related("company").order_by("-pk")[:SHOWN]
    context = {"form": form, "found": found, "is_asked": form.is_bound and not form.errors, "claims": own}
    return render(request, "companies/directory.html", context, status=400 if form.errors else 200)


def entries_like(name: str) -> list[Company]:
    """Those likely the one named; then those whose names hold all that was typed, as people type a part of one."""
    entries = claimable().select_related(*SIDES)
    found = [one.company for one in likely_among(entries, name, at_least=LIKE_ENOUGH)]
    parts = [part for way in ways_to_ask(name)[:1] for part in way.split()]
    if max(map(len, parts), default=0) >= SHORTEST:
        found += entries.filter(*(Holds(Value(part)) for part in parts))[:SHOWN]
    return list(dict.fromkeys(found))[:SHOWN]


@only_for(may_claim)
@require_http_methods(["GET", "HEAD", "POST"])
def claim_make(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an entry is one's company, with its number and a document."""
    company = get_object_or_404(claimable().select_related(*SIDES), pk=pk)
    is_sent = request.method == "POST"
    form = ClaimForm(request.POST if is_sent else None, request.FILES if is_sent else None, company=company)
    if is_sent and form.is_valid() and may_ask_for_number(request, form) and may_bring_paper(request, form):
        try:
            claim = services.make_claim(company=company, user=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(
                request, _("Sent. Those who verify companies have been told; you read here what they say.")
            )
            return redirect("companies:claim-detail", claim.pk)
    context = {"form": form, "company": company}
    return render(request, "companies/claim_form.html", context, status=400 if form.errors else 200)


def may_bring_paper(request: HttpRequest, form: ClaimForm) -> bool:
    if may_try_once_more(request, "paper_brought") and may_try_once_more(request, "claim_made"):
        return True
    form.add_error(None, _("Too many requests. Wait a few minutes, then try again."))
    return False


@only_for(signed_in)
@require_safe
def claim_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever claimed sees how it stands; those who decide see the document beside what is known of the entry."""
    return claim_page(request, seen_claim(request, pk), RefuseClaimForm())


def claim_page(request: HttpRequest, claim: Claim, form: RefuseClaimForm, *, status: int = 200) -> HttpResponse:
    decides = may_decide_on_claims(request.user, claim.company)
    is_waiting = claim.state == ClaimState.WAITING
    others = claim.company.claims.exclude(pk=claim.pk).select_related("made_by") if decides else []
    context = {
        "claim": claim,
        "company": claim.company,
        "form": form,
        "decides": decides,
        "is_waiting": is_waiting,
        "others": others,
        "same_number": number_is_here(claim) if decides and is_waiting else None,
        "may_look": decides,
    }
    return render(request, "companies/claim_detail.html", context, status=status)


def seen_claim(request: HttpRequest, pk: int) -> Claim:
    claim = get_object_or_404(Claim.objects.select_related("company__region", "company__place", "made_by"), pk=pk)
    if claim.made_by_id != request.user.pk and not may_decide_on_claims(request.user, claim.company):
        raise Http404
    return claim


@only_for(signed_in)
@require_safe
def claim_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The document, to save: for whoever brought it and for those who decide. Never shown in place."""
    claim = seen_claim(request, pk)
    try:
        body = claim.file.open("rb")
    except (FileNotFoundError, ValueError):  # gone with its term
        raise Http404 from None
    name = f"claim-{claim.pk}.{claim.file_kind}"
    return FileResponse(body, as_attachment=True, filename=name, content_type=MEDIA_TYPES[claim.file_kind])


def claim_to_decide(request: HttpRequest, pk: int) -> Claim:
    claim = seen_claim(request, pk)
    if not may_decide_on_claims(request.user, claim.company):
        raise Http404
    return claim


@only_for(may_see_every_company)
@require_POST
def claim_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """The entry becomes the company of whoever claimed it."""
    claim = claim_to_decide(request, pk)
    try:
        services.accept_claim(claim=claim, decided_by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(
            request, _("Accepted. The person acts for the company now, and goes on with its registration.")
        )
    return redirect("companies:claim-detail", claim.pk)


@only_for(may_see_every_company)
@require_POST
def claim_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """The entry stays in the directory; whoever claimed reads why."""
    claim = claim_to_decide(request, pk)
    form = RefuseClaimForm(request.POST)
    if form.is_valid():
        try:
            services.refuse_claim(claim=claim, decided_by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Refused. The person reads why."))
            return redirect("companies:claim-detail", claim.pk)
    return claim_page(request, claim, form, status=400)


@only_for(signed_in)
@require_POST
def claim_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever claimed takes it back."""
    claim = get_object_or_404(request.user.claims, pk=pk)
    services.withdraw_claim(claim=claim)
    messages.success(request, _("Your claim is taken back."))
    return redirect("companies:directory-search")
