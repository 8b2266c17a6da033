"""The columns of matches: what each says and what reads it. A new column is one more line of the tuple."""

from django.utils.functional import keep_lazy_text
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.engine import RULE_CODES
from matching.texts import RULE_NAMES
from reports.cutting.match_sql import FIRST_FOUND, RESTS_ON, UNKNOWN_RULES, MatchColumn, cents, day, place_of, points
from reports.document import Kind


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

# What there is room for on paper.
PRINTED = ("match", "exporter", "importer", "goods", "score", "movable_t", "landed_low", "landed_high", "not_known")
