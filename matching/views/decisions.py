"""What people decide about a match."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.access import only_for
from accounts.permissions import may_decide_on_matches
from matching import services
from matching.enums import MatchState
from matching.forms import DecisionForm
from matching.models import Match
from matching.views.match import match_page

SAID = {
    MatchState.SHORTLISTED: _("The match is shortlisted."),
    MatchState.PROPOSED: _("The match is proposed for an introduction."),
    MatchState.DISMISSED: _("The match is dismissed. It stays in the list under that state."),
}


@only_for(may_decide_on_matches)
@require_http_methods(["GET", "HEAD", "POST"])
def match_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a decision; where it is refused, show the match again with the reason."""
    match = get_object_or_404(Match.objects.visible_to(request.user), pk=pk)
    if request.method != "POST":  # whoever had to sign in before deciding comes back this way
        return redirect("matching:match-detail", match.pk)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            services.decide(match=match, decided_by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, SAID[form.cleaned_data["state"]])
            return redirect("matching:match-detail", match.pk)
    return match_page(request, match.pk, form, status=400)
