"""What one change would open, as a sentence: who would have to do what, and how far it is."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.figures import measured
from commodities.texts import unit_label
from matching.texts import figures
from matching.texts.names import BY_CODE, Names, term

CHANGE_NAMES = {
    "lower_ask": gettext_lazy("The seller comes down with the price"),
    "raise_limit": gettext_lazy("The buyer pays more"),
    "ship_earlier": gettext_lazy("The seller ships earlier"),
    "ship_later": gettext_lazy("The seller ships later"),
    "accept_earlier": gettext_lazy("The buyer takes the goods earlier"),
    "accept_later": gettext_lazy("The buyer takes the goods later"),
    "lower_lot": gettext_lazy("The seller ships a smaller lot"),
    "offer_more": gettext_lazy("The seller offers more"),
    "lower_share": gettext_lazy("The buyer accepts a smaller share"),
    "want_more": gettext_lazy("The buyer takes more"),
    "accept_term": gettext_lazy("One side accepts another payment term"),
    "get_certificate": gettext_lazy("A missing certificate is obtained"),
    "renew_certificate": gettext_lazy("A certificate is renewed"),
    "tighten_guarantee": gettext_lazy("The seller guarantees more"),
    "widen_accepted": gettext_lazy("The buyer accepts more"),
}

# The published table of effort, row by row; `matching/engine/effort.py` says which change lies in which row.
EFFORT_NAMES = {
    1: gettext_lazy("a payment term"),
    2: gettext_lazy("price, up to 3 %"),
    3: gettext_lazy("time, up to 7 days"),
    4: gettext_lazy("quantity, up to 10 %"),
    5: gettext_lazy("price, up to 8 %"),
    6: gettext_lazy("time, up to 21 days"),
    7: gettext_lazy("quantity, up to 50 %"),
    8: gettext_lazy("a parameter of the goods"),
    9: gettext_lazy("price, up to 15 %"),
    10: gettext_lazy("time, up to 60 days"),
    11: gettext_lazy("a certificate to renew"),
    12: gettext_lazy("quantity, more than 50 %"),
    13: gettext_lazy("a certificate to obtain"),
}


@dataclass(frozen=True)
class NearMissText:
    """How far it is, short and in a sentence."""

    distance: str  # "+2.7 %", "12 days", "3 t": fits beside the icon of a near miss
    sentence: str


def near_miss(rule: str, side: str, change: dict, names: Names = BY_CODE) -> NearMissText:
    """A near miss in words. `change` is what the engine answered; its keys are listed in docs/matching.md.

    Raises KeyError for a rule or a change that the engine does not know.
    """
    distance, why, what = _SAYERS[rule](side, change, names)
    return NearMissText(distance, _("%(why)s; %(what)s.") % {"why": why, "what": what} if why else f"{what}.")


def _price(side: str, change: dict, names: Names) -> tuple[str, str, str]:
    over = figures.percent(change["over_percent"])
    words = (
        _("%(landed)s at least is %(percent)s above the limit")
        if change["is_part"]
        else _("%(landed)s is %(percent)s above the limit")
    )
    why = words % {"landed": figures.price(change["landed"]), "percent": over}
    amount = {"price": figures.price(change["amount"])}
    if side == "seller":
        return f"+{over}", why, _("the seller would have to come down by %(price)s") % amount
    return f"+{over}", why, _("the buyer would have to pay %(price)s more") % amount


def _time(side: str, change: dict, names: Names) -> tuple[str, str, str]:
    days, new = (
        figures.days(change["amount"]),
        {"days": figures.days(change["amount"]), "day": figures.day(change["to"])},
    )
    what = {
        "ship_earlier": _("The seller would have to be ready %(days)s earlier, by %(day)s"),
        "ship_later": _("The seller would have to ship for %(days)s longer, until %(day)s"),
        "accept_earlier": _("The buyer would have to take the goods %(days)s earlier, from %(day)s"),
        "accept_later": _("The buyer would have to take the goods %(days)s later, until %(day)s"),
    }[change["code"]]
    return days, "", what % new


def _quantity(side: str, change: dict, names: Names) -> tuple[str, str, str]:
    amount = figures.quantity(change["amount"])
    words = {
        "lower_lot": _("The seller would have to ship a lot of %(to)s instead of %(from)s"),
        "lower_share": _("The buyer would have to accept %(to)s from one supplier instead of %(from)s"),
        "offer_more": _("The seller would have to offer %(to)s instead of %(from)s"),
        "want_more": _("The buyer would have to take %(to)s instead of %(from)s"),
    }[change["code"]]
    what = words % {"to": figures.quantity(change["to"]), "from": figures.quantity(change["from"])}
    if change.get("month"):
        what = _("%(change)s in %(month)s") % {"change": what, "month": figures.month(change["month"])}
    return amount, "", what


def _paper(side: str, change: dict, names: Names) -> tuple[str, str, str]:
    paper = {"paper": names.certificate(change["kind"]), "day": figures.day(change["by"])}
    words = {
        ("get_certificate", "seller"): _("The seller would have to obtain this by %(day)s: %(paper)s"),
        ("get_certificate", "buyer"): _("The buyer would have to obtain this by %(day)s: %(paper)s"),
        ("renew_certificate", "seller"): _("The seller would have to renew this by %(day)s: %(paper)s"),
        ("renew_certificate", "buyer"): _("The buyer would have to renew this by %(day)s: %(paper)s"),
    }[change["code"], side]
    left = change["days_left"]
    left_text = ngettext("%(number)s day is left", "%(number)s days are left", left) % {"number": figures.number(left)}
    return paper["paper"], "", _("%(change)s (%(left)s)") % {"change": words % paper, "left": left_text}


def _payment(side: str, change: dict, names: Names) -> tuple[str, str, str]:
    words = {
        "seller": _("The seller would have to accept this term: %(term)s"),
        "buyer": _("The buyer would have to accept this term: %(term)s"),
    }[side]
    return term(change["term"]), "", words % {"term": term(change["term"])}


def _parameters(side: str, change: dict, names: Names) -> tuple[str, str, str]:
    label = names.parameter(change["parameter"], change.get("unit"))
    if "values" in change:
        values = figures.any_of(names.value(value) for value in change["values"])
        words = {
            "tighten_guarantee": _("The seller would have to guarantee %(parameter)s without %(values)s"),
            "widen_accepted": _("The buyer would have to accept %(parameter)s %(values)s as well"),
        }[change["code"]]
        return values, "", words % {"parameter": label, "values": values}
    unit = change["unit"]
    distance = measured(figures.number(change["amount"]), str(unit_label(unit)))
    words = {
        "tighten_guarantee": _("The seller would have to guarantee %(parameter)s %(to)s instead of %(from)s"),
        "widen_accepted": _("The buyer would have to accept %(parameter)s %(to)s instead of %(from)s"),
    }[change["code"]]
    spans = {end: figures.spread(*change[end], unit) for end in ("from", "to")}
    return distance, "", words % ({"parameter": label} | spans)


_SAYERS = {
    "price": _price,
    "time": _time,
    "quantity": _quantity,
    "certificates": _paper,
    "law": _paper,
    "payment": _payment,
    "parameters": _parameters,
}
