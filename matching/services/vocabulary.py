"""The words by which columns of the engine are numbered: countries, certificates, parameters, payment terms."""

from dataclasses import dataclass

import numpy as np

from commodities.models import CertificateKind
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
    """The words in use, with the asked and the offered parameters: (listing, parameter, low, high, values)."""
    columns = ("parameter_id", "low", "high", "values", "parameter__key", "parameter__unit")
    asked = list(NeedParameter.objects.filter(need__in=[need["id"] for need in needs]).values_list("need_id", *columns))
    offered = list(
        CapacityParameter.objects.filter(capacity__in=[capacity["id"] for capacity in capacities]).values_list(
            "capacity_id", *columns
        )
    )
    named = {row[1]: (row[5], row[6]) for row in [*asked, *offered]}
    parameters = tuple(sorted(set(named.values())))
    kinds = list(CertificateKind.objects.order_by("code").values_list("pk", "code"))
    sets = {frozenset(row[4]) for row in [*asked, *offered] if row[4]}
    words = Vocabulary(
        countries=tuple(sorted(countries)),
        kinds=tuple(code for _pk, code in kinds),
        kind_of={pk: column for column, (pk, _code) in enumerate(kinds)},
        parameters=parameters,
        parameter_of={pk: parameters.index(name) for pk, name in named.items()},
        value_sets=tuple(sorted(sets, key=sorted)),
    )
    return words, asked, offered
