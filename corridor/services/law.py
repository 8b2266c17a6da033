"""What the law of each direction asks for, and what customs take."""

from commodities.enums import Sector
from commodities.facts import Confidence
from commodities.loading import SOURCE, Column, Loading, Row, Table, columns
from commodities.loading.cells import one_of, text, words_or_all, yes_no
from commodities.models import Commodity
from corridor.enums import Stage
from corridor.models import Requirement, Tariff

DIRECTIONS = ["ID>KZ", "KZ>ID", "both"]
SIDES = ["import", "export", "transit", "contract"]
KINDS = ["mandatory", "mandatory_on_request", "voluntary", "fiscal", "preference", "info"]
MEASURES = [
    "import_duty_mfn",
    "export_duty",
    "export_levy_bpdp",
    "import_vat",
    "import_income_tax_art22",
    "kz_lower_rate_list",
]
MARKETS = ["ID", "KZ"]
SPECIFIC_RULES = ["minimum", "plus", "only"]


def refuse_days_out_of_order(row: Row) -> None:
    since, until = row.cells["valid_from"], row.cells["valid_to"]
    if since and until and since > until:
        raise ValueError(f"valid_from {since} is after valid_to {until}")


def complete_requirement(row: Row) -> None:
    refuse_days_out_of_order(row)
    if row.cells["stage"] == Stage.STANDING and row.cells["certificate_kind"] is None:
        raise ValueError("a standing requirement names the certificate that meets it")


REQUIREMENTS = Table(
    "requirements.csv",
    key=("id",),
    columns=(
        Column("id", "code"),
        Column("direction", read=one_of(DIRECTIONS)),
        Column("side", read=one_of(SIDES)),
        Column("sector", "sectors", words_or_all(one_of(Sector.values))),
        Column("commodity_slug", "commodity"),
        *columns("title_en"),
        Column("kind", read=one_of(KINDS)),
        *columns("document", "issuing_body", "legal_basis", "bearer", "stage", "certificate_kind"),
        *columns("valid_from", "valid_to", "note"),
        *SOURCE,
        Column("class_confidence", read=one_of(Confidence.values)),
    ),
    model=Requirement,
    complete=complete_requirement,
)


def complete_tariff(row: Row) -> None:
    refuse_days_out_of_order(row)
    parts = [row.cells[name] for name in ("specific_eur", "specific_unit", "specific_rule")]
    if any(part in (None, "") for part in parts) and any(part not in (None, "") for part in parts):
        raise ValueError("an amount in EUR needs its unit and its rule")
    rates = [row.cells[name] for name in ("ad_valorem_pct", "specific_eur", "specific_usd_per_t")]
    if any(rate is not None and rate < 0 for rate in (*rates, row.cells["preference_pct"])):
        raise ValueError("a rate is not negative")
    if rates == [None, None, None] and not row.cells["rate_text"]:
        raise ValueError("a line without a rate says in rate_text what is known of it: its duty stays not known")
    note = row.cells["line_note"]
    if row.cells["usual"] and "from memory" in note:
        raise ValueError("what is noted from memory cannot be the usual line")


def lines_without_a_rate() -> list[str]:
    """The lines of the tariff whose rate nobody knows: what rests on them is not known, never zero."""
    unknown = {"ad_valorem_pct": None, "specific_eur": None, "specific_usd_per_t": None}
    return list(Tariff.objects.filter(**unknown).order_by("code").values_list("code", flat=True))


TARIFFS = Table(
    "tariffs.csv",
    key=("id",),
    columns=(
        Column("id", "code"),
        Column("hs6", names=Commodity),
        *columns("national_code"),
        Column("market", read=one_of(MARKETS)),
        *columns("market_scope"),
        Column("measure", read=one_of(MEASURES)),
        *columns("ad_valorem_pct", "specific_eur"),
        Column("specific_unit", read=text(20)),
        Column("specific_rule", read=one_of(SPECIFIC_RULES, required=False)),
        *columns("specific_usd_per_t", "rate_text", "condition"),
        *columns("packing_up_to_kg", "packing_over_kg"),
        *columns("preference_scheme", "preference_status", "preference_pct"),
        Column("relevance", read=one_of(["primary", "reverse", "export"])),
        *columns("valid_from", "valid_to", "source"),
        *columns("source_date", "confidence", "line_note"),
        Column("usual", "is_usual", yes_no("yes", "")),
    ),
    model=Tariff,
    complete=complete_tariff,
)


def load_law(loading: Loading) -> None:
    loading.load(REQUIREMENTS)
    loading.load(TARIFFS)
