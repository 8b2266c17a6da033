"""The home of business users: their companies, what to do next, what they trade, who fits."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from companies.models import Capacity, Company, Need
from desk import queries


def business_home(request: HttpRequest) -> HttpResponse:
    user = request.user
    context = {
        "companies": Company.objects.visible_to(user).select_related("region", "place").prefetch_related("facts"),
        "needs": queries.with_candidates(queries.need_rows(Need.objects.visible_to(user))),
        "capacities": queries.with_candidates(queries.capacity_rows(Capacity.objects.visible_to(user))),
        "today": timezone.localdate(),
    }
    return render(request, "desk/own_company.html", context)
