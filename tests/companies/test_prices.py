"""A price above what any goods cost is a slip: form and sheet refuse it, and say the most that is taken."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from companies import services
from companies.book.telling import message_text
from companies.listing_faults import MOST_PER_KG
from companies.models import Capacity, Need
from companies.texts import sentence
from corridor.enums import Currency
from tests.companies.books import CAPACITY, NEED, catalogue, send
from tests.companies.factories import CompanyFactory
from tests.companies.test_services import capacity_facts, need_facts, refused

TOO_HIGH = {"price": ["price_too_high"]}
IN_ENGLISH = (
    "At most 50,000,000 USD/kg is taken as a price: no goods cost more. Check the amount, the currency and the unit."
)
GOLD_PER_KG = {"USD": 130_000, "EUR": 115_000, "CNY": 930_000, "RUB": 11_000_000, "KZT": 69_000_000, "IDR": 2.2e9}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("currency", "unit", "most"),
    [
        ("USD", "kg", 50_000_000),
        ("USD", "t", 50_000_000_000),
        ("CNY", "t", 500_000_000_000),
        ("KZT", "kg", 50_000_000_000),
        ("IDR", "kg", 500_000_000_000),
    ],
)
def test_a_price_is_taken_up_to_what_goods_may_cost(currency, unit, most):
    price = {"currency": currency, "price_unit": unit}
    above = price | {"price": most + Decimal("0.0001")}

    taken = services.open_capacity(**capacity_facts(**price, price=Decimal(most)))

    assert taken.price_amount == most
    assert refused(services.open_capacity, **capacity_facts(**above)) == TOO_HIGH
    assert refused(services.open_need, **need_facts(**above, price_basis="all_in")) == TOO_HIGH
    assert (Capacity.objects.count(), Need.objects.count()) == (1, 0)


def test_every_currency_has_its_most_and_gold_is_far_below_it():
    assert set(MOST_PER_KG) == set(Currency.values) == set(GOLD_PER_KG)
    assert all(MOST_PER_KG[currency] > 200 * price for currency, price in GOLD_PER_KG.items())


@pytest.mark.django_db
def test_a_listing_is_not_edited_to_such_a_price():
    capacity = services.open_capacity(**capacity_facts())
    facts = capacity_facts(company=capacity.company, commodity=capacity.commodity, place=capacity.place)
    price = {"price": Decimal(999_999_999_999), "currency": "USD", "price_unit": "kg"}

    with pytest.raises(ValidationError) as caught:
        services.edit_capacity(capacity=capacity, seen_at=capacity.changed_at.isoformat(), **facts | price)

    assert caught.value.message_dict == {"price": [IN_ENGLISH]}


@pytest.mark.django_db
@pytest.mark.parametrize(("facts", "sheet"), [(NEED | {"price_basis": "all_in"}, "Needs"), (CAPACITY, "Capacities")])
def test_a_sheet_names_the_cell_of_such_a_price(facts, sheet):
    catalogue()
    CompanyFactory(code="alatau", country="KZ")
    CompanyFactory(code="kariangau", country="ID")

    answer = send(facts | {"price": 50_000_001, "currency": "USD", "price_unit": "kg"}, sheet=sheet)

    (message,) = answer.rows[0].messages
    assert (message.column, message.code, message.found) == ("price", "price_too_high", "50000001")
    assert message_text(message).endswith(IN_ENGLISH)
    assert not Need.objects.exists()
    assert not Capacity.objects.exists()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", IN_ENGLISH),
        (
            "id",
            "Harga paling tinggi yang diterima adalah 50.000.000 USD/kg: tidak ada barang yang lebih mahal. "
            "Periksa jumlah, mata uang, dan satuannya.",
        ),
        (
            "ru",
            "Наибольшая цена, которую можно указать: 50 000 000 USD/кг. Дороже товаров нет. "
            "Проверьте сумму, валюту и единицу.",
        ),
        (
            "kk",
            "Көрсетуге болатын ең жоғары баға: 50 000 000 USD/кг. Одан қымбат тауар жоқ. "
            "Соманы, валютаны және өлшем бірлігін тексеріңіз.",
        ),
    ],
)
def test_the_most_is_said_in_the_readers_language(language, said):
    with translation.override(language):
        found = sentence("price_too_high", {"most_money": 50_000_000, "currency": "USD", "unit": "kg"})

    assert found.replace("\u00a0", " ") == said
