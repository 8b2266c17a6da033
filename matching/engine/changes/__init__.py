"""The changes that one side can make, rule by rule, in the order in which equals are preferred."""

from matching.engine.changes.base import Change, PairFacts
from matching.engine.changes.days import AcceptEarlier, AcceptLater, ShipEarlier, ShipLater
from matching.engine.changes.goods import TightenGuarantee, WidenAccepted
from matching.engine.changes.kilograms import LowerLot, LowerShare, OfferMore, WantMore
from matching.engine.changes.money import LowerAsk, RaiseLimit
from matching.engine.changes.papers import AskedOfSeller, LawOfBuyer, LawOfSeller
from matching.engine.changes.terms import BuyerAcceptsTerm, SellerAcceptsTerm

CHANGES: dict[str, tuple[Change, ...]] = {
    "parameters": (WidenAccepted(), TightenGuarantee()),
    "certificates": (AskedOfSeller(),),
    "law": (LawOfSeller(), LawOfBuyer()),
    "time": (ShipEarlier(), ShipLater(), AcceptEarlier(), AcceptLater()),
    "quantity": (LowerLot(), LowerShare(), OfferMore(), WantMore()),
    "price": (LowerAsk(), RaiseLimit()),
    "payment": (SellerAcceptsTerm(), BuyerAcceptsTerm()),
}

__all__ = ["CHANGES", "Change", "PairFacts"]
