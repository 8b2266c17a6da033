"""What customs take of goods on a way: the national lines that may apply, export levies, VAT, switched preferences."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q, QuerySet

from accounts.figures import KG_PER_T
from commodities.enums import Unit
from commodities.models import Commodity
from corridor.engine.duties import DutyLine, under_preference
from corridor.engine.landed import Levy, Share
from corridor.enums import WhyCounted
from corridor.models import DutyChoice, Preference, Tariff

IMPORT_DUTY = "import_duty_mfn"
IMPORT_VAT = "import_vat"
NOT_FOR_TRADE_IN_FOOD = "technical or industrial use"
HS6_DIGITS = 6
SAME_LINE_DIGITS = 8  # national lines that differ in packing alone share these


def in_force(on: date) -> Q:
    since = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
    return since & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def switched_on(on: date) -> QuerySet[Preference]:
    """The preferences that are in force on a day."""
    return Preference.objects.filter(in_force_from__lte=on)


@dataclass(frozen=True)
class Counted:
    """The national lines that count for some goods on a day, and why these.

    `all_lines` are those of the whole subheading in force. A choice whose line is not in force any more is `lapsed`.
    """

    lines: tuple[Tariff, ...]
    why: WhyCounted
    all_lines: tuple[Tariff, ...]
    choice: DutyChoice | None = None
    lapsed: DutyChoice | None = None

    @property
    def packing_decides(self) -> bool:
        """Whether what is left hangs on the net mass of one packing."""
        return len(self.lines) > 1 and all(line.packing_up_to_kg or line.packing_over_kg for line in self.lines)


@dataclass(frozen=True)
class Customs:
    """What leaving one country and entering another with certain goods costs."""

    duties: tuple[DutyLine, ...]
    export: Levy | None
    vat: Share | None
    tariffs: dict[str, Tariff]  # by code, of every line named above
    choice: DutyChoice | None = None  # by which the duty was picked; its code stands among the sources of the line


class Tariffs:
    """The tariff of a day. Read once, asked for many goods.

    `preferred` are schemes taken to be in force; None: those that somebody switched on.
    """

    def __init__(self, on: date, usd_per_eur: Decimal | None, *, preferred: Collection[str] | None = None):
        self.usd_per_eur = usd_per_eur
        self.rows = list(Tariff.objects.filter(in_force(on)).order_by("code"))
        # Of an export levy the months that have passed still say that one is due.
        self.measures: dict[tuple[str, str, str], set[str]] = {}
        of_export = Tariff.objects.filter(measure__startswith="export_")
        for *goods, measure in of_export.values_list("market", "hs6", "condition", "measure"):
            self.measures.setdefault(tuple(goods), set()).add(measure)
        self.preferred = set(switched_on(on).values_list("scheme", flat=True) if preferred is None else preferred)
        chosen = DutyChoice.objects.select_related("tariff", "chosen_by")
        self.choices = {(choice.commodity_id, choice.market): choice for choice in chosen}

    def customs(self, commodity: Commodity, origin: str, destination: str) -> Customs:
        """Duty, levy and VAT of a commodity from country to country."""
        counted = self.counted(commodity, destination)
        picked_by = counted.choice.code if counted.choice else ""
        duties = [found for tariff in counted.lines if (found := self.duty_line(tariff, picked_by))]
        is_whole = len(duties) == len(counted.lines)
        export, levies = self.export_levy(commodity, origin)
        vat, of_vat = self.vat(destination)
        named = {tariff.code: tariff for tariff in [*counted.lines, *levies, *of_vat]}
        return Customs(tuple(duties) if is_whole else (), export, vat, named, counted.choice)

    def counted(self, commodity: Commodity, market: str) -> Counted:
        """The national lines of a commodity: the picked one, else the usual ones, else all that may apply.

        Lines that differ from them in packing alone come along: between those the packing decides.
        """
        mfn = [row for row in self.rows if row.market == market and row.measure == IMPORT_DUTY]
        mfn = [row for row in mfn if row.hs6 == commodity.hs_code]
        lines, why = self.without_choice(commodity, mfn)
        choice = self.choices.get((commodity.pk, market))
        if choice is None:
            return Counted(tuple(lines), why, tuple(mfn))
        picked = next((row for row in mfn if row.pk == choice.tariff_id), None)
        if picked is None:
            return Counted(tuple(lines), why, tuple(mfn), lapsed=choice)
        # A line that counts anyway keeps those others alone that counted too: a choice narrows, and never widens.
        others = lines if picked in lines else mfn
        lines = [row for row in others if row == picked or differs_in_packing(row, picked)]
        return Counted(tuple(lines), WhyCounted.CHOSEN, tuple(mfn), choice)

    def without_choice(self, commodity: Commodity, mfn: list[Tariff]) -> tuple[list[Tariff], WhyCounted]:
        """Where the tariff does not make clear which line is the usual one, all but those for technical use."""
        usual = [row for row in mfn if row.is_usual and is_meant_for(row, commodity.code)]
        if not usual:
            lines = [row for row in mfn if not row.condition.startswith(NOT_FOR_TRADE_IN_FOOD)]
            return lines, why_all(lines)
        in_bulk = [row for row in usual if row.packing_over_kg]
        packed = [row for row in mfn if any(differs_in_packing(row, bulk) for bulk in in_bulk)]
        lines = sorted({*usual, *packed}, key=lambda row: row.code)
        return lines, WhyCounted.ONLY if len(mfn) == 1 else WhyCounted.USUAL

    def duty_line(self, tariff: Tariff, picked_by: str = "") -> DutyLine | None:
        """A line as the engine reckons with it; None where its rate is not known, or not in USD."""
        specific = self.usd_per_t(tariff)
        if (tariff.ad_valorem_pct is None and tariff.specific_eur is None) or (tariff.specific_eur and not specific):
            return None
        line = DutyLine(
            tariff.code,
            share(tariff.ad_valorem_pct or 0),
            specific,
            tariff.specific_rule,
            packing_up_to_kg=tariff.packing_up_to_kg,
            packing_over_kg=tariff.packing_over_kg,
            picked_by=picked_by,
        )
        if tariff.preference_scheme not in self.preferred:
            return line
        return under_preference(line, None if tariff.preference_pct is None else share(tariff.preference_pct))

    def usd_per_t(self, tariff: Tariff) -> Fraction | None:
        if tariff.specific_eur is None or self.usd_per_eur is None or tariff.specific_unit != Unit.KILOGRAM:
            return None
        return Fraction(tariff.specific_eur * self.usd_per_eur * KG_PER_T)

    def export_levy(self, commodity: Commodity, market: str) -> tuple[Levy | None, list[Tariff]]:
        """Export duty and levy together; an amount that is not in force any more says only that something is due."""
        named = {row for row in self.measures if row[0] == market and row[1].startswith(commodity.hs_code)}
        if named and len(commodity.hs_code) < HS6_DIGITS:
            return Levy(None, None), []  # some goods of the heading pay: which, is not known
        meant = {row for row in named if row[2].lower() == commodity.name_en.lower()} or named
        if not meant:
            return None, []
        rows = [row for row in self.rows if (row.market, row.hs6, row.condition) in meant]
        rows = [row for row in rows if row.measure.startswith("export_")]
        by_measure: dict[str, list[Tariff]] = {}
        for row in rows:
            by_measure.setdefault(row.measure, []).append(row)
        codes = tuple(row.code for row in rows)
        were_due = set().union(*(self.measures[row] for row in meant))
        is_known = set(by_measure) == were_due and all(row.specific_usd_per_t is not None for row in rows)
        if not is_known:
            return Levy(None, None, codes), rows
        amounts = [[Fraction(row.specific_usd_per_t) for row in same] for same in by_measure.values()]
        return Levy(sum(map(min, amounts)), sum(map(max, amounts)), codes), rows

    def vat(self, market: str) -> tuple[Share | None, list[Tariff]]:
        rows = [row for row in self.rows if row.market == market and row.measure == IMPORT_VAT]
        rates = [share(row.ad_valorem_pct) for row in rows if row.ad_valorem_pct is not None]
        return (Share(min(rates), max(rates)) if rates else None), rows


def is_meant_for(tariff: Tariff, slug: str) -> bool:
    """Whether the usual line is so for a commodity: its note may name the goods it holds for."""
    if not tariff.line_note.startswith("for: "):
        return True
    return slug in [part.strip() for part in tariff.line_note.removeprefix("for: ").split(";")]


def why_all(lines: list[Tariff]) -> WhyCounted:
    """Why all of some lines count: nobody has to pick one where they ask for the same."""
    if not lines:
        return WhyCounted.NONE
    if len(lines) == 1:
        return WhyCounted.ONLY
    is_same = len({(*asked_by(line), line.preference_scheme, line.preference_pct) for line in lines}) == 1
    return WhyCounted.SAME if is_same and asked_by(lines[0])[:2] != (None, None) else WhyCounted.RANGE


def asked_by(line: Tariff) -> tuple:
    return line.ad_valorem_pct, line.specific_eur, line.specific_unit, line.specific_rule


def differs_in_packing(line: Tariff, other: Tariff) -> bool:
    """Whether two national lines are for the same goods, one in small packings and the other in large ones."""
    is_same = line.national_code[:SAME_LINE_DIGITS] == other.national_code[:SAME_LINE_DIGITS]
    is_split = (line.packing_up_to_kg and other.packing_over_kg) or (line.packing_over_kg and other.packing_up_to_kg)
    return is_same and bool(is_split)


def share(percent: Decimal | int) -> Fraction:
    return Fraction(percent) / 100
