"""Contact persons: for their company a list to keep, for the city and the embassy a look with a purpose."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import only_for
from companies import services
from companies.consents import CURRENT, WORDINGS
from companies.forms.contacts import ChangedPersonForm, ConsentForm, LookForm, NewPersonForm
from companies.models import Company, ContactPerson
from companies.permissions import is_member, may_look_at_contacts
from companies.services.locking import ChangedMeanwhile
from companies.views.finding import own_company, seen_company, signed_in, what_one_may

SHOWN_LOOKS = 50


@only_for(signed_in)
@require_safe
def contact_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The company's own people see their contact persons; staff and officers are asked what for first."""
    return contacts_page(request, seen_company(request, pk), LookForm())


def contacts_page(
    request: HttpRequest, company: Company, form: LookForm, *, shown: list | None = None, status: int = 200
) -> HttpResponse:
    own = what_one_may(request, company)
    if not own["acts"] and not own["may_look"]:
        raise Http404
    context = own | {"form": form, "shown": shown, "purpose": form.data.get("purpose")}
    if own["is_member"]:
        context["contacts"] = company.contacts.prefetch_related("consents")
        context["looks"] = company.contact_looks.select_related("looked_by")[:SHOWN_LOOKS]
    return render(request, "companies/contact_list.html", context, status=status)


@only_for(may_look_at_contacts)
@require_POST
def contact_look(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the contact persons once, in this answer alone, and keep who looked and for what."""
    company = seen_company(request, pk)
    form = LookForm(request.POST)
    if form.is_valid():
        try:
            people = services.look_at_contacts(company=company, user=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            return contacts_page(request, company, LookForm(), shown=people)
    return contacts_page(request, company, form, status=400)


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a person who has agreed to it."""
    company = own_company(request, pk)
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.person() | form.consent()
        try:
            services.add_contact(company=company, recorded_by=request.user, **facts)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("The contact person is entered, with the consent."))
            return redirect("companies:contact-list", company.pk)
    return person_page(request, company, form)


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_edit(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """Put right what is kept of a person."""
    person = own_contact(request, pk, contact)
    form = ChangedPersonForm(request.POST or None, contact=person)
    if request.method == "POST" and form.is_valid():
        try:
            seen_at = form.cleaned_data["seen_at"] or ""
            services.edit_contact(contact=person, seen_at=seen_at, **form.person())
        except ChangedMeanwhile as refusal:
            person.refresh_from_db()
            form.see(person)
            form.add_refusal(refusal)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("The contact person is saved."))
            return redirect("companies:contact-list", pk)
    return person_page(request, person.company, form, person)


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_agree(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """The person agrees again, or for other countries."""
    person = own_contact(request, pk, contact)
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.give_consent(contact=person, recorded_by=request.user, **form.consent())
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("The consent is entered."))
            return redirect("companies:contact-list", pk)
    return person_page(request, person.company, form, person)


def person_page(request: HttpRequest, company: Company, form, person: ContactPerson | None = None) -> HttpResponse:
    wording = str(form["wording"].value() or "") if "wording" in form.fields else ""
    context = what_one_may(request, company) | {
        "form": form,
        "person": person,
        "wording": WORDINGS.get(wording, WORDINGS[CURRENT]),
    }
    return render(request, "companies/contact_form.html", context, status=400 if form.errors else 200)


@only_for(signed_in)
@require_POST
def contact_withdraw(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """The person takes the consent back."""
    try:
        services.withdraw_consent(contact=own_contact(request, pk, contact))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The consent is withdrawn. From now on only your company sees this person."))
    return redirect("companies:contact-list", pk)


@only_for(signed_in)
@require_POST
def contact_remove(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """Forget the person."""
    services.remove_contact(contact=own_contact(request, pk, contact))
    messages.success(request, _("The contact person is removed."))
    return redirect("companies:contact-list", pk)


def own_contact(request: HttpRequest, pk: int, contact: int) -> ContactPerson:
    """A person of a company whose member one is. A stand-in adds people, and looks at them as all of the city do."""
    company = own_company(request, pk)
    if not is_member(request.user, company):
        raise Http404
    return get_object_or_404(ContactPerson.objects.select_related("company"), company=company, pk=contact)
