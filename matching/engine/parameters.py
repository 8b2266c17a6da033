"""Parameters: what the buyer asks of the goods against what the seller guarantees, or lets choose."""

from dataclasses import dataclass

import numpy as np

from matching.engine.market import NO_SET
from matching.engine.pairs import Pairs


@dataclass(frozen=True)
class ParameterChecks:
    """One asked parameter of one pair; all (e,)."""

    pair: np.ndarray  # position, ascending
    asked: np.ndarray  # entry of the need
    offered: np.ndarray  # entry of the capacity, -1: not stated
    answer: np.ndarray  # int8
    margin: np.ndarray  # float64, from 0.5 to 1 where it passes, 0 where it fails, nan where not known


def parameter_answers(pairs: Pairs) -> ParameterChecks:
    """Each asked parameter judged by itself."""
    needs, capacities = pairs.book.needs, pairs.book.capacities
    position, asked = pairs.book.asked.expand(pairs.need)
    offered = pairs.book.offered(pairs.capacity[position], needs.asked_parameter[asked])
    answer = np.zeros(len(position), np.int8)
    margin = np.full(len(position), np.nan)

    # A set against a number, or the reverse, and what is not stated stay not known.
    stated = offered >= 0
    asks_set = needs.asked_set[asked] != NO_SET
    offers_set = np.zeros(len(position), bool)
    offers_set[stated] = capacities.offered_set[offered[stated]] != NO_SET
    for entries, judge in (
        (np.flatnonzero(stated & asks_set & offers_set), _judge_sets),
        (np.flatnonzero(stated & ~asks_set & ~offers_set), _judge_ranges),
    ):
        answer[entries], margin[entries] = judge(pairs, asked[entries], offered[entries])
    # An entry that gives neither a set nor an end asks nothing.
    asks_nothing = ~asks_set & np.isnan(needs.asked_low[asked]) & np.isnan(needs.asked_high[asked])
    answer[asks_nothing], margin[asks_nothing] = 1, 1.0
    margin[answer == 0] = np.nan
    margin[answer == -1] = 0.0
    return ParameterChecks(position, asked, offered, answer, margin)


def _judge_sets(pairs: Pairs, asked: np.ndarray, offered: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A guaranteed set lies within the accepted one; a choice meets it. An empty offer says nothing."""
    members = pairs.book.set_members
    accepts = members[pairs.book.needs.asked_set[asked]]
    offers = members[pairs.book.capacities.offered_set[offered]]
    is_choice = pairs.book.capacities.offered_is_choice[offered]
    holds = np.where(is_choice, (accepts & offers).any(axis=1), ~(offers & ~accepts).any(axis=1))
    answer = np.where(holds, 1, -1)
    answer[~offers.any(axis=1)] = 0
    return answer, np.ones(len(asked))


def _judge_ranges(pairs: Pairs, asked: np.ndarray, offered: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    needs, capacities = pairs.book.needs, pairs.book.capacities
    asked_low, asked_high = needs.asked_low[asked], needs.asked_high[asked]
    low, high = capacities.offered_low[offered], capacities.offered_high[offered]
    is_choice = capacities.offered_is_choice[offered]
    open_low, open_high = np.isnan(asked_low), np.isnan(asked_high)

    def outside(end: np.ndarray) -> np.ndarray:
        return (end < asked_low) | (end > asked_high)

    def inside(end: np.ndarray) -> np.ndarray:
        return ~np.isnan(end) & ~outside(end)

    # Guaranteed: each stated end inside, and stated on each side that is asked for.
    guarantee_fails = outside(low) | outside(high)
    guarantee_holds = (open_low | inside(low)) & (open_high | inside(high))
    # To choose from: some value of the range is accepted.
    choice_fails = (low > asked_high) | (high < asked_low)
    reaches = (open_high | (low <= asked_high)) & (open_low | (high >= asked_low)) & ~(np.isnan(low) & np.isnan(high))
    choice_holds = inside(low) | inside(high) | reaches
    fails = np.where(is_choice, choice_fails, guarantee_fails)
    holds = np.where(is_choice, choice_holds, guarantee_holds)
    answer = np.where(fails, -1, np.where(holds, 1, 0))
    return answer, np.where(is_choice, 1.0, _margin(asked_low, asked_high, low, high))


def _margin(asked_low, asked_high, low, high) -> np.ndarray:
    """From 0.5 at the edge of what is accepted to 1 at a fifth of its width (of the limit, where one end is asked)."""
    room = np.fmin(low - asked_low, asked_high - high)
    width = np.where(
        np.isnan(asked_low),
        np.abs(asked_high),
        np.where(np.isnan(asked_high), np.abs(asked_low), asked_high - asked_low),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(room > 0, room / width, 0.0)
    return 0.5 + 0.5 * np.minimum(share / 0.2, 1.0)
