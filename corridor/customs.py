"""What customs take of goods on a way: the national lines that may apply, export levies, VAT, switched preferences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q

from accounts.figures import KG_PER_T
from commodities.enums import Unit
from commodities.models import Commodity
from corridor.engine.duties import DutyLine
from corridor.engine.landed import Levy, Share
from corridor.models import Preference, Tariff

IMPORT_DUTY = "import_duty_mfn"
IMPORT_VAT = "import_vat"
NOT_FOR_TRADE_IN_FOOD = "technical or industrial use"
SAME_LINE_DIGITS = 8  # national lines that differ in packing alone share these


@dataclass(frozen=True)
class Customs:
    """What leaving one country and entering another with certain goods costs."""

    duties: tuple[DutyLine, ...]
    export: Levy | None
    vat: Share | None
    tariffs: dict[str, Tariff]  # by code, of every line named above


class Tariffs:
    """The tariff of a day. Read once, asked for many goods."""

    def __init__(self, on: date, usd_per_eur: Decimal | None):
        self.usd_per_eur = usd_per_eur
        in_force = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
        in_force &= Q(valid_to__isnull=True) | Q(valid_to__gte=on)
        self.rows = list(Tariff.objects.filter(in_force).order_by("code"))
        # Of an export levy the months that have passed still say that one is due.
        self.taxed = set(Tariff.objects.filter(measure__startswith="export_").values_list("market", "hs6", "condition"))
        self.preferred = set(Preference.objects.filter(in_force_from__lte=on).values_list("scheme", flat=True))

    def customs(self, commodity: Commodity, origin: str, destination: str) -> Customs:
        """Duty, levy and VAT of a commodity from country to country."""
        lines = self.lines_for(commodity, destination)
        duties = [found for tariff in lines if (found := self.duty_line(tariff))]
        is_whole = len(duties) == len(lines)
        export, levies = self.export_levy(commodity, origin)
        vat, of_vat = self.vat(destination)
        named = [*lines, *levies, *of_vat]
        return Customs(tuple(duties) if is_whole else (), export, vat, {tariff.code: tariff for tariff in named})

    def lines_for(self, commodity: Commodity, market: str) -> list[Tariff]:
        """The national lines of a commodity: the usual ones, and those that differ from them in packing alone.

        Where the tariff does not make clear which line is the usual one, all but those for technical use.
        """
        mfn = [row for row in self.rows if row.market == market and row.measure == IMPORT_DUTY]
        mfn = [row for row in mfn if row.hs6 == commodity.hs_code]
        usual = [row for row in mfn if row.is_usual and is_meant_for(row, commodity.code)]
        if not usual:
            return [row for row in mfn if not row.condition.startswith(NOT_FOR_TRADE_IN_FOOD)]
        in_bulk = {row.national_code[:SAME_LINE_DIGITS] for row in usual if row.packing_over_kg}
        packed = [row for row in mfn if row.packing_up_to_kg and row.national_code[:SAME_LINE_DIGITS] in in_bulk]
        return sorted({*usual, *packed}, key=lambda row: row.code)

    def duty_line(self, tariff: Tariff) -> DutyLine | None:
        """A line as the engine reckons with it; None where its rate is not known, or not in USD."""
        specific = self.usd_per_t(tariff)
        if (tariff.ad_valorem_pct is None and tariff.specific_eur is None) or (tariff.specific_eur and not specific):
            return None
        rate, rate_from = share(tariff.ad_valorem_pct or 0), None
        if tariff.preference_scheme and tariff.preference_scheme in self.preferred:
            if tariff.preference_pct is None:
                rate_from = Fraction(0)
            else:
                rate, specific, rule = share(tariff.preference_pct), None, ""
                return DutyLine(
                    tariff.code, rate, specific, rule, None, tariff.packing_up_to_kg, tariff.packing_over_kg
                )
        return DutyLine(
            tariff.code,
            rate,
            specific,
            tariff.specific_rule,
            rate_from,
            tariff.packing_up_to_kg,
            tariff.packing_over_kg,
        )

    def usd_per_t(self, tariff: Tariff) -> Fraction | None:
        if tariff.specific_eur is None or self.usd_per_eur is None or tariff.specific_unit != Unit.KILOGRAM:
            return None
        return Fraction(tariff.specific_eur * self.usd_per_eur * KG_PER_T)

    def export_levy(self, commodity: Commodity, market: str) -> tuple[Levy | None, list[Tariff]]:
        """Export duty and levy together; an amount that is not in force any more says only that something is due."""
        named = {row for row in self.taxed if row[:2] == (market, commodity.hs_code)}
        meant = {row for row in named if row[2].lower() == commodity.name_en.lower()} or named
        if not meant:
            return None, []
        rows = [row for row in self.rows if (row.market, row.hs6, row.condition) in meant]
        rows = [row for row in rows if row.measure.startswith("export_")]
        by_measure: dict[str, list[Tariff]] = {}
        for row in rows:
            by_measure.setdefault(row.measure, []).append(row)
        codes = tuple(row.code for row in rows)
        is_known = set(by_measure) == self.measures_of(meant) and all(
            row.specific_usd_per_t is not None for row in rows
        )
        if not is_known:
            return Levy(None, None, codes), rows
        amounts = [[Fraction(row.specific_usd_per_t) for row in same] for same in by_measure.values()]
        return Levy(sum(map(min, amounts)), sum(map(max, amounts)), codes), rows

    def measures_of(self, meant: Iterable[tuple[str, str, str]]) -> set[str]:
        """The kinds of levy there were on these goods in any month."""
        wanted = Q(pk__in=[])
        for market, hs6, condition in meant:
            wanted |= Q(market=market, hs6=hs6, condition=condition)
        return set(Tariff.objects.filter(wanted, measure__startswith="export_").values_list("measure", flat=True))

    def vat(self, market: str) -> tuple[Share | None, list[Tariff]]:
        rows = [row for row in self.rows if row.market == market and row.measure == IMPORT_VAT]
        rates = [share(row.ad_valorem_pct) for row in rows if row.ad_valorem_pct is not None]
        return (Share(min(rates), max(rates)) if rates else None), rows


def is_meant_for(tariff: Tariff, slug: str) -> bool:
    """Whether the usual line is so for a commodity: its note may name the goods it holds for."""
    if not tariff.line_note.startswith("for: "):
        return True
    return slug in [part.strip() for part in tariff.line_note.removeprefix("for: ").split(";")]


def share(percent: Decimal | int) -> Fraction:
    return Fraction(percent) / 100
