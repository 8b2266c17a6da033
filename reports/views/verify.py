"""What is this paper, and does it still hold? For everybody, also for a guest who holds it and has no account."""

import hashlib

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from accounts.limits import may_try_once_more
from reports.forms.verifying import AskedForm, BroughtForm
from reports.models import Report
from reports.services.verifying import Told, look_up


@csrf_exempt  # until it is said how the file is read; `asked` looks at the token
def verify(request: HttpRequest) -> HttpResponse:
    """A file that is brought is counted while it comes in, before anything else reads the form."""
    request.upload_handlers = [DigestHandler(request)]
    return _verify(request)


@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def _verify(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return brought(request)
    asked = AskedForm(request.GET if "of" in request.GET else None)
    told, is_asked = None, False
    if asked.is_bound and asked.is_valid() and may_ask(request, asked):
        try:
            told, is_asked = look_up(asked.cleaned_data["of"]), True
        except ValidationError as refusal:
            asked.add_error("of", refusal)
    context = {"is_asked": is_asked, "told": told, "own": address_for(request, told)}
    return shown(request, asked, BroughtForm(), context)


def brought(request: HttpRequest) -> HttpResponse:
    """The digest of a file is asked about as if it had been typed."""
    form = BroughtForm(request.POST, request.FILES)
    if form.is_valid() and may_ask(request, form):
        return redirect(f"{reverse('reports:verify')}?{urlencode({'of': form.cleaned_data['file'].sha256})}")
    return shown(request, AskedForm(), form, {})


def shown(request: HttpRequest, asked: AskedForm, form: BroughtForm, context: dict) -> HttpResponse:
    status = 400 if asked.errors or form.errors else 200
    context |= {"asked": asked, "brought": form, "most_mb": settings.VERIFIED_FILE_MAX_SIZE // 1_000_000}
    return render(request, "reports/verify.html", context, status=status)


def may_ask(request: HttpRequest, form) -> bool:
    """Strangers ask so often and no more; whoever is signed in is known."""
    if request.user.is_authenticated or may_try_once_more(request, "paper_verified"):
        return True
    form.add_error(None, _("Too many requests. Wait a few minutes, then try again."))
    return False


def address_for(request: HttpRequest, told: Told | None) -> str:
    """The page of the report, for those who may open it."""
    if told is None:
        return ""
    numbers = [told.number, *told.others]
    report = Report.objects.visible_to(request.user).filter(public_id__in=numbers).order_by("pk").first()
    return reverse("reports:report-detail", args=[report.public_id]) if report else ""


class DigestHandler(FileUploadHandler):
    """Counts a file while it comes in. Nothing of it is kept, neither on the disk nor in memory; nobody reads it."""

    def new_file(self, *arguments, **named) -> None:
        super().new_file(*arguments, **named)
        self.digest = hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.digest.update(raw_data)

    def file_complete(self, file_size: int) -> "Digested":
        return Digested(self.file_name, file_size, self.digest.hexdigest())


class Digested:
    """What is known of a file that was brought."""

    def __init__(self, name: str, size: int, sha256: str):
        self.name, self.size, self.sha256 = name, size, sha256
