"""The builder: from a question to a report, on one page."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import only_for
from accounts.permissions import may_export
from reports import services
from reports.cutting.subjects import SUBJECTS
from reports.enums import Subject
from reports.forms.asked import files_wanted, name_of, order_of
from reports.forms.builder import BuilderForm
from reports.forms.proposing import asked_again, changed, proposed
from reports.models import Report
from reports.services.ordering import UNFINISHED
from reports.views.shown import ShownDocument, shown_document

ROWS_SHOWN = 20
JUDGED = ("make", "preview")  # other buttons change the form and judge nothing
TOLD = {
    Subject.MATCHES: _("Who fits whom, how well and why: the list, as you narrowed it."),
    Subject.PLAN: _("How much goes from whom to whom, and in which months."),
    Subject.UNMET: _("What is wanted and not planned, with what stands in the way."),
    Subject.LANDED: _("What a tonne costs at its place, line by line."),
    Subject.SECTORS: _("Each sector in a few figures, for a speech or a note."),
    Subject.COMPANIES: _("All that is known of some companies, for a visit to them."),
    Subject.PAIR: _("One page for a meeting of two companies: what fits, what it costs, what to ask."),
    Subject.BOOK: _("Companies, needs and capacities as a workbook that can be imported again."),
}


@only_for(may_export)
@require_safe
def report_anew(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The builder with all that was asked of a report: the same question to the figures of today."""
    reports = Report.objects.visible_to(request.user).prefetch_related("files")
    report = get_object_or_404(reports, public_id=public_id)
    if report.subject not in SUBJECTS:
        raise Http404
    return shown(request, asked_again(request.user, report))


@only_for(may_export)
@require_http_methods(["GET", "HEAD", "POST"])
def report_new(request: HttpRequest) -> HttpResponse:
    """What is taken along? Without a subject the choice of one; with it everything else on one page."""
    sent = request.POST if request.method == "POST" else request.GET
    subject = subject_asked(sent.get("subject", ""))
    if subject is None:
        return render(request, "reports/report_subjects.html", {"subjects": subjects()})
    if request.method != "POST":
        return shown(request, proposed(request.user, subject, request.GET))
    act = request.POST.get("do", "preview")
    if act not in JUDGED:
        return shown(request, changed(request.user, subject, request.POST))
    form = BuilderForm(request.POST, user=request.user, subject=subject, query=request.POST.get("query", ""))
    if form.is_valid():
        try:
            if act == "preview":
                return shown(request, form, preview=previewed(form))
            report = under_way(form) or services.order_report(
                user=request.user, order=order_of(form), files=files_wanted(form), name=name_of(form)
            )
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            return redirect("reports:report-detail", report.public_id)
    return shown(request, form, status=400)


def under_way(form: BuilderForm) -> Report | None:
    """The same report, where it is being made already: somebody pressed twice."""
    wanted = sorted((kind.value, list(languages)) for kind, languages in files_wanted(form))
    order = order_of(form).to_json()
    unfinished = Report.objects.filter(maker=form.user, schedule=None, state__in=UNFINISHED, order=order)
    for report in unfinished.prefetch_related("files"):
        if sorted((file.format, file.languages) for file in report.files.all()) == wanted:
            return report
    return None


def subject_asked(name: str) -> Subject | None:
    if not name:
        return None
    if name not in SUBJECTS:
        raise Http404
    return Subject(name)


def subjects() -> list[dict]:
    return [
        {"value": subject.value, "label": subject.label, "told": TOLD[subject]}
        for subject in Subject
        if subject in SUBJECTS
    ]


def previewed(form: BuilderForm) -> ShownDocument:
    """The first rows as the first of the files will tell them."""
    preview = services.preview(order_of(form), form.user, most=ROWS_SHOWN)
    language = files_wanted(form)[0][1][0]
    return shown_document(preview.document, language, preview.rows, preview.counts)


def shown(
    request: HttpRequest, form: BuilderForm, preview: ShownDocument | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "subject": form.subject,
        "narrowing": form.narrowing,
        "preview": preview,
        "files": files_wanted(form) if preview else [],
    }
    return render(request, "reports/report_new.html", context, status=status)
