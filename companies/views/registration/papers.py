"""Certificates: what the company says it holds, or does not."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import only_for
from accounts.limits import may_try_once_more
from companies import services
from companies.enums import FileKind
from companies.forms.certificates import CertificateForm, FileForm
from companies.models import Certificate, CertificateFile, Company
from companies.permissions import may_open_papers
from companies.services.locking import seen_of
from companies.services.verification import CERTIFICATE_FACTS
from companies.views.finding import own_company, seen_company, signed_in
from companies.views.registration.listed import CERTIFICATES, frame

MEDIA_TYPES = {FileKind.PDF: "application/pdf", FileKind.JPEG: "image/jpeg", FileKind.PNG: "image/png"}


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
    return certificate_page(request, company, form, FileForm())


def certificate_page(
    request: HttpRequest, company: Company, form: CertificateForm, file_form: FileForm
) -> HttpResponse:
    """What is stated of one, and below it its files."""
    context = frame(request, company, CERTIFICATES) | {
        "form": form,
        "file_form": file_form,
        "certificate": form.certificate,
        "files": form.certificate.files.all() if form.certificate else [],
    }
    status = 400 if form.errors or file_form.errors else 200
    return render(request, "companies/registration/certificate.html", context, status=status)


@only_for(signed_in)
@require_POST
def certificate_remove(request: HttpRequest, pk: int, certificate: int) -> HttpResponse:
    """Say nothing of it any more."""
    company = own_company(request, pk)
    try:
        services.remove_certificate(company=company, certificate=certificate)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("companies:certificate-list", company.pk)


@only_for(signed_in)
@require_POST
def certificate_file_add(request: HttpRequest, pk: int, certificate: int) -> HttpResponse:
    """Bring a picture or PDF of it."""
    company = own_company(request, pk)
    known = get_object_or_404(own_certificates(company), pk=certificate)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid() and not may_try_once_more(request, "paper_brought"):
        form.add_error(None, _("Too many requests. Wait a few minutes, then try again."))
    if form.is_valid():
        try:
            services.add_certificate_file(certificate=known, file=form.cleaned_data["file"], added_by=request.user)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            return redirect("companies:certificate-edit", company.pk, known.pk)
    return certificate_page(request, company, CertificateForm(company=company, certificate=known), form)


@only_for(signed_in)
@require_POST
def certificate_file_remove(request: HttpRequest, pk: int, certificate: int, file: int) -> HttpResponse:
    """Take a file away."""
    company = own_company(request, pk)
    known = get_object_or_404(own_certificates(company), pk=certificate)
    try:
        services.remove_certificate_file(certificate=known, file=file)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("companies:certificate-edit", company.pk, known.pk)


@only_for(signed_in)
@require_safe
def certificate_file(request: HttpRequest, pk: int, certificate: int, file: int) -> HttpResponse:
    """The file, to save: for the company's own people, and for those who verify it. Never shown in place."""
    company = seen_company(request, pk)
    if not may_open_papers(request.user, company):
        raise Http404
    papers = CertificateFile.objects.filter(certificate__company=company, certificate=certificate)
    found = get_object_or_404(papers.select_related("certificate__kind"), pk=file)
    try:
        body = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    name = f"{found.certificate.kind.code}-{found.pk}.{found.kind}"
    return FileResponse(body, as_attachment=True, filename=name, content_type=MEDIA_TYPES[found.kind])


def own_certificates(company: Company):
    return Certificate.objects.filter(company=company, capacity__isnull=True).select_related("kind")
