"""What a form begins with when a listing that stands is edited or copied."""

from decimal import Decimal

import pytest

from companies import services
from companies.forms.listings.beginning import prefilled_from
from tests.companies.factories import CompanyFactory
from tests.companies.listing_forms.test_services import capacity_facts, need_facts

pytestmark = pytest.mark.django_db
GLAZED = {"quantity": Decimal(333), "unit": "kg", "weight_basis": "glazed", "glaze_percent": Decimal("12.5")}
IN_BAGS = {"quantity": Decimal(101), "unit": "bag", "unit_kg": Decimal("12.5")}


@pytest.mark.parametrize(
    ("quantity", "lot"),
    [
        (GLAZED, Decimal(100)),  # 87 kg without the ice
        (GLAZED | {"glaze_percent": Decimal(0)}, Decimal(1)),
        (IN_BAGS, Decimal(3)),  # 37 kg
        ({"quantity": Decimal(20), "unit": "t"}, Decimal("2.5")),
        ({"quantity": Decimal(20), "unit": "t"}, Decimal("0.001")),
    ],
)
def test_lot_is_read_back_as_an_amount_that_weighs_the_same(quantity, lot):
    capacity = services.open_capacity(company=CompanyFactory(), lot=lot, **capacity_facts(**quantity))

    assert prefilled_from(capacity)["lot"] == lot


def test_smallest_share_is_read_back_as_an_amount_that_weighs_the_same():
    need = services.open_need(company=CompanyFactory(), smallest_share=Decimal(7), **need_facts(**IN_BAGS))

    assert (need.smallest_share_kg, prefilled_from(need)["smallest_share"]) == (87, Decimal(7))
