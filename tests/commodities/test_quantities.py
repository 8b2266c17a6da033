"""What a person typed in their own unit is a whole number of kilograms, exactly or not at all."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from commodities.enums import Unit
from commodities.models import Commodity
from commodities.quantities import to_kilograms

OLEIN = Commodity(name_en="RBD palm olein", density_kg_per_l=Decimal("0.91"), box20_kg=21_500)
TYRE = Commodity(name_en="Passenger tyre", piece_kg=Decimal("8.25"))


@pytest.mark.parametrize(
    ("amount", "unit", "commodity", "kilograms"),
    [
        ("1.5", Unit.TONNE, TYRE, 1_500),
        ("1500", Unit.KILOGRAM, TYRE, 1_500),
        ("0.001", Unit.TONNE, TYRE, 1),
        ("1000", Unit.LITRE, OLEIN, 910),
        ("25.25", Unit.CUBIC_METRE, OLEIN, 22_978),  # 22,977.5
        ("2", Unit.BOX_20, OLEIN, 43_000),
        ("0.5", Unit.BOX_20, OLEIN, 10_750),
        ("900", Unit.PIECE, TYRE, 7_425),
        ("2", Unit.PIECE, TYRE, 17),  # 16.5: half a kilogram is rounded up
        ("1", Unit.PIECE, TYRE, 8),
        ("1E+2", Unit.TONNE, TYRE, 100_000),
        ("999999999999999", Unit.KILOGRAM, TYRE, 999_999_999_999_999),
    ],
)
def test_to_kilograms_weighs_each_unit(amount, unit, commodity, kilograms):
    assert to_kilograms(Decimal(amount), unit, commodity) == kilograms


@pytest.mark.parametrize(
    ("amount", "unit", "commodity", "refusal"),
    [
        ("1", Unit.LITRE, TYRE, "A litre needs a density, and none is known for Passenger tyre."),
        ("1", Unit.CUBIC_METRE, TYRE, "A cubic metre needs a density, and none is known for Passenger tyre."),
        ("1", Unit.PIECE, OLEIN, "A piece needs a weight, and none is known for RBD palm olein."),
        ("1", Unit.BOX_20, TYRE, "A 20-foot box needs a usual load, and none is known for Passenger tyre."),
        ("1", "bushel", OLEIN, "bushel is no unit of quantity here."),
        ("0", Unit.TONNE, OLEIN, "A quantity must be above zero."),
        ("-1", Unit.TONNE, OLEIN, "A quantity must be above zero."),
        ("NaN", Unit.TONNE, OLEIN, "A quantity must be above zero."),
        ("Infinity", Unit.TONNE, OLEIN, "A quantity must be above zero."),
        ("0.4", Unit.KILOGRAM, OLEIN, "The quantity comes to less than one kilogram."),
        ("1E+15", Unit.KILOGRAM, OLEIN, "This quantity is too large to be true."),
        ("1E+999999", Unit.KILOGRAM, OLEIN, "This quantity is too large to be true."),
    ],
)
def test_to_kilograms_refuses_in_words(amount, unit, commodity, refusal):
    with pytest.raises(ValidationError) as refused:
        to_kilograms(Decimal(amount), unit, commodity)

    assert refused.value.messages[0].startswith(refusal)


@given(st.decimals(min_value=Decimal("0.001"), max_value=Decimal(10_000_000), places=6))
def test_to_kilograms_takes_the_same_quantity_in_tonnes_and_in_kilograms_for_the_same(tonnes):
    assert to_kilograms(tonnes, Unit.TONNE, OLEIN) == to_kilograms(tonnes * 1000, Unit.KILOGRAM, OLEIN)


@given(st.decimals(min_value=Decimal("0.01"), max_value=Decimal(10_000_000), places=6))
def test_to_kilograms_takes_the_same_quantity_in_cubic_metres_and_in_litres_for_the_same(cubic_metres):
    assert to_kilograms(cubic_metres, Unit.CUBIC_METRE, OLEIN) == to_kilograms(cubic_metres * 1000, Unit.LITRE, OLEIN)


@given(st.decimals(min_value=Decimal("0.6"), max_value=Decimal(10_000_000), places=6))
def test_to_kilograms_is_never_off_by_more_than_half_a_kilogram(litres):
    exact = litres * OLEIN.density_kg_per_l

    assert abs(to_kilograms(litres, Unit.LITRE, OLEIN) - exact) <= Decimal("0.5")
