"""From what a person typed to whole kilograms."""

from decimal import Decimal
from fractions import Fraction
from math import floor

from django.core.exceptions import ValidationError

from commodities.enums import Unit
from commodities.models import Commodity
from commodities.quantities import MASS_KG, to_kilograms
from companies.facts import Node
from companies.faults import Refusal
from companies.texts import names_of

# More than either country sells of anything in a year: a slip of the pen or of the unit.
MAX_QUANTITY_KG = 10_000_000_000


def allowed_units(node: Node) -> list[str]:
    """The units in which goods can be counted: by mass always, else where the catalogue says what one weighs."""
    units = list(MASS_KG)
    if isinstance(node, Commodity):
        if node.density_kg_per_l:
            units += [Unit.LITRE, Unit.CUBIC_METRE]
        if node.piece_kg:
            units.append(Unit.PIECE)
        if node.box20_kg:
            units.append(Unit.BOX_20)
    return units


def weigh(amount: Decimal, unit: str, node: Node, unit_kg: Decimal | None = None) -> int:
    """Whole kilograms of an amount in its unit; `unit_kg` is what one of them weighs, where a person says it.

    Raises Refusal when the goods cannot be counted in that unit, or the amount is too large or below a kilogram.
    """
    if unit_kg and unit not in MASS_KG:
        return _counted(amount, unit_kg)
    allowed = allowed_units(node)
    if unit not in allowed:
        raise Refusal(
            "unit_not_allowed", commodity=names_of(node), unit=unit, allowed=[str(Unit(one)) for one in allowed]
        )
    if amount <= 0:
        raise Refusal("number_not_positive")
    if amount > MAX_QUANTITY_KG:
        raise Refusal("quantity_too_large", quantity=f"{amount:f}")
    if unit in MASS_KG and (amount * MASS_KG[unit]) % 1:
        raise Refusal("quantity_not_whole_kg", text=f"{amount:f}", unit=unit)
    try:
        kilograms = to_kilograms(amount, unit, node)
    except ValidationError as error:  # pieces or litres that come to less than half a kilogram
        raise Refusal("quantity_not_positive") from error
    if kilograms > MAX_QUANTITY_KG:
        raise Refusal("quantity_too_large", quantity=kilograms)
    return kilograms


def net_of_glaze(kilograms: int, glaze_percent: Decimal | None) -> int:
    """What is left of a weight with glaze when the ice is off, rounded down: nobody is promised a kilogram of ice."""
    return floor(kilograms * (1 - Fraction(glaze_percent) / 100)) if glaze_percent else kilograms


def _counted(amount: Decimal, unit_kg: Decimal) -> int:
    """So many bags of so many kilograms; what is less than a kilogram is left out."""
    if amount <= 0 or unit_kg <= 0:
        raise Refusal("number_not_positive")
    kilograms = floor(Fraction(amount) * Fraction(unit_kg))
    if kilograms < 1:
        raise Refusal("quantity_not_positive")
    if kilograms > MAX_QUANTITY_KG:
        raise Refusal("quantity_too_large", quantity=kilograms)
    return kilograms
