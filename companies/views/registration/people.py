"""The contact person, after the mailbox and the telephone of the company: who agreed to it, and to what."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import only_for
from companies import services
from companies.consents import CURRENT, WORDINGS
from companies.forms.contacts import NewPersonForm
from companies.views.finding import own_company, signed_in
from companies.views.registration.listed import CONTACT, frame


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def registration_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a person who has agreed to it. One may leave this out."""
    company = own_company(request, pk)
    form = NewPersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_contact_once(company=company, recorded_by=request.user, **form.person(), **form.consent())
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            return redirect("companies:registration", company.pk)
    wording = str(form["wording"].value() or "")
    own = frame(request, company, CONTACT)
    context = own | {
        "form": form,
        "wording": WORDINGS.get(wording, WORDINGS[CURRENT]),
        "contacts": company.contacts.all() if own["is_member"] else [],
    }
    return render(request, "companies/registration/contact.html", context, status=400 if form.errors else 200)
