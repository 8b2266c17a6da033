"""One-time links: sent to a person, given to a company on paper, opened by whoever holds one."""

from allauth.core.ratelimit import respond_429
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import only_for
from accounts.limits import may_try_once_more
from accounts.permissions import may_see_every_company
from accounts.views.second_factor import squares
from companies import services
from companies.enums import CompanyStatus, InvitationKind, InvitationState
from companies.forms.members import HandoverForm, InviteForm, TakeOverForm
from companies.letters import address_of, name_of
from companies.models import Company, Invitation
from companies.numbers import shown_end
from companies.permissions import may_hand_over
from companies.services.invitations import NOT_BUSINESS, OTHERS, SENTENCES, SUSPENDED, found_by, why_not
from companies.tasks import send_invitations
from companies.views.finding import seen_company, signed_in, what_one_may
from companies.views.members import kept_company, members_page


@only_for(signed_in)
@require_POST
def invitation_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to somebody. The answer is the same whether the address has an account or not."""
    company = kept_company(request, pk)
    form = InviteForm(request.POST)
    if form.is_valid() and invited(request, company, form):
        messages.success(request, _("The letter is on its way. Its link works once, for seven days."))
        return redirect("companies:member-list", company.pk)
    return members_page(request, company, invite_form=form, status=400)


def invited(request: HttpRequest, company: Company, form: InviteForm) -> bool:
    if not may_try_once_more(request, "member_invited"):
        form.add_error(None, _("Too many requests. Wait a few minutes, then try again."))
        return False
    try:
        services.invite_member(company=company, invited_by=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        form.add_refusal(refusal)
        return False
    send_invitations.delay_on_commit()
    return True


@only_for(signed_in)
@require_POST
def invitation_again(request: HttpRequest, pk: int, invitation: int) -> HttpResponse:
    """A new letter with a new link; the one before works no longer."""
    company = kept_company(request, pk)
    known = get_object_or_404(company.invitations, pk=invitation, kind=InvitationKind.JOIN)
    if not may_try_once_more(request, "member_invited"):
        return respond_429(request)
    try:
        services.invite_member(
            company=company, email=known.email, role=known.role, language=known.language, invited_by=request.user
        )
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        send_invitations.delay_on_commit()
        messages.success(request, _("A new letter is on its way. The link of the one before no longer works."))
    return redirect("companies:member-list", company.pk)


@only_for(signed_in)
@require_POST
def invitation_withdraw(request: HttpRequest, pk: int, invitation: int) -> HttpResponse:
    """The link works no longer."""
    company = kept_company(request, pk)
    found = get_object_or_404(company.invitations, pk=invitation)
    services.withdraw_invitation(invitation=found)
    messages.success(request, _("The link no longer works."))
    if found.kind == InvitationKind.HANDOVER and may_hand_over(request.user, company):
        return redirect("companies:handover", company.pk)
    return redirect("companies:member-list", company.pk)


@only_for(may_see_every_company)
@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a company that was entered for somebody to its own people: a letter on paper, shown once."""
    company = seen_company(request, pk)
    if not may_hand_over(request.user, company):
        raise Http404
    form = HandoverForm(request.POST if request.method == "POST" else None, company=company)
    made = None
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_handover(company=company, made_by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_refusal(refusal)
    context = what_one_may(request, company) | {
        "form": form,
        "handovers": company.invitations.filter(kind=InvitationKind.HANDOVER),
        "letter": letter_on_paper(*made) if made else None,
    }
    return render(request, "companies/handover.html", context, status=400 if form.errors else 200)


def letter_on_paper(invitation: Invitation, link: str) -> dict:
    """What the page shows once: the address in words and as a square, in the language of the company."""
    address = address_of(link)
    with translation.override(invitation.language):
        return {
            "address": address,
            "square": squares(address),
            "language": invitation.language,
            "company": name_of(invitation.company),
            "until": invitation.ends_at,
        }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_open(request: HttpRequest, link: str) -> HttpResponse:
    """What a link opens: shown first, as programmes that read letters follow links; done with a button alone."""
    if not may_try_once_more(request, "link_opened"):
        return respond_429(request)
    invitation = found_by(link)
    if invitation is None:
        return link_page(request, said=_("This link is not known. Open it as it stands in the letter, to its end."))
    if not request.user.is_authenticated:
        is_waiting = invitation.state == InvitationState.WAITING
        said = "" if is_waiting else str(SENTENCES[invitation.state])
        return link_page(request, invitation=invitation, said=said)
    if is_through(request, invitation):
        return gone_on(invitation.company)
    if reason := why_not(invitation, request.user):
        return link_page(request, invitation=invitation, said=str(SENTENCES[reason]), reason=reason)
    if invitation.kind == InvitationKind.HANDOVER:
        return taken_over_or_asked(request, invitation)
    return joined_or_asked(request, invitation)


def joined_or_asked(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if request.method == "POST":
        try:
            services.accept_invitation(invitation=invitation, user=request.user)
        except ValidationError as refusal:
            return link_page(request, invitation=invitation, said=" ".join(refusal.messages), reason=refusal.code)
        return gone_on_with_thanks(request, invitation.company)
    return link_page(request, invitation=invitation, opens=True)


def taken_over_or_asked(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = TakeOverForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.take_over(invitation=invitation, user=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            if not hasattr(refusal, "error_dict"):
                return link_page(request, invitation=invitation, said=" ".join(refusal.messages), reason=refusal.code)
            form.add_refusal(refusal)
        else:
            return gone_on_with_thanks(request, invitation.company)
    return link_page(request, invitation=invitation, opens=True, form=form)


def is_through(request: HttpRequest, invitation: Invitation) -> bool:
    """Opened once more by who used it: they are where it led to."""
    used = invitation.used_by_id == request.user.pk
    return used and Company.objects.acted_for_by(request.user).filter(pk=invitation.company_id).exists()


def gone_on_with_thanks(request: HttpRequest, company: Company) -> HttpResponse:
    messages.success(request, _("You act for %(company)s now.") % {"company": company})
    return gone_on(company)


def gone_on(company: Company) -> HttpResponse:
    """To the steps of its registration where it has still to be sent, else to its page."""
    is_begun = company.status == CompanyStatus.DRAFT
    return redirect("companies:registration" if is_begun else "companies:company-detail", company.pk)


NOT_THEIRS = (OTHERS, NOT_BUSINESS)  # whoever holds it learns nothing of what it opens


def link_page(
    request: HttpRequest,
    *,
    said: str = "",
    reason: str = "",
    invitation: Invitation | None = None,
    opens: bool = False,
    form: TakeOverForm | None = None,
) -> HttpResponse:
    """The company is named to the person whom the link is for, and to nobody else."""
    status = 400 if form is not None and form.errors else 200
    if said:
        status = 404 if invitation is None or reason in NOT_THEIRS else 400 if reason == SUSPENDED else 410
    context = {"said": said, "reason": reason, "form": form, "here": request.path}
    if invitation is not None and opens:
        context |= {
            "invitation": invitation,
            "company": invitation.company,
            "number_end": shown_end(invitation.company.registration_number),
        }
    is_handover = invitation is not None and invitation.kind == InvitationKind.HANDOVER
    return render(request, "companies/invitation.html", context | {"is_handover": is_handover}, status=status)
