"""One decision about many matches at once, which can be taken back as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.enums import MatchState
from matching.models import Decision, DecisionBatch, Match
from matching.services.news import tell_of_proposals, withdraw_proposals

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Decided:
    """What became of the matches that somebody chose."""

    batch: DecisionBatch | None  # None: nothing was left to decide
    decided: list[Match]
    already: list[Match]  # stood so before
    left: list[Match]  # somebody else decided meanwhile: as they are


@dataclass(frozen=True)
class TakenBack:
    """What became of the matches of a batch that was taken back."""

    restored: list[Match]
    left: list[Match]  # decided upon again since: as they are
    told: int  # people who know of a proposal that stands no more


def too_many_at_once() -> ValidationError:
    return ValidationError(
        _("At most %(count)s matches are decided at once: choose fewer."), params={"count": MOST_AT_ONCE}
    )


@transaction.atomic
def decide_many(*, seen: Mapping[int, str], state: MatchState, decided_by, reason: str = "", note: str = "") -> Decided:
    """Shortlist, propose or dismiss many matches.

    Args:
        seen: key of each match -> the state that the person had before their eyes. What stands otherwise by now was
            decided by somebody else, and is not overruled unseen.
    """
    if len(seen) > MOST_AT_ONCE:
        raise too_many_at_once()
    if state == MatchState.DISMISSED and not reason:
        raise ValidationError(_("Say why the matches are dismissed."))
    reason = reason if state == MatchState.DISMISSED else ""
    matches = locked(seen)
    left = [match for match in matches if match.state not in (seen[match.pk], state)]
    standing = [match for match in matches if match.state == state]
    chosen = [match for match in matches if match not in left and match not in standing]
    if not chosen:
        return Decided(None, [], standing, left)
    batch = DecisionBatch.objects.create(made_by=decided_by)
    write(dict.fromkeys(chosen, (state, reason)), batch=batch, decided_by=decided_by, note=note)
    if state == MatchState.PROPOSED:
        tell_of_proposals(chosen)
    return Decided(batch, chosen, standing, left)


@transaction.atomic
def undo_batch(*, batch: DecisionBatch, undone_by) -> TakenBack:
    """Give each match of a batch the state that it had before. Once; what was decided again since is left alone."""
    batch = DecisionBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.undone_at is not None:
        raise ValidationError(_("This was taken back already."))
    matches = locked(batch.decisions.values_list("match", flat=True))
    batch.undone_by, batch.undone_at = undone_by, timezone.now()
    batch.save(update_fields=["undone_by", "undone_at"])
    before = states_before(batch, matches)
    restored = [match for match in matches if match in before]
    was_proposed = [
        match for match in restored if match.state == MatchState.PROPOSED and before[match][0] != MatchState.PROPOSED
    ]
    write(before, batch=batch, decided_by=undone_by)
    return TakenBack(restored, [match for match in matches if match not in before], withdraw_proposals(was_proposed))


def locked(pks) -> list[Match]:
    """Matches that nobody else decides upon until this is done; in one order, so that no two wait for each other."""
    found = Match.objects.filter(pk__in=list(pks)).select_for_update(of=("self",)).order_by("pk")
    return list(found.select_related("need__company", "capacity__company"))


def states_before(batch: DecisionBatch, matches: list[Match]) -> dict[Match, tuple[str, str]]:
    """State and reason before a batch, of those whose last decision is of it."""
    decisions: dict[int, list[Decision]] = {}
    for decision in Decision.objects.filter(match__in=matches).order_by("match", "-decided_at", "-pk"):
        decisions.setdefault(decision.match_id, []).append(decision)
    found = {}
    for match in matches:
        last, *earlier = decisions[match.pk]
        if last.batch_id == batch.pk:
            found[match] = (earlier[0].state, earlier[0].reason) if earlier else (MatchState.NEW, "")
    return found


def write(said: Mapping[Match, tuple[str, str]], *, batch: DecisionBatch, decided_by, note: str = "") -> None:
    """Record state and reason of each match, on what the last run found of it."""
    Decision.objects.bulk_create(
        Decision(
            match=match,
            state=state,
            reason=reason,
            note=note,
            decided_by=decided_by,
            result_id=match.latest_id,
            batch=batch,
        )
        for match, (state, reason) in said.items()
    )
    for match, (state, _reason) in said.items():
        match.state = state
    Match.objects.bulk_update(said, ["state"])
