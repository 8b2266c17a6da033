"""From a what-if to what is in force: its weights become the next version, and an official run begins with them.

Freight, agreements and the day are facts of the corridor and of the calendar, not choices: nothing here takes them
over.
"""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from matching.enums import RunKind, RunState
from matching.models import Run, Weights
from matching.services.runs import start_run
from matching.services.what_ifs import is_narrowed, score_table


@transaction.atomic
def promote_weights(*, what_if: Run, reason: str, promoted_by: User, seen: int | None) -> tuple[Weights, Run]:
    """Make the weights of a what-if the next version, and start the official run that is the first to use them.

    `seen` is the version that was in force when the person looked: where another one is in force now, they are asked
    again. Both happen or neither does. Whoever asks queues `carry_out_run` once this is committed.
    """
    refuse_what_cannot_be_promoted(what_if)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why these weights are better: it is kept with them.")})
    in_force = Weights.objects.select_for_update().in_force()
    if in_force.version != seen:
        raise ValidationError(
            _("Version %(version)s of the weights is in force by now. Look at it below, then say again."),
            code="stale",
            params={"version": in_force.version},
        )
    if in_force.values == what_if.options["weights"]:
        raise ValidationError(
            _("These weights are in force already, as version %(version)s."), params={"version": in_force.version}
        )
    try:
        with transaction.atomic():
            weights = Weights.objects.create(
                version=in_force.version + 1,
                values=what_if.options["weights"],
                reason=reason.strip(),
                changed_by=promoted_by,
                promoted_from=what_if,
            )
    except IntegrityError as error:  # somebody was faster, with another version
        raise ValidationError(_("The weights were changed at this moment. Look again, then say again.")) from error
    return weights, start_run(started_by=promoted_by)


def refuse_what_cannot_be_promoted(run: Run) -> None:
    if run.kind != RunKind.WHAT_IF or "weights" not in run.options:
        raise ValidationError(_("Only weights that a what-if has tried can be put in force."))
    if run.state != RunState.FINISHED:
        raise ValidationError(_("This what-if has not come to its end: nobody knows yet what its weights do."))
    if is_narrowed(run):
        raise ValidationError(
            _("These weights were tried on a part of the book only. Try them on the whole book first.")
        )
    score_table(run.options["weights"])
