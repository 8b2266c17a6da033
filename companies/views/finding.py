"""Finds the company that an address names, for who may see it, act for it or verify it. Otherwise there is no page."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.history import changes_by_the_way
from accounts.limits import may_try_once_more
from companies.forms.fields import OurForm
from companies.models import Company, StandIn
from companies.numbers import bare
from companies.permissions import is_member, may_act_for, may_look_at_contacts, may_stand_in, may_verify
from companies.queries import found_under

SIDES = ("region", "place")


def signed_in(user) -> bool:
    """Anybody with an account; the company itself decides what they find."""
    return user.is_authenticated and user.is_active


def seen_company(request: HttpRequest, pk: int) -> Company:
    return get_object_or_404(Company.objects.visible_to(request.user).select_related(*SIDES), pk=pk)


def successor_of(request: HttpRequest, pk: int) -> Company | None:
    """The company under which an entry that was merged is found now, if the person may see that one."""
    entry = Company.objects.filter(pk=pk, merged_into__isnull=False).first()
    return Company.objects.visible_to(request.user).filter(pk=found_under(entry).pk).first() if entry else None


def own_company(request: HttpRequest, pk: int) -> Company:
    """One that the person acts for now."""
    company = get_object_or_404(Company.objects.acted_for_by(request.user).select_related(*SIDES), pk=pk)
    say_who_stands_in(request, company)
    return company


def say_who_stands_in(request: HttpRequest, company: Company) -> None:
    """History says of what a stand-in changes that it was done on the company's behalf."""
    if request.method == "POST" and not is_member(request.user, company):
        changes_by_the_way(stand_in=company.pk)


def may_ask_for_number(request: HttpRequest, form: OurForm, known: str = "") -> bool:
    """Whether a person may learn once more if a number is taken; else the form says so. `known` is no question."""
    asked = bare(form.cleaned_data.get("registration_number") or "")
    if request.user.role != Role.BUSINESS or asked in ("", known) or may_try_once_more(request, "number_asked"):
        return True
    form.add_error(None, _("Too many requests. Wait a few minutes, then try again."))
    return False


def company_to_verify(request: HttpRequest, pk: int) -> Company:
    company = seen_company(request, pk)
    if not may_verify(request.user, company):
        raise Http404
    return company


def what_one_may(request: HttpRequest, company: Company) -> dict:
    """What pages of a company show or leave out for this person."""
    user = request.user
    acts = may_act_for(user, company)
    return {
        "company": company,
        "acts": acts,
        "may_write": acts and not company.is_suspended,
        "is_member": is_member(user, company),
        "stand_in": StandIn.objects.open().filter(company=company, user=user).first() if may_stand_in(user) else None,
        "may_stand_in": may_stand_in(user) and not company.is_directory,
        "may_verify": may_verify(user, company),
        "may_look": may_look_at_contacts(user),
    }
