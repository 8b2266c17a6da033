"""pandas: chunks of needs merged with the capacities of their goods, filtered, scored, sorted."""

import numpy as np
import pandas as pd

from matching.benchmarks.peers import columns
from matching.benchmarks.peers.base import Peer, Top

PAIRS = 400_000  # merged rows of a chunk, about
NARROW = ("c_company", "c_origin", "c_terms", "c_largest", "c_lot", "c_multiple", "c_first", "c_last", "c_departure")
NARROW += ("c_least",)
NARROW_NEEDS = ("n_company", "n_opens", "n_terms", "n_largest", "n_share", "n_from", "n_until", "n_arrival", "n_room")


class PandasChunks(Peer):
    name = "pandas, chunked"

    def load(self) -> None:
        wide = self.wide
        self.needs = pd.DataFrame(wide.needs).set_index("n_need", drop=False)
        self.capacities = pd.DataFrame(wide.capacities).set_index("c_capacity", drop=False)
        self.accepts = pd.DataFrame(wide.accepts)
        self.lanes, self.routes = pd.DataFrame(wide.lanes), pd.DataFrame(wide.routes)
        self.supply = columns.padded(wide.supply, int(wide.capacities["c_capacity"].max(initial=0)) + 1)
        self.demand = columns.padded(wide.demand, int(wide.needs["n_need"].max(initial=0)) + 1)

    def best(self) -> Top:
        offered = self.capacities["c_node"].value_counts()
        reached = self.accepts["c_node"].map(offered).fillna(0).groupby(self.accepts["n_need"]).sum().cumsum()
        narrow = self.capacities[["c_node", "c_capacity", *NARROW]].reset_index(drop=True)
        found = [(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
        for _chunk, needs in reached.groupby((reached // PAIRS).astype(int)):
            pairs = self.accepts[self.accepts["n_need"].isin(needs.index)].merge(narrow, on="c_node")
            pairs = pairs.join(self.needs[list(NARROW_NEEDS)], on="n_need")
            pairs = pairs[columns.fits_at_all(pairs) & (pairs["c_least"] <= pairs["n_room"])]
            found.append(self.scored(pairs))
        return Top(*(np.concatenate(column) for column in zip(*found, strict=True)))

    def scored(self, pairs: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        wide = self.wide
        pairs = pairs.merge(self.lanes, left_on=["c_departure", "n_arrival"], right_on=["departure", "arrival"])
        pairs["r_route"] = columns.route_in_time(pairs, wide.n_routes)
        pairs = pairs.loc[pairs["r_route"] >= 0, ["n_need", "c_capacity", "r_route"]]
        pairs = pairs.merge(self.routes, on="r_route")
        pairs = pairs.join(self.needs.drop(columns="n_need"), on="n_need")
        pairs = pairs.join(self.capacities.drop(columns="c_capacity"), on="c_capacity")
        pairs = pairs[columns.within_price(pairs, wide.n_lines)]
        fits, margin = columns.quality(pairs, wide.n_parameters)
        pairs = pairs.assign(quality=margin)[fits]
        days = columns.days_of(pairs)
        fits, certain = columns.papers(pairs, days, wide.n_kinds)
        pairs = pairs.assign(papers=certain)[fits]
        days = columns.days_of(pairs)
        days = {name: np.asarray(column) for name, column in days.items()}
        month_kg, moved = columns.kilograms(pairs, days, self.supply, self.demand)
        fits = month_kg >= np.asarray(columns.smallest_kg(pairs))
        pairs, days = pairs[fits], {name: column[fits] for name, column in days.items()}
        score = columns.scored(pairs, days, pairs["quality"], pairs["papers"], moved[fits], wide.n_lines, self.weights)
        ranked = pairs[["n_need", "c_capacity"]].assign(score=score)
        ranked = ranked.sort_values(["n_need", "score", "c_capacity"], ascending=[True, False, True])
        ranked = ranked.groupby("n_need").head(self.k)
        return tuple(ranked[name].to_numpy() for name in ("n_need", "c_capacity", "score"))
