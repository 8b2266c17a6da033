"""What a person was told: the list, the way to what it is about, and marking as read."""

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.lists.pages import listing, refused
from notices import services
from notices.filters import NoticeFilter
from notices.forms import ReadForm
from notices.models import Notice
from notices.queries import as_row
from notices.services import is_path_within


@login_required
@never_cache
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """One's own notices, the unread ones first."""
    own = Notice.objects.visible_to(request.user)
    unread = own.unread().aggregate(count=Count("pk"), newest=Max("pk"))
    shown = listing(request, NoticeFilter(request.GET, queryset=own))
    if not shown.is_valid:
        return refused(request, shown.filters)
    context = {
        "listing": shown,
        "page": shown.page,
        "rows": [as_row(notice) for notice in shown.page],
        "unread": unread,
    }
    return render(request, "notices/notice_list.html", context)


@login_required
@never_cache
@require_safe
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on to the page it is about. It is read by then; letters lead here too."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    services.mark_as_read(user=request.user, notices=[notice.pk], at=timezone.now())
    return redirect(notice.address if is_path_within(notice.address) else "notices:notice-list")


@login_required
@never_cache
@require_POST
def notice_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read and stay."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    services.mark_as_read(user=request.user, notices=[notice.pk], at=timezone.now())
    return redirect("notices:notice-list")


@login_required
@never_cache
@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark all as read that were there when the page was made; a later one has not been seen."""
    form = ReadForm(request.POST)
    if form.is_valid():
        services.mark_all_as_read(user=request.user, newest=form.cleaned_data["newest"], at=timezone.now())
    return redirect("notices:notice-list")
