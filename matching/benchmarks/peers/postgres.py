"""PostgreSQL: for each need its ten best by a LATERAL query over a b-tree on goods and price. In temporary tables."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
from django.db import connection

from matching.benchmarks.peers import sql
from matching.benchmarks.peers.base import Peer, Top
from matching.benchmarks.wide import Columns, slots

COPIED = 100_000  # rows at a time
TYPES = {"b": "boolean", "i": "integer", "f": "double precision"}
FLOW = """CREATE FUNCTION pg_temp.flow(s integer[], d integer[], s_kg integer[], d_kg integer[]) RETURNS bigint AS $$
DECLARE left_s bigint := 0; left_d bigint := 0; kg bigint; moved bigint := 0;
BEGIN
    FOR i IN 1 .. coalesce(cardinality(s), 0) LOOP
        IF i = 1 OR s[i] <> s[i - 1] THEN left_s := s_kg[i]; END IF;
        IF i = 1 OR d[i] <> d[i - 1] THEN left_d := d_kg[i]; END IF;
        kg := least(left_s, left_d);
        left_s := left_s - kg; left_d := left_d - kg; moved := moved + kg;
    END LOOP;
    RETURN moved;
END $$ LANGUAGE plpgsql IMMUTABLE"""
MONTHS = f"""SELECT max(least(s_kg, d_kg)) AS best,
    CASE WHEN NOT passes THEN 0
         WHEN n_slots = 1 THEN least(max(d_kg), sum(s_kg))
         WHEN c_slots = 1 THEN least(max(s_kg), sum(d_kg))
         ELSE pg_temp.flow(array_agg(s_nth ORDER BY s_nth, d_nth), array_agg(d_nth ORDER BY s_nth, d_nth),
                           array_agg(s_kg ORDER BY s_nth, d_nth), array_agg(d_kg ORDER BY s_nth, d_nth)) END AS moved
    FROM supply JOIN demand ON true WHERE s_of = c_capacity AND d_of = n_need AND {sql.MEETS}"""


class PostgreSQL(Peer):
    name = "PostgreSQL LATERAL"
    covers = False  # whether the index holds all columns of a capacity

    def load(self) -> None:
        wide = self.wide
        with raw_cursor() as cursor:
            for name, columns, keys in (
                ("needs", wide.needs, ("(n_need)",)),
                ("capacities", wide.capacities, (self.index_of_goods(),)),
                ("accepts", wide.accepts, ("(n_need)",)),
                ("lanes", wide.lanes, ("(departure, arrival)",)),
                ("routes", wide.routes, ("(r_route)",)),
                ("supply", slots("s", wide.supply), ("(s_of)",)),
                ("demand", slots("d", wide.demand), ("(d_of)",)),
            ):
                copied(cursor, name, columns)
                for key in keys:
                    cursor.execute(f"CREATE INDEX ON {name} {key}")
                cursor.execute(f"ANALYZE {name}")
            cursor.execute("SET max_parallel_workers_per_gather = 0")
            cursor.execute("SET jit = off")
            cursor.execute(FLOW)
            cursor.execute("DEALLOCATE ALL")  # what is prepared outlives the transaction that asked for it
            cursor.execute(f"PREPARE best_of (integer) AS {self.query('WHERE n.n_need = $1')}")
            cursor.execute("SELECT pg_backend_pid()")
            self.pid = cursor.fetchone()[0]

    def index_of_goods(self) -> str:
        others = ", ".join(name for name in NEAR if name not in ("c_node", "c_least"))
        return f"(c_node, c_least){f' INCLUDE ({others})' if self.covers else ''}"

    def query(self, which: str = "") -> str:
        """The best of every need, or of those that `which` picks."""
        near = (
            f"SELECT c.*, n.*, {sql.route(self.wide)} AS route FROM accepts AS a "
            "JOIN capacities AS c ON c.c_node = a.c_node AND c.c_least <= n.n_room "
            "JOIN lanes ON departure = c_departure AND arrival = n.n_arrival "
            f"WHERE a.n_need = n.n_need AND {sql.FITS_AT_ALL} OFFSET 0"
        )
        fits = sql.fitting(self.wide, f"SELECT * FROM ({near}) AS q WHERE route >= 0", sql.POSTGRES)
        ranked = (
            f"SELECT c_capacity, {sql.score(self.weights, 'moved')} AS score FROM ({fits}) AS f "
            f"CROSS JOIN LATERAL ({MONTHS}) AS m WHERE best >= smallest "
            f"ORDER BY 2 DESC, 1 LIMIT {self.k}"
        )
        return f"SELECT n.n_need, t.c_capacity, t.score FROM needs AS n CROSS JOIN LATERAL ({ranked}) AS t {which}"

    def best(self) -> Top:
        with raw_cursor() as cursor:
            cursor.execute(self.query())
            return top_of(cursor.fetchall())

    def best_of(self, need: int) -> Top:
        """The best of one need, the best first."""
        with raw_cursor() as cursor:
            cursor.execute(f"EXECUTE best_of ({int(need)})")
            return top_of(cursor.fetchall())

    def server_cpu_s(self) -> float:
        """Of the process that serves this connection, where it runs on this machine."""
        stat = Path(f"/proc/{self.pid}/stat")
        if connection.settings_dict["HOST"] not in ("", "localhost", "127.0.0.1", "::1") or not stat.exists():
            return 0.0
        after_name = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / 100


class CoveringPostgreSQL(PostgreSQL):
    name = "PostgreSQL, covering index"
    covers = True


NEAR = ("c_node", "c_least", "c_capacity", "c_company", "c_origin", "c_terms", "c_largest", "c_lot", "c_multiple")
NEAR += ("c_first", "c_last", "c_departure")


def raw_cursor():
    """The driver's own cursor: a management command's would write who changes what into each statement."""
    connection.ensure_connection()
    return connection.connection.cursor()


def top_of(rows: list[tuple]) -> Top:
    need, capacity, score = zip(*rows, strict=True) if rows else ((), (), ())
    return Top(np.array(need, np.int64), np.array(capacity, np.int64), np.array(score, float))


def copied(cursor, name: str, columns: Columns) -> None:
    """A temporary table of these columns; nan is NULL."""
    typed = ", ".join(f"{column} {TYPES[values.dtype.kind]}" for column, values in columns.items())
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
    cursor.execute(f"CREATE TEMP TABLE {name} ({typed})")
    for start in range(0, len(next(iter(columns.values()))), COPIED):
        frame = pd.DataFrame({column: values[start : start + COPIED] for column, values in columns.items()})
        cursor.copy_expert(f"COPY {name} FROM STDIN CSV", io.StringIO(frame.to_csv(index=False, header=False)))
