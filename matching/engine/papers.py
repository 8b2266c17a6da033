"""Standing certificates: are they held, checked, and valid when the goods arrive?"""

import numpy as np

from matching.engine.market import Capacities, Needs
from matching.engine.pairs import Pairs


def held(pairs: Pairs, holder: Needs | Capacities, rows: np.ndarray) -> np.ndarray:
    """Whether the holder has each kind of certificate in time; int8 (x, K).

    Valid on some feasible day of delivery is enough. While the time rule does not pass, those days are not known: then
    it must be valid on every day of the need's window to pass, and on none of them to fail.
    """
    timing = pairs.timing
    is_timed = (timing.answer == 1)[:, None]
    first_day, last_day = timing.first_day[:, None], timing.last_day[:, None]
    window_from, window_until = timing.first_wanted[:, None], timing.last_wanted[:, None]
    state = holder.certificate[rows]
    valid_from, valid_until = holder.certificate_from[rows], holder.certificate_until[rows]

    on_some_day = (valid_from <= last_day) & (valid_until >= first_day) & (valid_from <= valid_until)
    on_every_day = (valid_from <= window_from) & (valid_until >= window_until)
    on_no_day = (valid_from > window_until) | (valid_until < window_from) | (valid_from > valid_until)
    untimed = np.where(on_no_day, -1, np.where(on_every_day, 1, 0))
    in_time = np.where(is_timed, np.where(on_some_day, 1, -1), untimed)
    return np.where(state == 1, in_time, state).astype(np.int8)


def seller_holds(pairs: Pairs) -> np.ndarray:
    return held(pairs, pairs.book.capacities, pairs.capacity)


def buyer_holds(pairs: Pairs) -> np.ndarray:
    return held(pairs, pairs.book.needs, pairs.need)


def _required(asked: np.ndarray, answer: np.ndarray) -> np.ndarray:
    return np.where(asked, answer, 1).astype(np.int8)


def certificate_answers(pairs: Pairs) -> np.ndarray:
    """What the buyer asks of the seller, kind by kind; pass where nothing is asked; int8 (x, K)."""
    return _required(pairs.book.needs.requires[pairs.need], seller_holds(pairs))


def law_answers(pairs: Pairs) -> np.ndarray:
    """What the lane's law asks of the seller, then of the buyer; int8 (x, 2 K)."""
    lanes = pairs.book.lanes
    return np.concatenate(
        [
            _required(lanes.law_seller[pairs.lane], seller_holds(pairs)),
            _required(lanes.law_buyer[pairs.lane], buyer_holds(pairs)),
        ],
        axis=1,
    )


def voluntary_share(pairs: Pairs) -> np.ndarray:
    """The share of the lane's voluntary certificates that the seller has in time; 1 where the lane knows none."""
    helps = pairs.book.lanes.voluntary[pairs.lane]
    has = (helps & (seller_holds(pairs) == 1)).sum(axis=1)
    return np.where(helps.any(axis=1), has / np.maximum(helps.sum(axis=1), 1), 1.0)
