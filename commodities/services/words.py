"""What traders call things: `commodity_words.csv`, from which the commodity finder learns what no title says."""

from commodities.enums import WordKind
from commodities.loading import SOURCE, Column, Loading, Row, Table, in_languages
from commodities.loading.cells import one_of, text, words
from commodities.models import Commodity, CommodityGroup, CommodityWord

GROUP_PREFIX = "group:"

WORDS = Table(
    "commodity_words.csv",
    key=("kind", "means"),
    columns=(
        Column("kind", read=one_of(WordKind.values)),
        Column("means"),
        *in_languages("words", "words", words(text())),
        *SOURCE,
    ),
    model=CommodityWord,
)


def load_words(loading: Loading) -> None:
    """Load the trade words. A word for a code that is not in the catalogue is refused."""
    rows = loading.read(WORDS)
    codes, groups = loading.ids(Commodity), loading.ids(CommodityGroup)
    for row in rows:
        _check(row, codes, groups)
    loading.keep(WORDS, rows, key=WORDS.key_fields)


def _check(row: Row, codes: dict[str, int], groups: dict[str, int]) -> None:
    means = row.cells["means"]
    if row.cells["kind"] == WordKind.CODE:
        known = means.removeprefix(GROUP_PREFIX) in groups if means.startswith(GROUP_PREFIX) else means in codes
        if not known:
            raise WORDS.error(row, f"no HS code, good or group is '{means}'")
    if not any(row.values["words"].values()):
        raise WORDS.error(row, f"has no words for '{means}' in any language")
