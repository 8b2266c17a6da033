"""What an agreement on duties would change: the book searched without it and with it, in the background.

Nothing official is touched: no run, no match, no plan. The Comparison row is the truth; a message only hurries it
along, and comes again when its worker was killed (docs/comparisons.md).
"""

from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.customs import switched_on
from corridor.preferred import known_schemes
from corridor.ways import Assumptions
from matching import engine
from matching.enums import Failure, RunState
from matching.models import Comparison, Weights
from matching.services.differences import Difference, difference
from matching.services.heartbeat import ComparisonBeat, beating
from matching.services.market import load_book, one_moment
from matching.services.runs import MOST_ATTEMPTS
from matching.services.transactions import in_transaction
from matching.services.what_ifs import score_table


def start_comparison(*, scheme: str, asked_by=None, as_of: date | None = None) -> Comparison:
    """Record that somebody asks. Whoever calls queues `compare` once this is committed."""
    if scheme not in known_schemes():
        raise ValidationError(_("No duty of the reference names this agreement."))
    as_of = as_of or timezone.localdate()
    comparison = Comparison(
        scheme=scheme,
        as_of=as_of,
        others=sorted(set(switched_on(as_of).values_list("scheme", flat=True)) - {scheme}),
        asked_by=asked_by,
        weights=Weights.objects.in_force(),
        rules_version=engine.RULES_VERSION,
        engine_version=engine.ENGINE_VERSION,
    )
    comparison.full_clean()
    try:
        with transaction.atomic():
            comparison.save()
    except IntegrityError as error:  # somebody was faster between the check and here
        raise ValidationError(_("This comparison is under way already.")) from error
    return comparison


# --- the work


def carry_out_comparison(pk: int) -> None:
    """Search the book of one moment twice and keep what differs. Delivering it twice does no harm."""
    with beating(ComparisonBeat(pk)) as beat:
        if beat is None:
            return  # in other hands
        comparison = in_transaction(_claim, pk)
        if comparison is None:
            return
        with one_moment():
            cut_at = timezone.now()
            without = load_book(comparison.as_of, assumed=Assumptions(preferences=frozenset(comparison.others)))
            having = frozenset([*comparison.others, comparison.scheme])
            with_it = load_book(comparison.as_of, assumed=Assumptions(preferences=having)).market
        in_transaction(_note_cut, pk, cut_at, without.input_hash, 2 * len(without.market.needs.id))
        found = difference(
            without.market,
            with_it,
            comparison.as_of,
            score_table(comparison.weights.values),
            progress=beat.progress,
        )
        in_transaction(_keep, pk, found)


def _claim(pk: int) -> Comparison | None:
    """Count an attempt; None where it is over, or its worker was lost too often."""
    comparison = Comparison.objects.select_for_update(of=("self",)).select_related("weights").get(pk=pk)
    if comparison.is_over:
        return None
    if comparison.attempt >= MOST_ATTEMPTS:
        _fail(comparison, Failure.LOST)
        return None
    now = timezone.now()
    comparison.state = RunState.RUNNING
    comparison.attempt += 1
    comparison.started_at = comparison.started_at or now
    comparison.heartbeat_at = now
    comparison.save(update_fields=["state", "attempt", "started_at", "heartbeat_at"])
    return comparison


def _note_cut(pk: int, cut_at, input_hash: str, total: int) -> None:
    Comparison.objects.filter(pk=pk, state=RunState.RUNNING).update(
        book_cut_at=cut_at, input_hash=input_hash, total=total, heartbeat_at=timezone.now()
    )


def _keep(pk: int, found: Difference) -> None:
    comparison = Comparison.objects.select_for_update().get(pk=pk)
    if comparison.is_over:
        return
    comparison.state, comparison.finished_at = RunState.FINISHED, timezone.now()
    comparison.counts, comparison.rows, comparison.done = found.counts, found.rows, comparison.total
    comparison.save(update_fields=["state", "finished_at", "counts", "rows", "done"])


def _fail(comparison: Comparison, code: Failure, reason: str = "") -> None:
    comparison.state, comparison.reason_code, comparison.reason = RunState.FAILED, code, reason
    comparison.finished_at = timezone.now()
    comparison.save(update_fields=["state", "reason_code", "reason", "finished_at"])


def fail_comparison(pk: int, code: Failure) -> None:
    comparison = Comparison.objects.select_for_update().get(pk=pk)
    if not comparison.is_over:
        _fail(comparison, code)


def note_comparison_error(pk: int, error: Exception) -> bool:
    """After an error: whether to try again. At the third it is given up; its words stay in the log."""
    comparison = Comparison.objects.select_for_update().get(pk=pk)
    if comparison.is_over:
        return False
    if comparison.attempt >= MOST_ATTEMPTS:
        _fail(comparison, Failure.ERROR, type(error).__name__)
        return False
    return True


def sweep_comparisons() -> list[int]:
    """Comparisons whose message or worker was lost: they are to be queued again."""
    now = timezone.now()
    unheard, unqueued = (
        now - timedelta(seconds=seconds) for seconds in (settings.RUN_HEARTBEAT_LOST_S, settings.RUN_SWEEP_S)
    )
    lost = Comparison.objects.filter(
        Q(state=RunState.RUNNING, heartbeat_at__lt=unheard) & (Q(published_at=None) | Q(published_at__lt=unheard))
        | Q(state=RunState.QUEUED, asked_at__lt=unqueued) & (Q(published_at=None) | Q(published_at__lt=unqueued))
    )
    found = list(lost.order_by("pk").select_for_update(skip_locked=True).values_list("pk", flat=True))
    Comparison.objects.filter(pk__in=found).update(published_at=now)
    return found


def note_comparison_published(pk: int) -> None:
    Comparison.objects.filter(pk=pk).update(published_at=timezone.now())
