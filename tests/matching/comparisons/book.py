"""A book in which an agreement on duties opens one pair, makes one cheaper and leaves one as it is."""

from decimal import Decimal

from companies.enums import PriceBasis
from companies.models import Capacity, Need
from corridor.models import Tariff
from tests.corridor.tariffs import tariff
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor

SCHEME = "I-EAEU FTA"
ALL_IN = {"price_basis": PriceBasis.ALL_IN, "incoterm": "", "named_place": None}


def book() -> tuple[dict[str, Need], Capacity]:
    """Goods at 800 USD/t FOB with 200 to 230 USD/t of freight and 20 % of duty, which the agreement takes away."""
    open_corridor()
    goods = CommodityFactory()
    duty(goods.hs_code)
    needs = {
        "tight": need(goods, **ALL_IN, price_amount=Decimal(1040)),
        "wide": need(goods, **ALL_IN, price_amount=Decimal(1500)),
        "not duty paid": need(goods, price_amount=Decimal(1500)),
    }
    return needs, capacity(goods)


def duty(hs6: str) -> Tariff:
    preference = {"preference_scheme": SCHEME, "preference_status": "signed", "preference_pct": 0}
    return tariff(f"{hs6}0000", hs6=hs6, ad_valorem_pct=20, **preference)
