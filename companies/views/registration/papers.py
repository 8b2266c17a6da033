"""Certificates: what the company says it holds, or does not."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import only_for
from companies import services
from companies.forms.certificates import CertificateForm
from companies.models import Certificate, Company
from companies.services.registration import CERTIFICATE_FACTS, seen_of
from companies.views.finding import own_company, signed_in
from companies.views.registration.listed import CERTIFICATES, frame


@only_for(signed_in)
@require_safe
def certificate_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Those that hold for all that the company sells."""
    company = own_company(request, pk)
    certificates = company.certificates.filter(capacity__isnull=True).select_related("kind")
    context = frame(request, company, CERTIFICATES) | {"certificates": certificates}
    return render(request, "companies/registration/certificates.html", context)


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def certificate_add(request: HttpRequest, pk: int) -> HttpResponse:
    """State one more."""
    company = own_company(request, pk)
    form = CertificateForm(request.POST if request.method == "POST" else None, company=company)
    return stated_or_asked(request, company, form)


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def certificate_edit(request: HttpRequest, pk: int, certificate: int) -> HttpResponse:
    """Say something else of one. What was checked of it has to be checked anew."""
    company = own_company(request, pk)
    known = get_object_or_404(own_certificates(company), pk=certificate)
    form = CertificateForm(request.POST if request.method == "POST" else None, company=company, certificate=known)
    return stated_or_asked(request, company, form)


def stated_or_asked(request: HttpRequest, company: Company, form: CertificateForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            services.state_certificate(company=company, seen=form.cleaned_data["seen"], **form.stated())
        except ValidationError as refusal:
            if form.certificate and refusal.code == "changed_meanwhile":
                form.certificate.refresh_from_db()
                form.data = form.data.copy()
                form.data["seen"] = seen_of(form.certificate, CERTIFICATE_FACTS)
            form.add_refusal(refusal)
        else:
            return redirect("companies:certificate-list", company.pk)
    context = frame(request, company, CERTIFICATES) | {"form": form, "certificate": form.certificate}
    return render(request, "companies/registration/certificate.html", context, status=400 if form.errors else 200)


@only_for(signed_in)
@require_POST
def certificate_remove(request: HttpRequest, pk: int, certificate: int) -> HttpResponse:
    """Say nothing of it any more."""
    company = own_company(request, pk)
    services.remove_certificate(company=company, certificate=certificate)
    return redirect("companies:certificate-list", company.pk)


def own_certificates(company: Company):
    return Certificate.objects.filter(company=company, capacity__isnull=True).select_related("kind")
