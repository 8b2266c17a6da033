"""Sellers and buyers of some province, and what the other side of a match is told of one of them."""

from django.utils import timezone

from companies.models import Company, NeedCommodity
from matching.enums import Side
from matching.models import Match
from matching.told.anonymised import Fit, fits, with_sides
from tests.factories import RegionFactory
from tests.matching.book import capacity, company, need


def region(code: str, digit: str = "6", **facts):
    return RegionFactory(code=code, name_en=f"Region {code}", country="ID", national_code=digit, **facts)


def seller(goods, code: str = "ID-EAST", **facts) -> Company:
    """Somebody who offers the goods from a province, Kalimantan's unless a test says otherwise."""
    made = company("ID", region=region(code), **facts)
    capacity(goods, company=made)
    return made


def buyer_of(*nodes, code: str = "KZ-75", **facts) -> Company:
    """Somebody who accepts goods, HS codes or groups, in Almaty unless a test says otherwise."""
    made = company("KZ", region=RegionFactory(code=code, country="KZ", name_en="Almaty"), **facts)
    wanted = need(company=made, quantity_kg=300_000, smallest_share_kg=25_000, period="monthly")
    for position, node in enumerate(nodes):
        kind = {"commodity": node} if hasattr(node, "tree_lo") else {"group": node}
        NeedCommodity.objects.create(need=wanted, position=position, **kind)
    return made


def told(result, own_side: Side = Side.BUYER) -> Fit:
    """A match as one of its sides knows it."""
    match = with_sides(Match.objects.filter(pk=result.match_id)).get()
    own = match.need.company_id if own_side == Side.BUYER else match.capacity.company_id
    (fit,) = fits([(match, own_side)], {own}, timezone.localdate())
    return fit
