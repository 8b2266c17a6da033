"""What a column of matches is, and the expressions that read one. They name the tables of `match_rows`.

Figures come out with as many decimals as they are shown with, rounded half to even as pages round them, so that no
writer rounds again.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise

from matching.engine import RULE_CODES
from reports.cutting.words import where_sql
from reports.document import Column, Kind, in_every_language


@dataclass(frozen=True)
class MatchColumn:
    """One column: a key for programs, a title and a meaning for people, and where it is read."""

    key: str
    title: Promise
    kind: Kind
    sql: str
    meaning: Promise
    places: int = 0
    width: int = 14
    is_name: bool = False  # a number that names a row: nobody adds it up, so its thousands are not set apart
    says: str = ""  # which words its codes have, see `matches.WORDS`
    latin: str = ""  # key of the column that says the same in Latin letters

    def frozen(self, words: Callable[[str], dict] | None = None) -> Column:
        return Column(
            key=self.key,
            title=in_every_language(lambda: self.title),
            kind=self.kind,
            meaning=in_every_language(lambda: self.meaning),
            places=self.places,
            width=self.width,
            is_name=self.is_name,
            words=words(self.says) if words and self.says else {},
            latin=self.latin,
        )


def points(ppm: str) -> str:
    """Millionths as points of 100 with one decimal."""
    tenths = f"CASE WHEN mod({ppm}, 1000) = 500 THEN {ppm} / 1000 + mod({ppm} / 1000, 2) ELSE ({ppm} + 500) / 1000 END"
    return f"({tenths}) * 0.1"


def cents(amount: str) -> str:
    """An amount with two decimals."""
    return f"CASE WHEN mod({amount} * 1000, 10) = 5 THEN round({amount} * 50) * 2 * 0.01 ELSE round({amount}, 2) END"


def day(column: str) -> str:
    return f"to_char({column}, 'YYYY-MM-DD')"


def place_of(side: str) -> str:
    return f"nullif({where_sql(side, f'{side}_region', f'{side}_place')}, '//')"


FIRST_FOUND = day(f"first_run.finished_at AT TIME ZONE '{settings.TIME_ZONE}'")
UNKNOWN_RULES = "concat_ws(' ', {})".format(
    ", ".join(f"CASE WHEN result.verdicts ->> '{rule}' = '0' THEN '{rule}' END" for rule in RULE_CODES)
)
RESTS_ON = """
    CASE WHEN price.rests_on_examples OR need_rate.is_example OR capacity_rate.is_example THEN 'example'
    WHEN need_rate.currency IS NOT NULL OR capacity_rate.currency IS NOT NULL
        OR price.landed_low_usd_per_t IS NOT NULL THEN 'quoted'
    END
"""
