"""Listings of another market, put in the words by which a snapshot numbers countries, papers, parameters and terms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.engine.market import FAR_FUTURE, FAR_PAST, NO_SET, Capacities, Market, Needs


class UnknownWordError(ValueError):
    """A listing says something for which a snapshot has no word."""


@dataclass(frozen=True)
class Words:
    """What the columns of a market are numbered by."""

    countries: tuple[str, ...]
    certificate_kinds: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...]
    payment_terms: tuple[str, ...]
    value_sets: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, market: Market) -> "Words":
        names = ("countries", "certificate_kinds", "parameters", "payment_terms", "value_sets")
        return cls(**{name: getattr(market, name) for name in names})

    def with_sets_of(self, market: Market) -> "Words":
        """The same, with the sets of values that only the other market knows behind its own."""
        known = set(self.value_sets)
        return replace(self, value_sets=(*self.value_sets, *(new for new in market.value_sets if new not in known)))

    def members(self) -> np.ndarray:
        """Which values each set holds; bool (sets, values), as in a book."""
        values = {value: i for i, value in enumerate(sorted(frozenset().union(*self.value_sets)))}
        table = np.zeros((len(self.value_sets), len(values)), bool)
        for row, held in enumerate(self.value_sets):
            table[row, [values[value] for value in held]] = True
        return table


def translated(market: Market, words: Words) -> Market:
    """The same needs and capacities in other words; places and lanes stay what they are.

    Raises UnknownWordError where a word is missing. Parameters are asked in the order of their numbers, and margins are
    added in that order, so a new one cannot simply be put behind the others.
    """
    countries = _places(market.countries, words.countries, _used_countries(market))
    kinds = _places(market.certificate_kinds, words.certificate_kinds, _used_kinds(market))
    parameters = _places(market.parameters, words.parameters, _used(market, "parameter"))
    terms = _places(market.payment_terms, words.payment_terms, _used_terms(market))
    sets = _places(market.value_sets, words.value_sets, _used(market, "set"))
    needs, capacities = market.needs, market.capacities
    return replace(
        market,
        needs=replace(
            needs,
            country=countries[needs.country],
            # Goods come from no country that a part of the book has no word for.
            accepts_origin=_columns(needs.accepts_origin, countries, len(words.countries), True),
            requires=_columns(needs.requires, kinds, len(words.certificate_kinds), False),
            asked_parameter=parameters[needs.asked_parameter],
            asked_set=_sets(needs.asked_set, sets),
            pays_by=_columns(needs.pays_by, terms, len(words.payment_terms), False),
            **_papers(needs, kinds, len(words.certificate_kinds)),
        ),
        capacities=replace(
            capacities,
            country=countries[capacities.country],
            offered_parameter=parameters[capacities.offered_parameter],
            offered_set=_sets(capacities.offered_set, sets),
            paid_by=_columns(capacities.paid_by, terms, len(words.payment_terms), False),
            **_papers(capacities, kinds, len(words.certificate_kinds)),
        ),
        countries=words.countries,
        certificate_kinds=words.certificate_kinds,
        parameters=words.parameters,
        payment_terms=words.payment_terms,
        value_sets=words.value_sets,
    )


def _places(own: Sequence, wanted: Sequence, used: np.ndarray) -> np.ndarray:
    """By the number of each own word its number among the wanted ones, -1 where it has none."""
    place = {word: i for i, word in enumerate(wanted)}
    found = np.array([place.get(word, -1) for word in own], np.int64)
    if (found[used] < 0).any():
        raise UnknownWordError("a listing uses a word that the snapshot does not know")
    return found


def _used_countries(market: Market) -> np.ndarray:
    return np.unique(np.concatenate([market.needs.country, market.capacities.country]))


def _used_kinds(market: Market) -> np.ndarray:
    says = market.needs.requires.any(axis=0)
    for listings in (market.needs, market.capacities):
        says = says | (listings.certificate != 0).any(axis=0)
    return np.flatnonzero(says)


def _used_terms(market: Market) -> np.ndarray:
    return np.flatnonzero(market.needs.pays_by.any(axis=0) | market.capacities.paid_by.any(axis=0))


def _used(market: Market, name: str) -> np.ndarray:
    """Numbers of parameters or of sets that some listing asks or offers."""
    said = np.concatenate([getattr(market.needs, f"asked_{name}"), getattr(market.capacities, f"offered_{name}")])
    return np.unique(said[said >= 0])


def _sets(numbers: np.ndarray, places: np.ndarray) -> np.ndarray:
    found = np.full(len(numbers), NO_SET, np.int64)
    is_set = numbers != NO_SET
    found[is_set] = places[numbers[is_set]]
    return found


def _columns(table: np.ndarray, places: np.ndarray, width: int, otherwise) -> np.ndarray:
    """A table with its columns where the other words stand; what has no word there is said by nobody."""
    moved = np.full((len(table), width), otherwise, table.dtype)
    is_there = places >= 0
    moved[:, places[is_there]] = table[:, is_there]
    return moved


def _papers(listings: Needs | Capacities, kinds: np.ndarray, width: int) -> dict[str, np.ndarray]:
    defaults = {"certificate": 0, "certificate_from": FAR_PAST, "certificate_until": FAR_FUTURE}
    return {name: _columns(getattr(listings, name), kinds, width, value) for name, value in defaults.items()}
