"""The list of companies, for those who verify them and bring them together."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import only_for
from accounts.lists.pages import listing, refused
from accounts.lists.tables import table_of
from accounts.permissions import may_see_every_company
from accounts.saved_views import keeps_views, views_of
from companies.filters import CompanyFilter
from companies.list_rows import company_rows
from companies.models import Company
from companies.permissions import may_register

COMPANIES = "companies:company-list"


@keeps_views(COMPANIES, _("Companies"))
@only_for(may_see_every_company)
@require_safe
def company_list(request: HttpRequest) -> HttpResponse:
    """Every company that is not hidden."""
    companies = Company.objects.visible_to(request.user).with_shown_name()
    filters = CompanyFilter(request.GET, queryset=companies, user=request.user)
    shown = listing(request, filters, with_what_a_row_shows)
    if not shown.is_valid:
        return refused(request, filters)
    facets = [
        shown.facet("country", filters.counts("country", "country")),
        shown.facet("status", filters.counts("status", "status")),
        shown.facet("checked", filters.checked_counts()),
        shown.facet("sector", filters.sector_counts(), hide_empty=True),
        shown.facet("kind", filters.counts("kind", "kind"), hide_empty=True),
    ]
    table = table_of(shown)
    context = {
        "listing": shown,
        "page": shown.page,
        "table": table,
        "rows": company_rows(shown.page.object_list, table.show),
        "views": views_of(request, COMPANIES),
        "facets": facets,
        "may_register": may_register(request.user),
    }
    return render(request, "companies/company_list.html", context)


def with_what_a_row_shows(companies):
    return companies.select_related("region", "place").prefetch_related("facts")
