"""Reports that are there: the list, one of them while it is made and afterwards, and what is done with it."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import only_for
from accounts.lists.pages import listing, refused
from accounts.models import User
from accounts.permissions import may_export
from reports import services
from reports.document import read_in
from reports.forms.acts import FurtherFileForm, ShareForm
from reports.forms.lists import ReportFilter
from reports.models import Report

TAKEN_SHOWN = 50  # the newest of the log of downloads


@only_for(may_export)
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """One's own reports and those that colleagues shared."""
    filters = ReportFilter(request.GET, user=request.user, queryset=without_head(request.user))
    shown = listing(request, filters, lambda rows: rows.select_related("maker").prefetch_related("files"))
    if not shown.is_valid:
        return refused(request, filters)
    context = {
        "listing": shown,
        "page": shown.page,
        "sorts": shown.sort_links(),
        "facets": [
            shown.facet("subject", filters.counts("subject"), hide_empty=True),
            shown.facet("state", filters.counts("state"), hide_empty=True),
            shown.facet("whose", filters.whose_counts(), hide_empty=True),
        ],
    }
    return render(request, "reports/report_list.html", context)


def without_head(user: User) -> QuerySet[Report]:
    """The reports a person may see, without the document of each, which may be long."""
    return Report.objects.visible_to(user).defer("head")


def seen_report(request: HttpRequest, public_id: UUID) -> Report:
    reports = Report.objects.visible_to(request.user).select_related("maker", "run", "schedule")
    return get_object_or_404(reports, public_id=public_id)


@only_for(may_export)
@require_safe
def report_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One report: how far it is or why it stopped, its files, what it rests on, who sees it and who took it away."""
    return shown(request, seen_report(request, public_id))


@only_for(may_export)
@require_safe
def report_progress(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The part of the page that changes while it is made; an empty answer (204) where nothing has changed since."""
    report = seen_report(request, public_id)
    context = shown_of(request, report)
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    return render(request, "reports/_report_progress.html", context)


def shown_of(request: HttpRequest, report: Report, further: FurtherFileForm | None = None) -> dict:
    """What changes while a report is made: how far it is, its files, and what it rests on."""
    files = list(report.files.all())
    made = [file for file in files if file.is_made]
    language = get_language()
    document = report.document if report.head else None
    about = document.about if document else ()
    return {
        "report": report,
        "files": files,
        "is_own": report.maker_id == request.user.pk,
        "is_at_work": not report.is_over,
        "may_try_again": report.is_over and report.removed_at is None and len(made) < len(files),
        "may_add": report.is_over and report.cut_at is not None and report.removed_at is None,
        "seen": f"{report.state}-{report.done}-{report.total}-{len(made)}-{len(files)}",
        "further": further or FurtherFileForm(initial={"language": language}),
        "document": document,
        "about": [(read_in(line.label, language), read_in(line.value, language)) for line in about],
        "order": report.asked,
    }


def shown(
    request: HttpRequest,
    report: Report,
    further: FurtherFileForm | None = None,
    sharing: ShareForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a report; those it is shared with see less of it."""
    context = shown_of(request, report, further)
    if context["is_own"]:
        context |= {
            "sharing": sharing or ShareForm(report=report),
            "shared": report.shared_with.order_by("name", "email"),
            "taken": report.downloads.select_related("taken_by")[:TAKEN_SHOWN],
        }
    return render(request, "reports/report_detail.html", context, status=status)


# --- what is done


@only_for(may_export)
@require_POST
def report_file_add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Another file of the same figures."""
    report = seen_report(request, public_id)
    form = FurtherFileForm(request.POST)
    if form.is_valid():
        kind, languages = form.file()
        try:
            services.add_file(report=report, user=request.user, format=kind, languages=languages)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            return redirect("reports:report-detail", report.public_id)
    return shown(request, report, further=form, status=400)


@only_for(may_export)
@require_POST
def report_share(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Let colleagues see it too."""
    report = own_report(request, public_id)
    form = ShareForm(request.POST, report=report)
    if form.is_valid():
        try:
            services.share(report, request.user, form.cleaned_data["people"])
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Your colleagues find the report in their list."))
            return redirect("reports:report-detail", report.public_id)
    return shown(request, report, sharing=form, status=400)


@only_for(may_export)
@require_POST
def report_unshare(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Let somebody see it no longer."""
    report = own_report(request, public_id)
    person = get_object_or_404(User, pk=pk)
    return done(request, report, lambda: services.unshare(report, request.user, person))


@only_for(may_export)
@require_POST
def report_cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    report = own_report(request, public_id)
    return done(request, report, lambda: services.cancel(report, request.user))


@only_for(may_export)
@require_POST
def report_again(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Make what failed or was cancelled once more."""
    report = own_report(request, public_id)
    return done(request, report, lambda: services.try_again(report, request.user))


@only_for(may_export)
@require_POST
def report_remove(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Remove its rows and files."""
    report = own_report(request, public_id)
    try:
        services.forget(report, request.user)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return redirect("reports:report-detail", report.public_id)
    messages.success(request, _("The report is removed."))
    return redirect("reports:report-list")


def own_report(request: HttpRequest, public_id: UUID) -> Report:
    """What only its maker does with it; for those it is shared with there is no such way."""
    reports = Report.objects.visible_to(request.user).filter(maker=request.user).select_related("maker")
    return get_object_or_404(reports, public_id=public_id)


def done(request: HttpRequest, report: Report, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    return redirect("reports:report-detail", report.public_id)
