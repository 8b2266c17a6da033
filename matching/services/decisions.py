"""What people decide about a match, and on which facts."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from matching.enums import MatchState
from matching.models import Decision, Match
from matching.services.news import tell_of_proposal


@transaction.atomic
def decide(
    *, match: Match, state: MatchState, decided_by, reason: str = "", note: str = "", seen: str | None = None
) -> Decision:
    """Shortlist, propose or dismiss a match. The decision stays when runs come and go, with the result it rested on.

    `seen` is the decision that the person had before their eyes, by number ("" for none): what somebody else decided
    meanwhile is not overruled unseen. None where nobody looked.
    """
    match = Match.objects.select_for_update().get(pk=match.pk)
    if state == MatchState.DISMISSED and not reason:
        raise ValidationError(_("Say why the match is dismissed."))
    last = match.decisions.first()
    said = (state, reason if state == MatchState.DISMISSED else "", note)
    if last and (last.state, last.reason, last.note, last.result_id) == (*said, match.latest_id):
        return last  # a second tab, or a second press
    if seen is not None and seen != number_of(last):
        raise ValidationError(
            _("Meanwhile somebody decided: %(state)s. Look at it, then decide again if need be."),
            params={"state": match.get_state_display()},
        )
    decision = Decision(
        match=match,
        state=state,
        reason=reason if state == MatchState.DISMISSED else "",
        note=note,
        decided_by=decided_by,
        result_id=match.latest_id,
    )
    decision.full_clean()
    decision.save()
    match.state = state
    match.save(update_fields=["state"])
    if state == MatchState.PROPOSED:
        tell_of_proposal(match)
    return decision


def number_of(decision: Decision | None) -> str:
    """A decision as a form carries it."""
    return str(decision.pk) if decision else ""
