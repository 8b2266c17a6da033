"""Which sectors a person follows."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import only_for
from accounts.permissions import may_see_every_company
from desk import services
from desk.forms import SectorsForm


@only_for(may_see_every_company)
@require_POST
def sectors(request: HttpRequest) -> HttpResponse:
    """Follow these sectors and no others."""
    form = SectorsForm(request.POST)
    if form.is_valid():
        services.follow_sectors(user=request.user, sectors=form.cleaned_data["sectors"])
        messages.success(request, _("Your sectors are kept."))
    else:
        messages.error(request, " ".join(message for errors in form.errors.values() for message in errors))
    return redirect("desk:home")
