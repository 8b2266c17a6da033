"""The rows of old plans go: of a large book each run writes hundreds of thousands, and people look at the newest.

The results, the shards and the counts of a run stay, so what a plan was worth and what it gave each pair is still told.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from matching.enums import RunKind
from matching.models import PlanFlow, PlanLine, Run

OFFICIAL_KEPT = 12
WHAT_IFS_KEPT_FOR = timedelta(days=30)


def old_plans(now: datetime) -> QuerySet[Run]:
    """The runs that keep no rows of their plan any more."""
    newest = Run.objects.official().finished().values_list("pk", flat=True)[:OFFICIAL_KEPT]
    return Run.objects.finished().filter(
        Q(kind=RunKind.OFFICIAL) & ~Q(pk__in=list(newest))
        | Q(kind=RunKind.WHAT_IF, finished_at__lt=now - WHAT_IFS_KEPT_FOR)
    )


def prune_plans(now: datetime) -> int:
    """Delete the rows of one old plan; how many. It locks nothing that a reader or another run needs."""
    run = old_plans(now).filter(Exists(PlanLine.objects.filter(run=OuterRef("pk")))).order_by("pk").first()
    if run is None:
        return 0
    rows = (model.objects.filter(run=run) for model in (PlanFlow, PlanLine))
    return sum(found._raw_delete(found.db) for found in rows)  # nothing points to them
