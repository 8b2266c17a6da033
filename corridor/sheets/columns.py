"""The columns of a sheet of quotes, in their order, and what they are called in every language."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from commodities.facts import Confidence
from corridor.enums import Currency, QuotePer, QuoteScope
from corridor.quoting import ENTERED_CONFIDENCES


class Kind(StrEnum):
    """How a cell is read and written."""

    TEXT = "text"
    CODE = "code"  # of a row of the reference data
    CHOICE = "choice"
    AMOUNT = "amount"
    DAY = "day"


@dataclass(frozen=True)
class Column:
    """One column: a key for programs, a title for people, and what a cell below it may hold."""

    key: str
    title: Promise
    kind: Kind = Kind.TEXT
    choices: type | None = None
    most: int = 0  # letters
    width: int = 14
    # Whether a sheet may go without the column: what it would hold is then left as it is, or empty.
    is_needed: bool = True


COLUMNS = (
    Column("code", _("Quote"), most=10, is_needed=False),
    Column("scope", _("What it pays for"), Kind.CHOICE, QuoteScope),
    Column("origin", pgettext_lazy("a place", "From"), Kind.CODE),
    Column("destination", pgettext_lazy("a place", "To"), Kind.CODE),
    Column("leg", _("Leg"), Kind.CODE),
    Column("equipment", _("In what"), Kind.CODE),
    Column("amount", _("Amount"), Kind.AMOUNT),
    Column("currency", _("Currency"), Kind.CHOICE, Currency, width=10),
    Column("per", pgettext_lazy("unit of a price", "Per"), Kind.CHOICE, QuotePer, width=10),
    Column("valid_from", _("Holds from"), Kind.DAY),
    Column("valid_to", _("Holds until"), Kind.DAY),
    Column("given_by", _("Given by"), most=200, width=30),
    Column("basis", _("What it holds"), most=300, width=50),
    Column("source", _("Where it is written"), most=500, width=40, is_needed=False),
    Column("confidence", _("How sure"), Kind.CHOICE, Confidence),
    Column("withdrawn", _("Withdrawn on"), Kind.DAY, is_needed=False),
)
BY_KEY = {column.key: column for column in COLUMNS}


@cache
def keys_of_titles() -> dict[str, str]:
    """Every title of every language, and every key, folded -> the key of its column."""
    found = {column.key: column.key for column in COLUMNS}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {folded(str(column.title)): column.key for column in COLUMNS}
    return found


@cache
def words_of(choices: type) -> dict[str, str]:
    """Every word of every language for a choice, and its code, folded -> the code."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {folded(str(label)): value for value, label in choices.choices}
    return found | {folded(value): value for value in choices.values}


def folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def allowed_words(column: Column) -> str:
    """The codes a cell may hold, for the sentence that refuses another one."""
    values = [value for value, _label in ENTERED_CONFIDENCES] if column.choices is Confidence else column.choices.values
    return ", ".join(values)
