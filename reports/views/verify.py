"""What is this paper, and does it still hold? For everybody, also for a guest who holds it and has no account."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.limits import may_try_once_more
from reports.forms.verifying import AskedForm, BroughtForm
from reports.models import Report
from reports.services.verifying import Told, look_up


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask by what is printed, or by the file itself: of that one `tradematch.bodies` has kept the digest alone."""
    if request.method == "POST":
        return brought(request)
    asked = AskedForm(request.GET if "of" in request.GET else None)
    told, is_asked = None, False
    if asked.is_bound and asked.is_valid() and may_ask(request, asked):
        try:
            told, is_asked = look_up(asked.cleaned_data["of"], request.user), True
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
