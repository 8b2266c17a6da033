"""The page of background work that is one piece: a comparison, a difference of two runs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from matching.models.one_step import OneStep


def progress(request: HttpRequest, work: OneStep, template: str, context: dict) -> HttpResponse:
    """The part of the page that changes while it works; an empty answer (204) where nothing has changed since."""
    if request.GET.get("seen") == f"{work.state}-{work.done}-{work.total}":
        return HttpResponse(status=204)
    return render(request, template, context)
