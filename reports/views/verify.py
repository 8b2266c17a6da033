"""What is this paper, and does it still hold? For everybody, also for a guest who holds it and has no account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/verify.html")
