"""Why a run did not finish, and what to do, in words."""

from django.utils.translation import gettext as _

from matching.enums import Failure


def failure(code: str) -> str:
    """What happened, what is safe and what to do next; for a code not known here, a sentence that says so."""
    sentences = {
        Failure.LOST: _(
            "The worker was lost three times at the same step. Nothing of this run was saved "
            "and the last results stand. Start the run again; if it fails again, give the administrator its number."
        ),
        Failure.ERROR: _(
            "An error came back at every one of three attempts. Nothing of this run was saved "
            "and the last results stand. Give the administrator the number of the run."
        ),
        Failure.TOO_LONG: _(
            "A step took longer than its time limit. Nothing of this run was saved and the last results stand. "
            "Start the run again when the computer is less busy."
        ),
        Failure.TOO_OFTEN: _(
            "Within a day partners were looked for as often as is allowed. What you typed is saved "
            "and the last results stand."
        ),
        Failure.PLAN_OVERFLOW: _(
            "The plan would have given away more than there is, so nothing of this run was saved "
            "and the last results stand. This is a fault of the programme: give the administrator the run's number."
        ),
    }
    unknown = _("The run did not finish. Nothing of it was saved and the last results stand.")
    return sentences.get(code, unknown)
