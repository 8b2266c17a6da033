"""The first page of each role."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.enums import Role
from accounts.permissions import may_see_every_company
from desk.views.business import business_home
from desk.views.officer import officer_home
from desk.views.public import public_home
from desk.views.staff import staff_home


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """A business user's companies; an officer's sectors; the work queue of staff and administrators; what this is."""
    if not request.user.is_authenticated:
        return public_home(request)
    if not may_see_every_company(request.user):
        return business_home(request)
    if request.user.role == Role.OFFICER:
        return officer_home(request)
    return staff_home(request)
