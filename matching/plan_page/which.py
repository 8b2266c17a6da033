"""Which run's plan is told."""

from matching.enums import RunKind
from matching.lists import newest_run
from matching.models import Run


def run_with_plan(user, number: int | None) -> Run | None:
    """The run of a number, if it is finished and made a plan; without a number the newest official one."""
    if not number:
        return newest_run(user)
    runs = Run.objects.visible_to(user).finished().exclude(kind=RunKind.REFRESH)
    return runs.select_related("weights").filter(pk=number).first()
