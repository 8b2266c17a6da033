"""Reports that come by themselves: the list, one of them with its history, and what is done with it."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import only_for
from accounts.lists.pages import listing, refused
from accounts.models import User
from accounts.permissions import may_export
from companies.templatetags.companies_words import for_reader
from reports.cutting.about import filter_words
from reports.document import read_in
from reports.forms.companies import chosen_companies
from reports.forms.narrowing import Narrowing
from reports.forms.schedules import ScheduleFilter, ScheduleForm, of_report, of_schedule
from reports.models import Report, Schedule
from reports.orders import Order
from reports.services import schedules

TURNS_SHOWN = 60
REPORTS_OFFERED = 30


@only_for(may_export)
@require_safe
def schedule_list(request: HttpRequest) -> HttpResponse:
    """One's own, and those by which one is sent something."""
    filters = ScheduleFilter(request.GET, queryset=Schedule.objects.visible_to(request.user))
    shown = listing(request, filters, lambda rows: rows.select_related("owner"))
    if not shown.is_valid:
        return refused(request, filters)
    context = {"listing": shown, "page": shown.page, "sorts": shown.sort_links()}
    return render(request, "reports/schedule_list.html", context)


@only_for(may_export)
@require_http_methods(["GET", "HEAD", "POST"])
def schedule_new(request: HttpRequest) -> HttpResponse:
    """Let a report come again and again: what it asks, in its files. Without a report the choice of one."""
    sent = request.POST if request.method == "POST" else request.GET
    own = Report.objects.visible_to(request.user).filter(maker=request.user).prefetch_related("files")
    number = uuid_in(sent.get("report", ""))
    if number is None:
        return render(request, "reports/schedule_of_what.html", {"reports": own.defer("head")[:REPORTS_OFFERED]})
    report = get_object_or_404(own, public_id=number)
    form = ScheduleForm(
        request.POST if request.method == "POST" else None,
        owner=request.user,
        order=replace(report.asked, new_since=None),  # that of another schedule
        initial=of_report(request.user, report),
    )
    files = [(file.format, tuple(file.languages)) for file in report.files.all()]
    if form.is_bound and form.is_valid():
        now = timezone.now()
        try:
            made = schedules.save(user=request.user, plan=form.plan(files, now.date()), now=now)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("It comes by itself from now on."))
            return redirect("reports:schedule-detail", made.pk)
    context = {"form": form, "report": report, "files": files, "about": about(report)}
    return render(request, "reports/schedule_new.html", context, status=400 if form.errors else 200)


@only_for(may_export)
@require_http_methods(["GET", "HEAD", "POST"])
def schedule_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """When it comes next, what came of it so far; for its owner also everything that can be changed."""
    schedule = seen_schedule(request, pk)
    may_change = schedules.may_change(schedule, request.user)
    files = schedules.files_of(schedule)
    form = None
    if may_change:
        form = ScheduleForm(
            request.POST if request.method == "POST" else None,
            owner=schedule.owner,
            order=Order.of_json(schedule.order),
            initial=of_schedule(schedule),
        )
    elif request.method == "POST":
        return redirect("reports:schedule-detail", schedule.pk)
    if form and form.is_bound and form.is_valid():
        now = timezone.now()
        try:
            schedules.save(user=request.user, plan=form.plan(files, now.date()), now=now, schedule=schedule)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("reports:schedule-detail", schedule.pk)
    turns = list(schedule.turns.select_related("report").defer("report__head")[:TURNS_SHOWN])
    seen = Report.objects.visible_to(request.user).filter(pk__in=[turn.report_id for turn in turns])
    last = seen.exclude(head=None).order_by("-pk").first()
    context = {
        "schedule": schedule,
        "form": form,
        "may_change": may_change,
        "files": files,
        "recipients": schedule.recipients.order_by("name", "email"),
        "turns": turns,
        "seen": set(seen.values_list("pk", flat=True)),
        "asked": asked(Order.of_json(schedule.order), request.user),
        "about": about(last) if last else [],
    }
    return render(request, "reports/schedule_detail.html", context, status=400 if form and form.errors else 200)


@only_for(may_export)
@require_POST
def schedule_pause(request: HttpRequest, pk: int) -> HttpResponse:
    return done(request, pk, lambda schedule: schedules.pause(schedule, request.user))


@only_for(may_export)
@require_POST
def schedule_resume(request: HttpRequest, pk: int) -> HttpResponse:
    return done(request, pk, lambda schedule: schedules.resume(schedule, request.user, timezone.now()))


@only_for(may_export)
@require_POST
def schedule_remove(request: HttpRequest, pk: int) -> HttpResponse:
    schedule = seen_schedule(request, pk)
    try:
        schedules.remove(schedule, request.user)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return redirect("reports:schedule-detail", pk)
    messages.success(request, _("The schedule is removed. Reports that came of it stay in the list."))
    return redirect("reports:schedule-list")


def done(request: HttpRequest, pk: int, act: Callable[[Schedule], None]) -> HttpResponse:
    schedule = seen_schedule(request, pk)
    try:
        act(schedule)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    return redirect("reports:schedule-detail", pk)


def seen_schedule(request: HttpRequest, pk: int) -> Schedule:
    return get_object_or_404(Schedule.objects.visible_to(request.user).select_related("owner"), pk=pk)


def asked(order: Order, user: User) -> list[tuple[str, str]]:
    """What an order is narrowed by, in the words of its list: the companies that may be seen, and the filter."""
    filters = Narrowing(order.subject, order.query, user).filters
    lines = [
        (_("Filter"), "; ".join(filter_words(filters)) if filters else ""),
        (_("Companies"), ", ".join(for_reader(company) for company in chosen_companies(list(order.companies), user))),
    ]
    return [(label, value) for label, value in lines if value]


def about(report: Report) -> list[tuple[str, str]]:
    """What a report rests on, its filter among it, in the reader's language."""
    if not report.head:
        return []
    language = get_language()
    return [(read_in(line.label, language), read_in(line.value, language)) for line in report.document.about]


def uuid_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
