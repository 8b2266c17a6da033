"""The columns of matches: what each says, and the expression that reads it. A new column is one more line of the tuple.

Expressions name the tables of `match_rows`. Figures come out with as many decimals as they are shown with, rounded half
to even as pages round them, so that no writer rounds again.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise, keep_lazy_text
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.engine import RULE_CODES
from matching.texts import RULE_NAMES
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


@keep_lazy_text
def rule_title(name: str) -> str:
    """Some rules are called like a fact of the match: goods, quantity."""
    return _("Rule: %(name)s") % {"name": name}


def rule_column(rule: str) -> MatchColumn:
    return MatchColumn(
        f"rule_{rule}",
        rule_title(RULE_NAMES[rule]),
        CODE,
        f"result.verdicts ->> '{rule}'",
        gettext_lazy("What this rule answers for the pair: it fits, it does not fit, or too little is known."),
        says="answers",
    )


TEXT, NUMBER, DAY, CODE, CODES = Kind.TEXT, Kind.NUMBER, Kind.DAY, Kind.CODE, Kind.CODES
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
PRICED = gettext_lazy("Price of the goods and every known cost of the way to the importer, in US dollars a tonne.")

COLUMNS: tuple[MatchColumn, ...] = (
    MatchColumn(
        "match",
        gettext_lazy("Match"),
        NUMBER,
        "result.match_id",
        gettext_lazy("Number of the match. It stays the same in every run."),
        width=9,
        is_name=True,
    ),
    MatchColumn(
        "example",
        gettext_lazy("Example"),
        CODE,
        "CASE WHEN exporter.kind = 'example' OR importer.kind = 'example' THEN 'example' ELSE '' END",
        gettext_lazy("Says so where one of the two companies is invented."),
        width=10,
        says="example",
    ),
    MatchColumn(
        "origin",
        gettext_lazy("From country"),
        CODE,
        "capacity.origin_country",
        gettext_lazy("Country of origin of the goods."),
        says="countries",
    ),
    MatchColumn(
        "destination",
        gettext_lazy("To country"),
        CODE,
        "destination.country",
        gettext_lazy("Country of the place where the importer takes delivery."),
        says="countries",
    ),
    MatchColumn(
        "exporter",
        gettext_lazy("Exporter"),
        TEXT,
        "exporter.name_registered",
        gettext_lazy("Registered name of the company that offers the goods."),
        width=32,
        latin="exporter_latin",
    ),
    MatchColumn(
        "exporter_latin",
        gettext_lazy("Exporter in Latin letters"),
        TEXT,
        "exporter.name_latin",
        gettext_lazy("Name of the same company in Latin letters, where it has one."),
        width=32,
    ),
    MatchColumn(
        "exporter_place",
        gettext_lazy("Place of the exporter"),
        CODE,
        place_of("exporter"),
        gettext_lazy("Town of the company, or its region."),
        width=20,
        says="exporter_places",
    ),
    MatchColumn(
        "capacity",
        gettext_lazy("Capacity"),
        TEXT,
        "capacity.reference",
        gettext_lazy("Reference of what the exporter offers."),
    ),
    MatchColumn(
        "importer",
        gettext_lazy("Importer"),
        TEXT,
        "importer.name_registered",
        gettext_lazy("Registered name of the company that wants the goods."),
        width=32,
        latin="importer_latin",
    ),
    MatchColumn(
        "importer_latin",
        gettext_lazy("Importer in Latin letters"),
        TEXT,
        "importer.name_latin",
        gettext_lazy("Name of the same company in Latin letters, where it has one."),
        width=32,
    ),
    MatchColumn(
        "importer_place",
        gettext_lazy("Place of the importer"),
        CODE,
        place_of("importer"),
        gettext_lazy("Town of the company, or its region."),
        width=20,
        says="importer_places",
    ),
    MatchColumn(
        "need",
        gettext_lazy("Need"),
        TEXT,
        "need.reference",
        gettext_lazy("Reference of what the importer wants."),
    ),
    MatchColumn(
        "goods",
        gettext_lazy("Goods"),
        CODE,
        "commodity.code",
        gettext_lazy("The goods that are offered."),
        width=30,
        says="commodities",
    ),
    MatchColumn(
        "hs_code",
        gettext_lazy("HS code"),
        TEXT,
        "commodity.hs_code",
        gettext_lazy("Digits of the goods in the Harmonized System, with their zeros."),
        width=10,
    ),
    MatchColumn(
        "sector",
        gettext_lazy("Sector"),
        CODE,
        "nullif(commodity.sector, '')",
        gettext_lazy("Sector of the goods."),
        width=20,
        says="sectors",
    ),
    MatchColumn(
        "score",
        gettext_lazy("Score, of 100"),
        NUMBER,
        points("result.score_ppm"),
        gettext_lazy("How well the pair fits by all that is known, in points; 100 is the best there can be."),
        places=1,
    ),
    MatchColumn(
        "could_reach",
        gettext_lazy("Could reach"),
        NUMBER,
        points("result.could_reach_ppm"),
        gettext_lazy("The score if everything that is not known turned out for the best, in points."),
        places=1,
    ),
    MatchColumn(
        "known",
        gettext_lazy("Rules known"),
        NUMBER,
        "result.known_rules",
        gettext_lazy("How many rules have an answer. The others know too little."),
    ),
    MatchColumn(
        "rank_for_need",
        gettext_lazy("Rank for the need"),
        NUMBER,
        "result.rank_for_need",
        gettext_lazy("Place of this capacity among those that suit the need; 1 is the best."),
    ),
    MatchColumn(
        "rank_for_capacity",
        gettext_lazy("Rank for the capacity"),
        NUMBER,
        "result.rank_for_capacity",
        gettext_lazy("Place of this need among those that the capacity suits; 1 is the best."),
    ),
    MatchColumn(
        "first_found",
        gettext_lazy("First found"),
        DAY,
        FIRST_FOUND,
        gettext_lazy("Day, on the clock of Balikpapan, on which a run first put the pair before people."),
    ),
    MatchColumn(
        "state",
        gettext_lazy("State"),
        CODE,
        "pair.state",
        gettext_lazy("What people decided about the match."),
        says="states",
    ),
    MatchColumn(
        "movable_t",
        gettext_lazy("Can move, t"),
        NUMBER,
        "result.movable_kg * 0.001",
        gettext_lazy("What this pair alone could move, in tonnes. Pairs share goods, so these tonnes do not add up."),
        places=3,
    ),
    MatchColumn(
        "planned_t",
        gettext_lazy("Planned, t"),
        NUMBER,
        "result.planned_kg * 0.001",
        gettext_lazy("What the plan gives the pair, in tonnes. These tonnes add up."),
        places=3,
    ),
    MatchColumn(
        "ask",
        gettext_lazy("Asking price, USD/t"),
        NUMBER,
        cents("price.ask_usd_per_t"),
        gettext_lazy("What the exporter asks at the place where the exporter hands over, in US dollars a tonne."),
        places=2,
    ),
    MatchColumn(
        "landed_low",
        gettext_lazy("Landed cost from, USD/t"),
        NUMBER,
        "result.landed_low_usd_per_t",
        PRICED,
        places=2,
    ),
    MatchColumn(
        "landed_high",
        gettext_lazy("Landed cost to, USD/t"),
        NUMBER,
        "result.landed_high_usd_per_t",
        PRICED,
        places=2,
    ),
    MatchColumn(
        "cost_rests_on",
        gettext_lazy("Landed cost rests on"),
        CODE,
        RESTS_ON,
        gettext_lazy("Whether quotes and rates behind the landed cost are somebody's, or examples until they are."),
        width=12,
        says="rests_on",
    ),
    MatchColumn(
        "limit",
        gettext_lazy("Limit, USD/t"),
        NUMBER,
        cents("price.limit_usd_per_t"),
        gettext_lazy("The most that the importer would pay, landed, in US dollars a tonne."),
        places=2,
    ),
    MatchColumn(
        "days_low",
        gettext_lazy("Days on the way, from"),
        NUMBER,
        "result.days_low",
        gettext_lazy("The quickest that the goods can be there, in days."),
    ),
    MatchColumn(
        "days_high",
        gettext_lazy("Days on the way, to"),
        NUMBER,
        "result.days_high",
        gettext_lazy("The longest that the goods may take, in days."),
    ),
    MatchColumn(
        "window_from",
        gettext_lazy("Delivery from"),
        DAY,
        day("need.window_from"),
        gettext_lazy("First day on which the importer takes delivery."),
    ),
    MatchColumn(
        "window_until",
        gettext_lazy("Delivery until"),
        DAY,
        day("need.window_until"),
        gettext_lazy("Last day on which the importer takes delivery."),
    ),
    MatchColumn(
        "fails",
        gettext_lazy("Fails"),
        CODES,
        "array_to_string(result.failed_rules, ' ')",
        gettext_lazy("Rules that refuse the pair. Only what people decided upon is listed all the same."),
        width=20,
        says="rules",
    ),
    MatchColumn(
        "not_known",
        gettext_lazy("Not known"),
        CODES,
        UNKNOWN_RULES,
        gettext_lazy("Rules that know too little to answer."),
        width=30,
        says="rules",
    ),
    *(rule_column(rule) for rule in RULE_CODES),
    MatchColumn(
        "run",
        gettext_lazy("Run"),
        NUMBER,
        "result.run_id",
        gettext_lazy("Number of the run that found the figures of this row."),
        width=8,
        is_name=True,
    ),
)
DIRECTION = MatchColumn(
    "direction",
    gettext_lazy("Direction"),
    CODE,
    "concat(capacity.origin_country, '-', destination.country)",
    gettext_lazy("From which country to which."),
    width=26,
    says="directions",
)
BY_KEY = {column.key: column for column in (*COLUMNS, DIRECTION)}

# What the columns of the list on the page are in a file; a file without chosen columns has them all.
OF_THE_LIST: dict[str, tuple[str, ...]] = {
    "exporter": ("exporter", "exporter_place", "capacity"),
    "importer": ("importer", "importer_place", "need"),
    "goods": ("goods", "hs_code", "origin", "destination"),
    "quantity": ("movable_t",),
    "planned": ("planned_t",),
    "landed": ("landed_low", "landed_high", "cost_rests_on", "limit"),
    "days": ("days_low", "days_high"),
    "score": ("score", "known"),
    "could_reach": ("could_reach",),
    "unknown": ("not_known",),
    "rank": ("rank_for_need", "rank_for_capacity"),
    "window": ("window_from", "window_until"),
    "first": ("first_found",),
    "state": ("state", "fails"),
}
ALWAYS = ("match", "example", "run")  # which row it is, what of it is invented, and what it rests on
# What there is room for on paper.
PRINTED = ("match", "exporter", "importer", "goods", "score", "movable_t", "landed_low", "landed_high", "not_known")


def columns_shown(form) -> tuple[str, ...]:
    """Keys of the columns that a list shows which somebody has chosen columns for; empty: all."""
    if not form.cleaned_data.get("columns"):
        return ()
    wanted = {*ALWAYS}.union(*(OF_THE_LIST[key] for key in form.shown_columns()))
    return tuple(column.key for column in COLUMNS if column.key in wanted)
