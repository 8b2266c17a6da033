"""What the rules compared of a match, whether its result keeps that itself or its shard does. See docs/adr/0007.

A year later it is still what the run found: a shard is kept as long as its run, and never changed.
"""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from matching import engine
from matching.engine.book import Book
from matching.engine.market import Market
from matching.models import Match, MatchResult, RunShard
from matching.services.facts import Facts


def facts_of(results: Iterable[MatchResult]) -> dict[int, dict]:
    """Result -> rule -> facts. Two queries at most and one shard after the other, however many results.

    What was read once of a result stays with it, for a page asks more than once.
    """
    told, in_shard = {}, defaultdict(list)
    for result in results:
        told[result.pk] = getattr(result, "read_in_shard", None) or result.facts or {}
        if result.shard_id and not hasattr(result, "read_in_shard"):
            in_shard[result.shard_id].append(result)
    if in_shard:
        found = [result.match_id for some in in_shard.values() for result in some]
        pairs = {pk: pair for pk, *pair in Match.objects.filter(pk__in=found).values_list("pk", "need", "capacity")}
        shards = RunShard.objects.filter(pk__in=in_shard).values_list("pk", "market", "run__as_of")
        for pk, market, as_of in shards.iterator(chunk_size=1):
            some = in_shard[pk]
            of_pairs = read_in(bytes(market), as_of.toordinal(), [pairs[result.match_id] for result in some])
            for result, facts in zip(some, of_pairs, strict=True):
                result.read_in_shard = told[result.pk] = facts
    return told


def result_facts(result: MatchResult) -> dict[str, dict]:
    """Rule -> its verdict and the facts it compared, as the run found them."""
    facts = facts_of([result])[result.pk]
    return {
        rule: {"verdict": result.verdicts[rule], "facts": facts.get(rule)}
        for rule in engine.RULE_CODES
        if rule in result.verdicts
    }


def read_in(data: bytes, as_of: int, pairs: list[tuple[int, int]]) -> list[dict]:
    """The facts of some pairs of a shard, by the same code that writes them down for a small one."""
    whole = Market.from_bytes(data)
    need_ids, capacity_ids = (np.array(ids, np.int64) for ids in zip(*pairs, strict=True))
    need_rows = np.flatnonzero(np.isin(whole.needs.id, need_ids))
    book = Book(engine.take(whole, need_rows, np.flatnonzero(np.isin(whole.capacities.id, capacity_ids))), as_of)
    facts = Facts(book, np.searchsorted(book.needs.id, need_ids), np.searchsorted(book.capacities.id, capacity_ids))
    return [facts.of_pair(at) for at in range(len(pairs))]
