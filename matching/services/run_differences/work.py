"""The difference of two runs as background work: asked for, carried out once, kept. Nothing official is touched.

The RunDifference row is the truth; a message only hurries it along, and comes again when its worker was killed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from companies.models import Capacity
from matching import engine
from matching.engine.market import Market
from matching.enums import RunKind, RunState
from matching.models import Run, RunDifference, RunShard
from matching.services import one_step
from matching.services.heartbeat import DifferenceBeat, beating
from matching.services.run_differences.causes import Difference, Rests, difference
from matching.services.run_differences.lanes import Points
from matching.services.transactions import in_transaction
from matching.services.what_ifs import is_narrowed, limits_of, weights_of


def ask_for_difference(*, before: Run, after: Run, asked_by=None) -> tuple[RunDifference, bool]:
    """The difference of two runs, and whether it is new: then whoever asks queues `differ` once this is committed."""
    refuse_what_cannot_be_compared(before, after)
    asked = RunDifference(
        before=before,
        after=after,
        asked_by=asked_by,
        rules_version=engine.RULES_VERSION,
        engine_version=engine.ENGINE_VERSION,
    )
    if known := standing(asked):
        return known, False
    asked.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            asked.save()
    except IntegrityError:  # somebody was faster between the look and here
        if known := standing(asked):
            return known, False
        raise
    return asked, True


def standing(asked: RunDifference) -> RunDifference | None:
    """The one of the same two runs that is there already, with the rules and the programme of today."""
    same = {name: getattr(asked, name) for name in ("before", "after", "rules_version", "engine_version")}
    return RunDifference.objects.filter(**same).exclude(state=RunState.FAILED).first()


def comparable():
    """The runs that can be compared as far as their rows tell: whole books, matched to the end, without limits."""
    runs = Run.objects.finished().exclude(kind=RunKind.REFRESH)
    return runs.exclude(options__has_any_keys=["share_cap_percent", "micro_floor_percent"])


def refuse_what_cannot_be_compared(before: Run, after: Run) -> None:
    if before.pk == after.pk:
        raise ValidationError(_("These are one run. Choose another one."))
    for run in (before, after):
        said = {"run": run.pk}
        if run.kind == RunKind.REFRESH:
            raise ValidationError(
                _("Run %(run)s followed an edit and saw a part of the book only. Choose an official run or a what-if."),
                params=said,
            )
        if not limits_of(run).is_none:
            raise ValidationError(
                _("The plan of run %(run)s keeps to a cap or a floor; what these cost stands with the run itself."),
                params=said,
            )
        if run.state != RunState.FINISHED:
            raise ValidationError(_("Run %(run)s has not come to its end: it cannot be compared."), params=said)
        if run.shards.count() != run.counts.get("shards"):
            raise ValidationError(
                _("Run %(run)s does not keep its facts any more: it cannot be compared."), params=said
            )
    shards = shards_of(before, after)
    if (is_narrowed(before) or is_narrowed(after)) and not all(shards):
        raise ValidationError(_("These runs looked at different goods: there is nothing to compare."))


# --- the work


def carry_out_difference(pk: int) -> None:
    """Match both books as often as it takes and keep what differs. Delivering it twice does no harm."""
    with beating(DifferenceBeat(pk)) as beat:
        if beat is None:
            return  # in other hands
        row = in_transaction(one_step.claim, RunDifference, pk)
        if row is None:
            return
        runs = row.before, row.after
        before, after = map(rests_of, runs, shards_of(*runs))
        in_transaction(_note_total, pk, before.listings + 3 * after.listings)
        found = difference(before, after, beat.progress)
        kept = {"figures": as_kept(found), "rows": [asdict(change) for change in found.changes]}
        in_transaction(one_step.finish, RunDifference, pk, **kept)


def _note_total(pk: int, total: int) -> None:
    RunDifference.objects.filter(pk=pk, state=RunState.RUNNING).update(total=total)


def as_kept(found: Difference) -> dict:
    """The figures as JSON: whole numbers, by quantity and cause; kilograms by the number of the commodity."""
    return {
        "figures": {name: asdict(figure) for name, figure in found.figures.items()},
        "kg": {commodity: asdict(figure) for commodity, figure in found.kg.items()},
        "counts": found.counts,
        "is_apart": found.is_apart,
    }


# --- what the runs keep


def shards_of(before: Run, after: Run) -> tuple[list[RunShard], list[RunShard]]:
    """The shards of both runs that are compared: beside a what-if of some goods only those of the other with them."""
    both = [list(run.shards.defer("market", "result", "watch").order_by("number")) for run in (before, after)]
    for one, other in ((0, 1), (1, 0)):
        if is_narrowed((before, after)[one]):
            both[other] = those_that_touch(both[other], both[one])
    return both[0], both[1]


def those_that_touch(shards: list[RunShard], others: list[RunShard]) -> list[RunShard]:
    """The shards that share goods with one of the others. Headings are asked first, for a market is dear to read."""
    headings = {heading for shard in others for heading in shard.headings}
    markets = [market_of(shard.pk) for shard in others]
    near = [shard for shard in shards if headings.intersection(shard.headings)]
    return [shard for shard in near if any(share_goods(market_of(shard.pk), market) for market in markets)]


def share_goods(one: Market, other: Market) -> bool:
    """Whether a place in the tree of goods that the one market trades touches one that the other trades."""
    (lo, hi), (other_lo, other_hi) = goods_of(one).T, goods_of(other).T
    return bool(((lo[:, None] < other_hi) & (other_lo < hi[:, None])).any())


def goods_of(market: Market) -> np.ndarray:
    """Each place in the tree that somebody wants or offers, once; (x, 2)."""
    lo = np.concatenate([market.needs.accepted_lo, market.capacities.node_lo])
    hi = np.concatenate([market.needs.accepted_hi, market.capacities.node_hi])
    return np.unique(np.stack([lo, hi], axis=1), axis=0)


def market_of(shard_pk: int) -> Market:
    return Market.from_bytes(bytes(RunShard.objects.values_list("market", flat=True).get(pk=shard_pk)))


def rests_of(run: Run, shards: Sequence[RunShard]) -> Rests:
    return Rests(
        parts=[ShardPart(shard.pk, shard.points, shard.total, shard.instructions) for shard in shards],
        as_of=run.as_of.toordinal(),
        weights=weights_of(run),
        rules_version=run.rules_version,
        engine_version=run.engine_version,
        corridor_version=run.corridor_version,
    )


@dataclass(frozen=True)
class ShardPart:
    """A shard, whose facts are read when they are asked for: a whole book need not be in memory at once."""

    pk: int
    kept: Mapping[str, Mapping[str, list]] | None
    listings: int
    asked: Sequence[dict] | None = None

    @cached_property
    def points(self) -> Points | None:
        if self.kept is None:
            return None
        named = (
            {int(number): json.dumps(words, ensure_ascii=False) for number, words in self.kept[ends].items()}
            for ends in ("departures", "arrivals")
        )
        return Points(*named)

    def market(self) -> Market:
        return market_of(self.pk)

    def solution(self) -> engine.Solution:
        return engine.Solution.from_bytes(bytes(RunShard.objects.values_list("result", flat=True).get(pk=self.pk)))

    def goods(self, market: Market) -> dict[int, str]:
        """Capacity -> the number of its commodity, as it was then; where that was not kept, as it is today."""
        ids = market.capacities.id.tolist()
        if self.kept is None:
            rows = Capacity.objects.filter(pk__in=ids).values_list("pk", "commodity_id")
            return {capacity: str(commodity) for capacity, commodity in rows}
        commodity_of = {int(row): str(words[0]) for row, words in self.kept["departures"].items()}
        rows = zip(ids, market.capacities.departure.tolist(), strict=True)
        return {capacity: commodity_of[row] for capacity, row in rows}
