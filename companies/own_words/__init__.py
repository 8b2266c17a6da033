"""A listing in a person's own words: what can be read out of them, each fact with its letters, nothing guessed."""

from collections.abc import Iterable, Mapping
from datetime import date

from companies.own_words import amounts, days, shares, terms
from companies.own_words.facts import Fact, OwnWords, Price, Quantity, Share, Window
from companies.own_words.goods import goods_of
from companies.own_words.places import place_names
from companies.own_words.scanning import Text

__all__ = ["Fact", "OwnWords", "Price", "Quantity", "Share", "Window", "read_listing"]


def read_listing(
    text: str, language: str, places: Mapping[str, Iterable[str]], *, today: date | None = None
) -> OwnWords:
    """Everything that a text says of a listing, and the words that are left for the goods.

    Args:
        text: as the person wrote it; at most the first 2,000 letters are read.
        language: of the page. All four languages are read in any text; it only puts the likelier reading first.
        places: the names of each place by its code, in all languages.
        today: the day from which "March" is the next March.
    """
    scanned = Text(text)
    today = today or date.today()  # noqa: DTZ011  a day in the person's own calendar
    terms.read_terms(scanned, place_names(places))
    terms.read_payment(scanned, language)
    scanned.hide_sizes()
    days.read_windows(scanned, today)
    shares.read_weight_basis(scanned)
    amounts.read_prices(scanned)
    amounts.read_packs(scanned)
    amounts.read_quantities(scanned)
    amounts.read_periods(scanned)
    shares.read_shares(scanned)
    terms.read_places(scanned, place_names(places))
    terms.read_sides(scanned)
    facts = tuple(sorted(scanned.facts, key=lambda fact: (fact.start, fact.end)))
    return OwnWords(facts, goods_of(scanned))
