"""From the unit a person thinks in to whole kilograms, exactly."""

from decimal import Decimal
from fractions import Fraction
from math import floor

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from commodities.enums import Unit
from commodities.models import Commodity

# A quantity of 10^15 of anything is a slip of the pen, and would not fit a column.
MOST_DIGITS = 15
MASS_KG = {Unit.TONNE: Decimal(1000), Unit.QUINTAL: Decimal(100), Unit.KILOGRAM: Decimal(1)}
LITRES_PER_CUBIC_METRE = Decimal(1000)

NEEDS_A_FACT = {
    Unit.LITRE: _("A litre needs a density, and none is known for %(name)s. Give the quantity in t or kg."),
    Unit.CUBIC_METRE: _("A cubic metre needs a density, and none is known for %(name)s. Give the quantity in t or kg."),
    Unit.PIECE: _("A piece needs a weight, and none is known for %(name)s. Give the quantity in t or kg."),
    Unit.BOX_20: _("A 20-foot box needs a usual load, and none is known for %(name)s. Give the quantity in t or kg."),
}
NOBODY_KNOWS = _("Nobody here knows what one of these weighs with %(name)s in it. Give the quantity in t or kg.")


def to_kilograms(amount: Decimal, unit: str, commodity: Commodity) -> int:
    """Whole kilograms of an amount of a commodity; half a kilogram and more is rounded up.

    The arithmetic is exact, so 1.5 t and 1500 kg are the same quantity.

    Raises ValidationError when the unit is none of ours, when the commodity lacks the fact that turns the unit into
    kilograms, and when the amount is no number, not above zero, too large, or less than half a kilogram.
    """
    if unit not in Unit.values:
        raise ValidationError(_("%(unit)s is no unit of quantity here."), params={"unit": unit}, code="unit")
    if not amount.is_finite() or amount <= 0:
        raise ValidationError(_("A quantity must be above zero."), code="quantity")
    if amount.adjusted() >= MOST_DIGITS:
        raise ValidationError(_("This quantity is too large to be true."), code="quantity")
    factor = kilograms_per_unit(unit, commodity)
    if factor is None:
        raise ValidationError(NEEDS_A_FACT.get(Unit(unit), NOBODY_KNOWS), params={"name": commodity.name}, code="fact")
    kilograms = floor(Fraction(amount) * Fraction(factor) + Fraction(1, 2))
    if kilograms < 1:
        raise ValidationError(_("The quantity comes to less than one kilogram."), code="quantity")
    return kilograms


def kilograms_per_unit(unit: str, commodity: Commodity) -> Decimal | None:
    """What one unit of a commodity weighs; None where nobody knows."""
    if unit in MASS_KG:
        return MASS_KG[Unit(unit)]
    if unit == Unit.PIECE:
        return commodity.piece_kg
    if unit == Unit.BOX_20:
        return None if commodity.box20_kg is None else Decimal(commodity.box20_kg)
    density = commodity.density_kg_per_l
    if unit == Unit.CUBIC_METRE and density is not None:
        return density * LITRES_PER_CUBIC_METRE
    return density if unit == Unit.LITRE else None
