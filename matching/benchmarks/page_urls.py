"""The addresses of the product, and beside them a bare page of any size: the limit that list pages are held against."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

BARE = (
    '{% extends "base.html" %}{% block title %}Bare{% endblock %}{% block heading %}Bare{% endblock %}'
    "{% block content %}<p>{{ filled }}</p>{% endblock %}"
)


@login_required
def bare(request: HttpRequest, size: int) -> HttpResponse:
    """The frame of every page, for the same reader, filled up to so many bytes: nothing of it is looked up."""
    page = engines["django"].from_string(BARE)
    frame = len(page.render({"filled": ""}, request).encode())
    return HttpResponse(page.render({"filled": "x" * max(size - frame, 0)}, request))


urlpatterns = [path("bare/<int:size>/", bare), path("", include("tradematch.urls"))]
