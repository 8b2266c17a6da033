"""DuckDB: three queries over columns in memory."""

import duckdb
import numpy as np
import pandas as pd

from matching.benchmarks.peers import sql
from matching.benchmarks.peers.base import Peer, Top
from matching.benchmarks.wide import slots

# Along the arcs of a pair, in time order: each carries what is left of both its slots.
_LEFT = {
    side: f"CASE WHEN was.{side} = arc.{side} THEN was.left_{side} ELSE arc.left_{side} END" for side in ("s", "d")
}
_KG = f"least({_LEFT['s']}, {_LEFT['d']})"
_ARC = "{'s': s_nth, 'd': d_nth, 'left_s': s_kg, 'left_d': d_kg, 'moved': 0::bigint}"
_NONE = "{'s': -1::bigint, 'd': -1::bigint, 'left_s': 0::bigint, 'left_d': 0::bigint, 'moved': 0::bigint}"
_NEXT = (
    f"{{'s': arc.s, 'd': arc.d, 'left_s': {_LEFT['s']} - {_KG}, "
    f"'left_d': {_LEFT['d']} - {_KG}, 'moved': was.moved + {_KG}}}"
)
FLOW = f"list_reduce(list({_ARC} ORDER BY s_nth, d_nth), lambda was, arc: {_NEXT}, {_NONE}).moved"


class DuckDB(Peer):
    name = "DuckDB SQL"

    def load(self) -> None:
        self.database = duckdb.connect(config={"threads": 1})
        wide = self.wide
        for name, columns in (
            ("needs", wide.needs),
            ("capacities", wide.capacities),
            ("accepts", wide.accepts),
            ("lanes", wide.lanes),
            ("routes", wide.routes),
            ("supply", slots("s", wide.supply)),
            ("demand", slots("d", wide.demand)),
        ):
            self.database.register("frame", pd.DataFrame(columns))
            self.database.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")
            self.database.unregister("frame")

    def best(self) -> Top:
        run = self.database.execute
        # Left to itself the optimiser joins lanes first: pairs of listings, then their lanes, then all their columns.
        run(
            f"""CREATE TEMP TABLE near AS SELECT n_need, c_capacity, n_from, n_until, c_first, c_last,
                n_arrival, c_departure
            FROM accepts JOIN needs USING (n_need) JOIN capacities USING (c_node) WHERE {sql.FITS_AT_ALL}"""
        )
        run(
            f"""CREATE TEMP TABLE timed AS SELECT n_need, c_capacity, {sql.route(self.wide)} AS route
            FROM near JOIN lanes ON departure = c_departure AND arrival = n_arrival"""
        )
        source = "SELECT * FROM timed JOIN needs USING (n_need) JOIN capacities USING (c_capacity) WHERE route >= 0"
        run(f"CREATE TEMP TABLE fits AS {sql.fitting(self.wide, source, sql.DUCKDB)}")
        run(
            f"""CREATE TEMP TABLE months AS SELECT pair, max(least(s_kg, d_kg)) AS best,
                CASE WHEN any_value(n_slots) = 1 THEN least(max(d_kg), sum(s_kg))
                     WHEN any_value(c_slots) = 1 THEN least(max(s_kg), sum(d_kg)) END AS moved
            FROM (SELECT rowid AS pair, * FROM fits)
            JOIN supply ON s_of = c_capacity JOIN demand ON d_of = n_need WHERE {sql.MEETS}
            GROUP BY pair HAVING max(least(s_kg, d_kg)) >= any_value(smallest)"""
        )
        run(
            f"""CREATE TEMP TABLE flows AS SELECT pair, {FLOW} AS flow
            FROM (SELECT pair, f.* FROM months JOIN fits AS f ON f.rowid = pair WHERE moved IS NULL AND passes)
            JOIN supply ON s_of = c_capacity JOIN demand ON d_of = n_need WHERE {sql.MEETS} GROUP BY pair"""
        )
        moved = "coalesce(moved, flow, 0)"
        found = run(
            f"""SELECT n_need, c_capacity, score FROM (
                SELECT n_need, c_capacity, {sql.score(self.weights, moved)} AS score
                FROM months JOIN fits AS f ON f.rowid = months.pair LEFT JOIN flows USING (pair))
            QUALIFY row_number() OVER (PARTITION BY n_need ORDER BY score DESC, c_capacity) <= {self.k}"""
        ).fetchnumpy()
        return Top(*(np.asarray(found[name]) for name in ("n_need", "c_capacity", "score")))
