"""Quantities, periods and prices of a text as values of a form, or as questions with the calculation shown."""

from collections.abc import Iterable
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from accounts import figures
from commodities.enums import Unit
from companies.own_words.facts import Fact, Price
from companies.own_words.prefill_facts import Filled, Option, Spoken, readings
from corridor.enums import Currency

UNITS = {
    "t": (Unit.TONNE,),
    "kg": (Unit.KILOGRAM,),
    "quintal": (Unit.QUINTAL,),
    "l": (Unit.LITRE,),
    "m3": (Unit.CUBIC_METRE,),
    "pcs": (Unit.PIECE,),
    "box20": (Unit.BOX_20,),
    "box40": (Unit.BOX_40,),
    "container": (Unit.BOX_20, Unit.BOX_40),  # of which size is asked
    "wagon": (Unit.WAGON,),
    "truck": (Unit.TRUCK,),
    "bag": (Unit.BAG,),
    "carton": (Unit.CARTON,),
}
# How much is a month of it. The day and the week are the average ones of a year.
MONTH_OF = {
    "daily": (Fraction(365, 12), "× 365 / 12"),
    "weekly": (Fraction(52, 12), "× 52 / 12"),
    "quarterly": (Fraction(1, 3), "/ 3"),
    "yearly": (Fraction(1, 12), "/ 12"),
}
FINEST = {Unit.TONNE: Decimal("0.001"), Unit.QUINTAL: Decimal("0.01")}  # to the kilogram; all others are whole
KG_IN = {Unit.TONNE: Decimal(1000), Unit.QUINTAL: Decimal(100), Unit.KILOGRAM: Decimal(1)}


def fill_quantity(spoken: Spoken, filled: Filled) -> None:
    """How much, once or in each month. What is said by the week or the year is asked with its calculation."""
    facts = spoken.of("quantity")
    amounts = [amount for fact in facts for amount in _amounts(fact)]
    periods = spoken.of("period")
    if other := next((fact for fact in periods if fact.value in MONTH_OF), None):
        _ask_by_the_month(spoken, filled, amounts, facts, other)
    elif amounts:
        options = [Option(shown_quantity(*one), {"quantity": one[0], "unit": one[1]}) for one in amounts]
        filled.put_or_ask("quantity", spoken.words_of(*facts), options)
    for fact in periods:
        if fact.value in ("once", "monthly"):
            filled.put({"period": fact.value}, spoken.words_of(fact))
        elif fact is not other:
            filled.kept.append(spoken.words_of(fact))


def _ask_by_the_month(spoken: Spoken, filled: Filled, amounts: list, facts: list[Fact], period: Fact) -> None:
    if not amounts:
        filled.kept.append(spoken.words_of(period))
        return
    factor, sign = MONTH_OF[period.value]
    options = []
    for amount, unit in amounts:
        monthly = by_the_month(amount, unit, factor)
        shown = {"month": shown_quantity(monthly, unit), "typed": shown_quantity(amount, unit), "sign": sign}
        if monthly:
            label = _("%(month)s per month: %(typed)s %(sign)s") % shown
            options.append(Option(label, {"quantity": monthly, "unit": unit, "period": "monthly"}))
        options.append(
            Option(_("%(typed)s once, in all") % shown, {"quantity": amount, "unit": unit, "period": "once"})
        )
    remark = _("Quantities are compared once or per month.")
    filled.ask("quantity", spoken.words_of(*facts, period), options, remark)


def by_the_month(amount: Decimal, unit: str, factor: Fraction) -> Decimal:
    """What comes in a month, rounded down to the kilogram or to the whole piece."""
    exact = Fraction(amount) * factor
    finest = FINEST.get(unit, Decimal(1))
    whole = (exact / Fraction(finest)).__floor__() * finest
    return whole.quantize(Decimal(1)) if whole == whole.to_integral_value() else whole.normalize()


def _amounts(fact: Fact) -> list[tuple[Decimal, str]]:
    """Every amount with its unit that a fact can mean: both ends of a range, both sizes of a container."""
    found = []
    for quantity in readings(fact):
        for amount in filter(None, (quantity.amount, quantity.up_to)):
            found += [(amount, unit) for unit in UNITS[quantity.unit] if (amount, unit) not in found]
    return found


def shown_quantity(amount: Decimal, unit: str) -> str:
    return figures.measured(figures.shortest(amount, 3), str(Unit(unit).label))


def fill_lot(spoken: Spoken, filled: Filled, name: str) -> None:
    """The smallest shipment, in the unit of the quantity."""
    unit = filled.values.get("unit")
    for fact in spoken.of("lot"):
        words = spoken.words_of(fact)
        amounts = [in_unit(amount, of, unit) for amount, of in _amounts(fact)]
        if not unit or None in amounts:
            filled.kept.append(words)
            continue
        options = [Option(shown_quantity(amount, unit), {name: amount}) for amount in amounts]
        filled.put_or_ask(name, words, options)


def in_unit(amount: Decimal, of: str, unit: str | None) -> Decimal | None:
    """The same weight in another unit, where it is one exactly; None where it hangs on the goods."""
    if of == unit:
        return amount
    if of not in KG_IN or unit not in KG_IN:
        return None
    there = (amount * KG_IN[of] / KG_IN[unit]).quantize(Decimal("0.001"), rounding=ROUND_DOWN)
    return there if there * KG_IN[unit] == amount * KG_IN[of] else None


def fill_packs(spoken: Spoken, filled: Filled, *, has_field: bool) -> None:
    """Bags of 50 kg: how it is packed, and what one of them weighs where the quantity counts them."""
    for fact in spoken.of("packaging"):
        words = spoken.words_of(fact)
        packs = [quantity for quantity in readings(fact) if quantity.kilograms]
        is_counted = filled.values.get("unit") in (Unit.BAG, Unit.CARTON)
        if is_counted and packs:
            options = [
                Option(figures.measured(figures.shortest(pack.kilograms, 3), _("kg")), {"unit_kg": pack.kilograms})
                for pack in packs
            ]
            filled.put_or_ask("unit_kg", words, options)
        if has_field:
            filled.put({"packaging": words[:120]}, words)
        elif not is_counted:
            filled.kept.append(words)


def fill_price(spoken: Spoken, filled: Filled) -> None:
    """The money for a tonne or a kilogram. What is said for a quintal is counted up to the tonne, and shown so."""
    facts = spoken.of("price")
    prices = list(_prices(facts))
    options = [Option(shown_price(price), _price_values(price)) for price, _is_counted in prices]
    remark = _("A tonne is ten quintals.") if any(is_counted for _price, is_counted in prices) else ""
    if facts:
        filled.put_or_ask("price", spoken.words_of(*facts), options, remark)


def _prices(facts: Iterable[Fact]) -> Iterable[tuple[Price, bool]]:
    for fact in facts:
        for price in readings(fact):
            for amount in filter(None, (price.amount, price.up_to)):
                is_counted = price.unit == "quintal"
                yield (
                    Price(amount * 10 if is_counted else amount, price.currency, "t" if is_counted else price.unit),
                    is_counted,
                )


def _price_values(price: Price) -> dict:
    values = {"price": price.amount, "currency": price.currency, "price_unit": price.unit}
    return {name: value for name, value in values.items() if value}


def shown_price(price: Price) -> str:
    unit = str(Unit(price.unit).label) if price.unit else ""
    currency = price.currency if price.currency in Currency.values else ""
    return figures.measured(figures.price(price.amount), "/".join(filter(None, (currency, unit))))
