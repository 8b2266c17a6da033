"""Rates of exchange and freight (examples, until people enter real ones), and published trade figures."""

from decimal import Decimal

from django.db.models import Q

from commodities.facts import Confidence
from commodities.loading import SOURCE, Column, Loading, Row, Table, checked, columns
from commodities.loading.cells import decimal, one_of
from commodities.models import Commodity
from corridor.enums import QuoteScope
from corridor.models import (
    ExchangeRate,
    FreightQuote,
    InsurancePremium,
    TradeFlow,
)

EXAMPLES = Q(confidence=Confidence.EXAMPLE)
# Both figures are rounded where they are published: this much they may differ from each other's inverse.
ROUNDING = Decimal("0.0001")


def complete_rate(row: Row) -> None:
    if row.cells["usd_per_unit"] <= 0:
        raise ValueError("a rate of exchange is above zero")
    if abs(row.cells["usd_per_unit"] * row.cells["units_per_usd"] - 1) > ROUNDING:
        raise ValueError("usd_per_unit and units_per_usd contradict each other")


RATES = Table(
    "example_exchange_rates.csv",
    key=("date", "currency"),
    columns=(
        Column("date", "on"),
        *columns("currency", "usd_per_unit"),
        checked("units_per_usd", decimal(18, 10, required=True)),
        *SOURCE,
    ),
    model=ExchangeRate,
    complete=complete_rate,
)


def complete_quote(row: Row) -> None:
    if row.cells["amount"] < 0:
        raise ValueError("a quote is not negative")
    if row.cells["valid_from"] > row.cells["valid_to"]:
        raise ValueError(f"valid_from {row.cells['valid_from']} is after valid_to {row.cells['valid_to']}")
    if (row.cells["scope"] == QuoteScope.LEG) != bool(row.cells["leg_id"]):
        raise ValueError("a quote of scope leg names its leg, and no other does")


QUOTES = Table(
    "example_freight_quotes.csv",
    key=("id",),
    columns=(
        Column("id", "code"),
        *columns("scope"),
        Column("from_code", "origin"),
        Column("to_code", "destination"),
        Column("leg_id", "leg"),
        *columns("equipment", "amount", "currency", "per", "valid_from", "valid_to", "basis"),
        *SOURCE,
    ),
    model=FreightQuote,
    complete=complete_quote,
)


def complete_premium(row: Row) -> None:
    if not 0 <= row.cells["percent_low"] <= row.cells["percent_high"]:
        raise ValueError("percent_low is negative, or above percent_high")
    if row.cells["valid_from"] > row.cells["valid_to"]:
        raise ValueError(f"valid_from {row.cells['valid_from']} is after valid_to {row.cells['valid_to']}")


PREMIUMS = Table(
    "example_insurance_premiums.csv",
    key=("id",),
    columns=(
        Column("id", "code"),
        *columns("cover", "percent_low", "percent_high", "valid_from", "valid_to", "basis"),
        *SOURCE,
    ),
    model=InsurancePremium,
    complete=complete_premium,
)


FLOWS = Table(
    "trade_flows.csv",
    key=("id",),
    columns=(
        Column("id", "code"),
        *columns("reporter", "partner"),
        Column("flow", read=one_of(["export", "import", "total", "balance"])),
        *columns("period"),
        Column("period_type", read=one_of(["year", "half_year", "quarter", "season", "period"])),
        Column("hs", names=Commodity),
        *columns("product", "value", "currency", "quantity", "quantity_unit", "note"),
        *SOURCE,
    ),
    model=TradeFlow,
)


def load_costs(loading: Loading) -> None:
    """Load the example rates and quotes, and the trade figures. What people entered in their place stays."""
    loading.load(RATES, ours=EXAMPLES)
    loading.load(QUOTES, ours=EXAMPLES)
    loading.load(PREMIUMS, ours=EXAMPLES)
    loading.load(FLOWS)
