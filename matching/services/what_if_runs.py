"""A what-if run that a person starts from a page: the book with other weights, freight, agreements or another day."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from matching.enums import RunKind
from matching.models import Run
from matching.services.heartbeat import Work
from matching.services.runs import start_run

MOST_UNDER_WAY = 3  # each takes as long as an official run, and official ones wait in the same queue


def hold_starting() -> None:
    """Until the transaction ends nobody else starts a what-if: whoever comes second counts that of the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [int(Work.WHAT_IF)])


@transaction.atomic
def start_what_if(
    *, started_by: User, options: Mapping, as_of: date | None = None, as_it_is: bool = False
) -> tuple[Run, bool]:
    """Record what is to be tried, and whether it is new: a second click finds the run that the first one started.

    Whoever asks queues `carry_out_run` once this is committed. Refuses one in which nothing is otherwise, for that is
    what an official run tells, and more than a few at a time. `as_it_is`: the book as it is may be solved anew, around
    what staff asked of the plan since; a run that has read the book already knows nothing of that, and is not the same.
    """
    as_of = as_of or timezone.localdate()
    if not options and not as_it_is and as_of == timezone.localdate():
        raise ValidationError(_("Nothing is otherwise. Change a weight, the freight, an agreement or the day."))
    hold_starting()
    under_way = Run.objects.unfinished().filter(kind=RunKind.WHAT_IF)
    same = under_way.filter(started_by=started_by, as_of=as_of)
    for run in same.filter(book_cut_at__isnull=True) if as_it_is else same:
        if run.options == dict(options):
            return run, False
    if under_way.count() >= MOST_UNDER_WAY:
        raise ValidationError(_("Several what-ifs are under way already. Wait until one of them has come to its end."))
    return start_run(kind=RunKind.WHAT_IF, started_by=started_by, as_of=as_of, options=options), True
