"""What a run found, laid beside the tables by COPY and merged into them by a few statements, however many rows.

A match keeps its row for ever. The numbers of results are drawn beforehand, so that a match that is new points to its
result from the beginning, and only one that was there is changed. Whoever calls holds the lock `Work.SAVE`: nobody else
makes results meanwhile, and matches only who proposes a pair.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

import numpy as np
from django.db import connection

from matching.engine import COMPONENTS, RULE_CODES
from matching.engine.book import Book
from matching.engine.pairs import Pairs
from matching.engine.solution import AllocationTable, NearMiss, PairTable
from matching.models import Run
from matching.services.copying import read_columns, write_columns, write_rows
from matching.services.decimals import NO_CENTS, in_cents, is_kept, rounded
from matching.services.listed.sources import COLUMNS, HAS_A_ROW, OF_THE_MATCH, SIDES

TOGETHER = 100_000  # pairs whose lanes are looked up at once
FOUND = {
    "need_id": "int8",
    "capacity_id": "int8",
    "match_id": "int8",
    "is_new": "bool",  # no match of the pair was there before
    "result_id": "int8",
    "score_ppm": "int4",
    "could_reach_ppm": "int4",
    **{f"part_{number}": "float8" for number in range(len(COMPONENTS))},
    "verdict": "int4",  # the answers of all rules as one number: see `answers`
    "is_current": "bool",
    "rank_for_need": "int2",
    "rank_for_capacity": "int2",
    "movable_kg": "int8",
    "planned_kg": "int8",
    "low_cents": "int8",
    "high_cents": "int8",
    "days_low": "int4",
    "days_high": "int4",
    "ask": "float8",
    "limit_price": "float8",
    "low": "float8",
    "high": "float8",
    "at_least": "float8",
    "rests_on_examples": "bool",
}
GIVEN = {"match_id": "int8", "ship_month": "int4", "deliver_month": "int4", "kg": "int8"}
ANSWER = {"verdicts": "jsonb", "known_rules": "int2", "failed_rules": "text[]", "unknown_rules": "text[]"}
_PRICE = {  # of MatchResult.facts, by the columns of the staging table
    "ask_usd_per_t": "nullif(found.ask, 'NaN')",
    "limit_usd_per_t": "nullif(found.limit_price, 'NaN')",
    "landed_low_usd_per_t": "nullif(found.low, 'NaN')",
    "landed_high_usd_per_t": "nullif(found.high, 'NaN')",
    "landed_at_least_usd_per_t": "nullif(found.at_least, 'NaN')",
    "rests_on_examples": "found.rests_on_examples",
}

FEW = 2_000  # rows that need no new look at the tables; the database looks by itself within minutes


def lock_rows(table: str, ids: Collection[int]) -> np.ndarray:
    """Keep listings from being changed or deleted until the transaction ends; which of them are there, sorted."""
    locked = f'SELECT id FROM "{table}" WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE'
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(array_agg(id), '{{}}') FROM ({locked}) locked", [list(ids)])
        return np.sort(np.array(cursor.fetchone()[0], np.int64))


class Staging:
    """The tables beside, which go with the transaction; filled with one shard after the other."""

    def __init__(self, run: Run, needs: np.ndarray, capacities: np.ndarray):
        self.run, self.needs, self.capacities = run, needs, capacities
        self.n_new, self.are_matches_counted = 0, False
        with connection.cursor() as cursor:
            for table, types in (("found", FOUND), ("given", GIVEN)):
                columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
                cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
                cursor.execute(f"CREATE TEMP TABLE {table} ({columns}) ON COMMIT DROP")
            for table, columns in (
                ("told", "need_id int8, capacity_id int8, facts jsonb, PRIMARY KEY (need_id, capacity_id)"),
                ("answer", f"verdict int4 PRIMARY KEY, {', '.join(f'{name} {kind}' for name, kind in ANSWER.items())}"),
            ):
                cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
                cursor.execute(f"CREATE TEMP TABLE {table} ({columns}) ON COMMIT DROP")

    def is_there(self, need: np.ndarray, capacity: np.ndarray) -> np.ndarray:
        """A listing without any match yet may have been deleted since the book was cut; bool (x,)."""
        return np.isin(need, self.needs) & np.isin(capacity, self.capacities)

    def bring_pairs(self, book: Book, pairs: PairTable, shard_id: int, facts: Iterable[dict] | None) -> None:
        """Matches and results of a shard. `facts`: of each pair in full, where they are kept beside the shard."""
        rows = np.flatnonzero(self.is_there(pairs.need_id, pairs.capacity_id))
        columns = pair_columns(book, pairs, rows) | {"result_id": draw_numbers("matching_matchresult", len(rows))}
        match, is_new = matches_of(columns["need_id"], columns["capacity_id"])
        self.pairs, self.matches = (columns["need_id"], columns["capacity_id"]), match
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE found, told, answer")
            write_columns("found", columns | {"match_id": match, "is_new": is_new}, FOUND)
            write_rows("answer", ("verdict", *ANSWER), answers(columns["verdict"]))
            if facts is not None:
                pair_ids = zip(pairs.need_id.tolist(), pairs.capacity_id.tolist(), facts, strict=True)
                write_rows(
                    "told",
                    ("need_id", "capacity_id", "facts"),
                    ((need, capacity, json.dumps(said, ensure_ascii=False)) for need, capacity, said in pair_ids),
                )
            # The planner knows nothing yet of rows that this transaction has written.
            cursor.execute("ANALYZE found, told, answer")
            with listing_itself(cursor):
                cursor.execute(_NEW_MATCHES, [self.run.pk])
                if cursor.rowcount < is_new.sum():
                    self.take_over_matches(cursor, is_new)
                self.let_matches_be_counted(cursor, is_new)
                cursor.execute(_RESULTS, [self.run.pk, None if facts is not None else shard_id])
                cursor.execute(_NEW_LISTED, [self.run.pk])
                if not is_new.all():
                    for statement in (_OLD_MATCHES, _GONE_LISTED, _OLD_LISTED, _OLD_NEWLY_LISTED):
                        cursor.execute(statement)
        self.n_new += int(is_new.sum())

    def let_matches_be_counted(self, cursor, is_new: np.ndarray) -> None:
        """Once, when so many are new: beside a table that the database takes for empty, as after all of a large book
        was taken away, the keys of results would be looked up by going through all matches for each."""
        if not self.are_matches_counted and self.n_new + is_new.sum() > FEW:
            cursor.execute("ANALYZE matching_match")
            self.are_matches_counted = True

    def take_over_matches(self, cursor, is_new: np.ndarray) -> None:
        """Of pairs that somebody has proposed since matches were looked up: the match that is there stands."""
        cursor.execute(_MADE_MEANWHILE)
        made = np.array(cursor.fetchall(), np.int64).reshape(-1, 3)
        at = places_of((made[:, 0], made[:, 1]), self.pairs)
        self.matches[at], is_new[at] = made[:, 2], False

    def bring_plan(self, given: AllocationTable) -> None:
        """After the pairs of the same shard: what is planned has its match."""
        rows = self.is_there(given.need_id, given.capacity_id)
        at = places_of((given.need_id[rows], given.capacity_id[rows]), self.pairs)
        if (at < 0).any():
            raise ValueError("the plan gives to a pair that the shard does not tell of")
        columns = {name: getattr(given, name)[rows] for name in GIVEN if name != "match_id"}
        columns["match_id"] = self.matches[at]
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE given")
            write_columns("given", columns, GIVEN)
            cursor.execute("ANALYZE given")
            cursor.execute(_ALLOCATIONS, [self.run.pk])

    def bring_near_misses(self, misses: Iterable[NearMiss]) -> None:
        needs, capacities = set(self.needs.tolist()), set(self.capacities.tolist())
        names = ("run_id", "need_id", "capacity_id", "rule", "side", "change", "effort", "score_ppm", "is_current")
        there = (miss for miss in misses if miss.need_id in needs and miss.capacity_id in capacities)
        write_rows("matching_nearmiss", names, (self.near_miss(miss) for miss in there))

    def near_miss(self, miss: NearMiss) -> tuple:
        change = json.dumps(miss.change, ensure_ascii=False)
        pair = self.run.pk, miss.need_id, miss.capacity_id
        return *pair, miss.rule, miss.side, change, miss.effort, miss.score_ppm, True

    def let_others_go(self) -> None:
        """Matches that this run did not find are not current any more."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE matching_match SET is_current = false WHERE is_current AND NOT EXISTS (SELECT FROM"
                " matching_matchresult found WHERE found.id = latest_id AND found.run_id = %s)",
                [self.run.pk],
            )


@contextmanager
def listing_itself(cursor) -> Iterator[None]:
    """The triggers of the list (migration 0022) stand still: whoever does this writes the listed rows in its stead."""
    cursor.execute("SELECT set_config('tradematch.lists_itself', 'on', true)")
    yield  # after an error the transaction is over, and the setting with it
    cursor.execute("SELECT set_config('tradematch.lists_itself', '', true)")


def matches_of(need: np.ndarray, capacity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The match of each pair, a number that nobody has drawn yet where there is none; and which are new. (x,) each.

    Others may make matches meanwhile (a pair that staff propose), so numbers are drawn one by one, and a pair that is
    new here may have its match once it is written: see `Staging.take_over_matches`.
    """
    columns = {"id": "int8", "need_id": "int8", "capacity_id": "int8"}
    asked = "SELECT id, need_id, capacity_id FROM matching_match WHERE need_id = ANY(%s) ORDER BY need_id, capacity_id"
    there = read_columns(asked, [np.unique(need).tolist()], columns)
    at = places_of((need, capacity), (there["need_id"], there["capacity_id"]))
    match, is_new = np.append(there["id"], 0)[at], at < 0
    drawn = "SELECT nextval(pg_get_serial_sequence('matching_match', 'id')) FROM generate_series(1, %s)"
    match[is_new] = read_columns(drawn, [int(is_new.sum())], {"id": "int8"})["id"]
    return match, is_new


def places_of(wanted: tuple[np.ndarray, np.ndarray], there: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Where each pair stands among those that are there, in the order of (need, capacity); -1 where it does not."""
    needs = np.unique(np.concatenate([wanted[0], there[0]]))
    capacities = np.unique(np.concatenate([wanted[1], there[1]]))
    keys = [
        np.searchsorted(needs, need) * len(capacities) + np.searchsorted(capacities, capacity)
        for need, capacity in (wanted, there)
    ]
    if not len(keys[1]):
        return np.full(len(keys[0]), -1)
    at = np.minimum(np.searchsorted(keys[1], keys[0]), len(keys[1]) - 1)
    return np.where(keys[1][at] == keys[0], at, -1)


def draw_numbers(table: str, number: int) -> np.ndarray:
    """So many primary keys. Only under a lock that everybody holds who draws one of this table."""
    if not number:
        return np.zeros(0, np.int64)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        (first,) = cursor.fetchone()
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, first + number - 1])
    return np.arange(first, first + number)


def pair_columns(book: Book, pairs: PairTable, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Some pairs as the staging table takes them, but for the number of their result."""
    need = np.searchsorted(book.needs.id, pairs.need_id[rows])
    capacity = np.searchsorted(book.capacities.id, pairs.capacity_id[rows])
    lane = np.concatenate(
        [
            np.zeros(0, np.int64),
            *(
                Pairs(book, need[start : start + TOGETHER], capacity[start : start + TOGETHER]).lane
                for start in range(0, len(rows), TOGETHER)
            ),
        ]
    )
    low, high = pairs.landed_low[rows], pairs.landed_high[rows]
    keeps = is_kept(low, high)
    columns = {
        "need_id": pairs.need_id[rows],
        "capacity_id": pairs.capacity_id[rows],
        "score_ppm": pairs.score_ppm[rows],
        "could_reach_ppm": pairs.could_reach_ppm[rows],
        "low_cents": in_cents(np.where(keeps, low, np.nan)),
        "high_cents": in_cents(np.where(keeps, high, np.nan)),
        "ask": rounded(book.capacities.ask_usd_per_t[capacity], 4),
        "limit_price": rounded(np.round(book.needs.limit_usd_per_t[need], 6), 4),
        "low": rounded(low, 4),
        "high": rounded(high, 4),
        "at_least": rounded(pairs.landed_at_least[rows], 4),
        "rests_on_examples": book.lanes.rests_on_examples[lane],
    }
    columns |= {f"part_{number}": rounded(pairs.components[rows, number], 6) for number in range(len(COMPONENTS))}
    verdicts = pairs.verdicts[rows].astype(np.int64)
    columns |= {"verdict": (verdicts + 1) @ _PLACES, "is_current": (verdicts >= 0).all(axis=1)}
    as_they_are = ("rank_for_need", "rank_for_capacity", "movable_kg", "planned_kg", "days_low", "days_high")
    return columns | {name: getattr(pairs, name)[rows] for name in as_they_are}


def answers(verdicts: np.ndarray) -> Iterable[tuple[int, str, int, str, str]]:
    """The few different rows of answers that many pairs share, told once each: a digit of three a rule."""
    for number in np.unique(verdicts).tolist():
        said = {rule: number // int(place) % 3 - 1 for rule, place in zip(RULE_CODES, _PLACES, strict=True)}
        failed = [rule for rule, verdict in said.items() if verdict < 0]
        unknown = sorted(rule for rule, verdict in said.items() if verdict == 0)
        yield (
            number,
            json.dumps(said),
            len(said) - len(unknown),
            *("{" + ",".join(one) + "}" for one in (failed, unknown)),
        )


_PLACES = 3 ** np.arange(len(RULE_CODES), dtype=np.int64)


def _object(values: dict[str, str]) -> str:
    said = ", ".join(f"'{name}', {value}" for name, value in values.items())
    return f"jsonb_build_object({said})"


_RESULT = {
    "id": "found.result_id",
    "run_id": "%s",
    "match_id": "found.match_id",
    "score_ppm": "found.score_ppm",
    "could_reach_ppm": "found.could_reach_ppm",
    "components": _object({name: f"nullif(found.part_{number}, 'NaN')" for number, name in enumerate(COMPONENTS)}),
    "verdicts": "answer.verdicts",
    "facts": f"coalesce(told.facts, jsonb_build_object('price', {_object(_PRICE)}))",
    "rank_for_need": "nullif(found.rank_for_need, 0)",
    "rank_for_capacity": "nullif(found.rank_for_capacity, 0)",
    "movable_kg": "CASE WHEN found.movable_kg >= 0 THEN found.movable_kg END",
    "planned_kg": "found.planned_kg",
    "landed_low_usd_per_t": f"nullif(found.low_cents, {NO_CENTS}) / 100.0",
    "landed_high_usd_per_t": f"nullif(found.high_cents, {NO_CENTS}) / 100.0",
    "days_low": "CASE WHEN found.days_low >= 0 THEN found.days_low END",
    "days_high": "CASE WHEN found.days_high >= 0 THEN found.days_high END",
    "known_rules": "answer.known_rules",
    "failed_rules": "answer.failed_rules",
    "shard_id": "%s::int8",
}
_NEW_MATCHES = (
    "INSERT INTO matching_match (id, need_id, capacity_id, state, is_current, first_run_id, created_at, latest_id)"
    " SELECT found.match_id, found.need_id, found.capacity_id, 'new', found.is_current, %s, now(), found.result_id"
    " FROM found WHERE found.is_new ON CONFLICT (need_id, capacity_id) DO NOTHING"
)
_MADE_MEANWHILE = (
    "UPDATE found SET match_id = one.id, is_new = false FROM matching_match one WHERE found.is_new"
    " AND one.need_id = found.need_id AND one.capacity_id = found.capacity_id AND one.id <> found.match_id"
    " RETURNING found.need_id, found.capacity_id, found.match_id"
)
_RESULTS = (
    f"INSERT INTO matching_matchresult ({', '.join(_RESULT)}) SELECT {', '.join(_RESULT.values())}"
    " FROM found JOIN answer ON answer.verdict = found.verdict"
    " LEFT JOIN told ON told.need_id = found.need_id AND told.capacity_id = found.capacity_id"
)
_OLD_MATCHES = (
    "UPDATE matching_match one SET latest_id = found.result_id, is_current = found.is_current FROM found"
    " WHERE one.id = found.match_id AND NOT found.is_new"
)

# The same rows as `listed.sources` says, for what has just been found: neither matches nor results are read again.
_LISTED = COLUMNS | {
    name: _RESULT[name]
    for name in ("score_ppm", "movable_kg", "planned_kg", "landed_high_usd_per_t", "days_high", "known_rules")
}
_LISTED |= {"failed_rules": "answer.failed_rules", "unknown_rules": "answer.unknown_rules"}
_LISTED |= {"result_id": "found.result_id"}
_NEWLY = (
    f"INSERT INTO matching_listedmatch ({', '.join(_LISTED)}) SELECT {', '.join(_LISTED.values())} FROM found"
    f" JOIN answer ON answer.verdict = found.verdict {{one}} {SIDES} WHERE {{wanted}}"
)
_NEW_LISTED = _NEWLY.format(
    one=(
        "CROSS JOIN LATERAL (SELECT found.match_id AS id, found.need_id, found.capacity_id, found.is_current,"
        " 'new' AS state, %s AS first_run_id) one"
    ),
    wanted="found.is_new AND found.is_current",
)
_OLD = "JOIN matching_match one ON one.id = found.match_id"
_OLD_NEWLY_LISTED = _NEWLY.format(
    one=_OLD,
    wanted=(
        f"NOT found.is_new AND {HAS_A_ROW}"
        " AND NOT EXISTS (SELECT FROM matching_listedmatch listed WHERE listed.match_id = found.match_id)"
    ),
)
_OLD_LISTED = (
    f"UPDATE matching_listedmatch listed SET {', '.join(f'{name} = {_LISTED[name]}' for name in OF_THE_MATCH)}"
    f" FROM found JOIN answer ON answer.verdict = found.verdict {_OLD}"
    f" WHERE listed.match_id = found.match_id AND NOT found.is_new"
)
_GONE_LISTED = (
    f"DELETE FROM matching_listedmatch listed USING found {_OLD}"
    f" WHERE listed.match_id = found.match_id AND NOT found.is_new AND NOT {HAS_A_ROW}"
)
_FIRST_DAY = "make_date(given.{0} / 12, given.{0} %% 12 + 1, 1)"
_ALLOCATIONS = (
    "INSERT INTO matching_allocation (run_id, match_id, ship_month, deliver_month, quantity_kg)"
    f" SELECT %s, given.match_id, {_FIRST_DAY.format('ship_month')}, {_FIRST_DAY.format('deliver_month')}, given.kg"
    " FROM given"
)
