"""Refreshes that nothing rests on any more are not kept for ever: every edit makes one."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from matching.enums import RunState
from matching.models import Decision, Match, NearMiss, Run

KEPT_FOR = timedelta(days=30)
MOST_AT_ONCE = 300


def prune_refreshes(now: datetime) -> int:
    """Delete old refreshes with what they found; how many. Those stay on which a match, a decision or a page rests."""
    over = Run.objects.refreshes().filter(
        state__in=[RunState.FINISHED, RunState.FAILED], finished_at__lt=now - KEPT_FOR
    )
    found = over.filter(
        ~Exists(Match.objects.filter(first_run=OuterRef("pk"))),
        ~Exists(Match.objects.filter(latest__run=OuterRef("pk"))),
        ~Exists(Decision.objects.filter(result__run=OuterRef("pk"))),
        ~Exists(NearMiss.objects.filter(run=OuterRef("pk"), is_current=True)),
    )
    chosen = list(found.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    Run.objects.filter(pk__in=chosen).delete()
    return len(chosen)
