"""What an agreement on duties would change: the book searched without it and with it, in the background.

Nothing official is touched: no run, no match, no plan. The Comparison row is the truth; a message only hurries it
along, and comes again when its worker was killed (docs/comparisons.md).
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.customs import switched_on
from corridor.preferred import known_schemes
from corridor.ways import Assumptions
from matching import engine
from matching.enums import RunState
from matching.models import Comparison, Weights
from matching.services import one_step
from matching.services.differences import difference
from matching.services.heartbeat import ComparisonBeat, beating
from matching.services.market import load_book, one_moment
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
        comparison = in_transaction(one_step.claim, Comparison, pk)
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
        in_transaction(one_step.finish, Comparison, pk, counts=found.counts, rows=found.rows)


def _note_cut(pk: int, cut_at, input_hash: str, total: int) -> None:
    Comparison.objects.filter(pk=pk, state=RunState.RUNNING).update(
        book_cut_at=cut_at, input_hash=input_hash, total=total, heartbeat_at=timezone.now()
    )
