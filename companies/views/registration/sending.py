"""The end: read once more what was written, send it; or throw away what was begun."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import only_for
from companies import services
from companies.models import Company
from companies.registration import is_to_send, missing_steps
from companies.services.locking import version
from companies.views.finding import own_company, signed_in
from companies.views.registration.listed import CHECK, frame


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def registration_check(request: HttpRequest, pk: int) -> HttpResponse:
    """All that was written, on one page, and the button that sends it. Sent twice, it is sent once."""
    company = own_company(request, pk)
    refused = None
    if request.method == "POST":
        try:
            seen_at = request.POST.get("seen_at", "")
            services.send_registration(company=company, seen_at=seen_at, sent_by=request.user)
        except ValidationError as refusal:
            refused = " ".join(refusal.messages)
            company.refresh_from_db()
        else:
            messages.success(request, _("Sent. Those who verify companies have been told."))
            return redirect("companies:company-detail", company.pk)
    elif not is_to_send(company):
        return redirect("companies:company-detail", company.pk)
    context = frame(request, company, CHECK) | {
        "refused": refused,
        "missing": missing_steps(company),
        "seen_at": version(company),
        "certificates": company.certificates.filter(capacity__isnull=True).select_related("kind"),
    }
    return render(request, "companies/registration/check.html", context, status=400 if refused else 200)


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def registration_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a registration away, after one more question."""
    company: Company = own_company(request, pk)
    if request.method == "POST":
        name = str(company)
        try:
            services.drop_registration(company=company)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect("companies:registration", company.pk)
        messages.success(request, _("The registration of %(company)s is thrown away.") % {"company": name})
        return redirect("desk:home")
    return render(request, "companies/registration/drop.html", frame(request, company))
