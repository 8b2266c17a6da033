"""The first page of the product, for whoever comes by."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from corridor.enums import Country
from desk.public import public_figures


def public_home(request: HttpRequest) -> HttpResponse:
    """What this is, who runs it, what is traded, how data are protected; where to begin."""
    figures = public_figures(timezone.localdate())
    context = {
        "figures": figures,
        "companies": [(Country(country).label, count) for country, count in figures.companies.items()],
    }
    return render(request, "desk/public.html", context)
