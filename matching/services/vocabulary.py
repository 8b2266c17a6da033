"""The words by which columns of the engine are numbered: countries, certificates, parameters, payment terms.

Certificates and parameters are those of the catalogue, used or not: what a listing says first has a number already.
"""

from dataclasses import dataclass

import numpy as np

from commodities.models import CertificateKind, Parameter
from companies.enums import PaymentTerm
from companies.models import CapacityParameter, NeedParameter
from matching.engine.market import NO_SET


@dataclass
class Vocabulary:
    """The words that columns are numbered by: the same for both sides."""

    countries: tuple[str, ...]
    kinds: tuple[str, ...]  # codes of certificate kinds
    kind_of: dict[int, int]  # primary key -> column
    parameters: tuple[tuple[str, str], ...]
    parameter_of: dict[int, int]
    value_sets: tuple[frozenset[str], ...]
    terms: tuple[str, ...] = tuple(PaymentTerm.values)

    def set_of(self, values: list[str]) -> int:
        return self.value_sets.index(frozenset(values)) if values else NO_SET

    def paying(self, stated: list[list[str]]) -> np.ndarray:
        """Which terms each listing accepts; shape (rows, T)."""
        table = np.zeros((len(stated), len(self.terms)), dtype=bool)
        for row, terms in enumerate(stated):
            table[row, [self.terms.index(term) for term in terms]] = True
        return table


def load_vocabulary(countries: set[str], needs: list[dict], capacities: list[dict]) -> tuple[Vocabulary, list, list]:
    """The words, with the asked and the offered parameters: (listing, parameter, low, high, values)."""
    columns = ("parameter_id", "low", "high", "values")
    asked = list(NeedParameter.objects.filter(need__in=[need["id"] for need in needs]).values_list("need_id", *columns))
    offered = list(
        CapacityParameter.objects.filter(capacity__in=[capacity["id"] for capacity in capacities]).values_list(
            "capacity_id", *columns
        )
    )
    sets = {frozenset(row[4]) for row in [*asked, *offered] if row[4]}
    value_sets = tuple(sorted(sets, key=sorted))
    return Vocabulary(countries=tuple(sorted(countries)), value_sets=value_sets, **catalogued()), asked, offered


def catalogued() -> dict:
    """What the catalogue has words for, and the number of each by its primary key."""
    named = {pk: (key, unit) for pk, key, unit in Parameter.objects.values_list("pk", "key", "unit")}
    parameters = tuple(sorted(set(named.values())))
    number = {name: column for column, name in enumerate(parameters)}
    kinds = list(CertificateKind.objects.order_by("code").values_list("pk", "code"))
    return {
        "kinds": tuple(code for _pk, code in kinds),
        "kind_of": {pk: column for column, (pk, _code) in enumerate(kinds)},
        "parameters": parameters,
        "parameter_of": {pk: number[name] for pk, name in named.items()},
    }
