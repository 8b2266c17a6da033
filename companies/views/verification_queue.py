"""Who waits to be verified: the desk of city staff for Indonesia, of embassy officers for Kazakhstan."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import only_for
from accounts.lists.pages import Listing, listing, refused
from accounts.permissions import may_see_every_company
from companies.models import Company, StandIn
from companies.queue import Age, QueueFilter, Turn, duty_of, queue_of
from companies.services.claims import waiting_claims


@only_for(may_see_every_company)
@require_safe
def verification_queue(request: HttpRequest) -> HttpResponse:
    """The longest waiting first; unless asked otherwise, those that are the reader's to verify."""
    duty, today = duty_of(request.user), timezone.localdate()
    waiting = queue_of(request.user, today).with_shown_name()
    filters = QueueFilter(request.GET, queryset=waiting, user=request.user, duty=duty)
    shown = listing(request, filters, with_what_a_row_shows)
    if not shown.is_valid:
        return refused(request, filters)
    companies = list(shown.page)
    tell_rows(companies, request.user, duty)
    ages = filters.age_counts()
    facets = [
        facet_of(shown, "turn", filters.counts("turn", "turn")),
        facet_of(shown, "country", filters.counts("country", "country")),
        shown.facet("age", ages),
        shown.facet("region", filters.region_counts(), hide_empty=True),
        shown.facet("sector", filters.sector_counts(), hide_empty=True),
        shown.facet("came_by", filters.counts("came_by", "came_by"), hide_empty=True),
        shown.facet("screening", filters.counts("screening", "screening")),
    ]
    context = {
        "listing": shown,
        "page": shown.page,
        "rows": companies,
        "sorts": shown.sort_links(),
        "facets": facets,
        "ages": [
            {"label": label, "count": ages.get(value, 0), "url": shown.address(age=value), "is_late": value == Age.LATE}
            for value, label in filters.form.fields["age"].choices
        ],
        "claims": waiting_claims(request.user),
        "term": settings.VERIFICATION_WORKING_DAYS,
    }
    return render(request, "companies/verification_queue.html", context)


def facet_of(shown: Listing, name: str, counts: dict) -> dict:
    """A facet of which something is meant also where nothing is chosen: what is meant is ticked."""
    facet = shown.facet(name, counts)
    if not shown.query.getlist(name):
        for choice in facet["choices"]:
            choice["is_chosen"] = choice["value"] in shown.filters.usual[name]
    return facet


def with_what_a_row_shows(companies):
    return companies.select_related("region", "place").prefetch_related("facts")


def tell_rows(companies: list[Company], user, duty: list[str]) -> None:
    """What each row says beside the company: how many days it waits, and whether it is the reader's to decide."""
    today = timezone.localdate()
    own = set(StandIn.objects.filter(user=user, company__in=companies).values_list("company", flat=True))
    for company in companies:
        company.is_mine = company.country in duty and company.pk not in own
        company.is_own = company.pk in own
        company.is_late = company.age == Age.LATE
        company.days = (today - timezone.localdate(company.waiting_since)).days
        company.turn_label = Turn(company.turn).label
