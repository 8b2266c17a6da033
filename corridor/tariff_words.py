"""Lines of a tariff in the reader's words: their rate, their measure, for which packing they are meant."""

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import figures
from commodities.texts import unit_label
from corridor.engine.duties import ONLY, PLUS
from corridor.enums import Country
from corridor.models import Tariff

MEASURE_NAMES: dict[str, Promise] = {
    "import_duty_mfn": gettext_lazy("import duty"),
    "export_duty": gettext_lazy("export duty"),
    "export_levy_bpdp": gettext_lazy("palm export levy"),
    "import_vat": gettext_lazy("import VAT"),
    "import_income_tax_art22": gettext_lazy("prepaid income tax on import"),
    "kz_lower_rate_list": gettext_lazy("list of lower rates of Kazakhstan"),
}
LEVIES = ("export_duty", "export_levy_bpdp")


def measure_name(measure: str) -> str:
    return str(MEASURE_NAMES.get(measure, measure))


def market_name(market: str) -> str:
    return str(dict(Country.choices).get(market, market))


def percent(value: Decimal) -> str:
    return figures.measured(figures.shortest(value), "%")


def rate(tariff: Tariff) -> str:
    """What a line asks for: "15%", "5%, at least 0.12 EUR/kg", "64.23 USD/t"; empty where that is not known."""
    if tariff.measure in LEVIES:
        return levy(tariff)
    if tariff.specific_eur is None:
        return "" if tariff.ad_valorem_pct is None else percent(tariff.ad_valorem_pct)
    unit = f"EUR/{unit_label(tariff.specific_unit)}"
    specific = figures.measured(figures.price(tariff.specific_eur), unit)
    if tariff.specific_rule == ONLY or tariff.ad_valorem_pct is None:
        return specific
    words = {"percent": percent(tariff.ad_valorem_pct), "amount": specific}
    if tariff.specific_rule == PLUS:
        return _("%(percent)s and %(amount)s") % words
    return _("%(percent)s, at least %(amount)s") % words


def levy(tariff: Tariff) -> str:
    """An export duty or levy is an amount of its month: a percentage of the reference price alone says none."""
    if tariff.specific_usd_per_t is None:
        return ""
    return figures.measured(figures.price(tariff.specific_usd_per_t), "USD/t")


def packing(tariff: Tariff) -> str:
    """For which net mass of one packing a line is meant; empty for any."""
    if tariff.packing_up_to_kg:
        return _("one packing of up to %(mass)s") % {"mass": mass(tariff.packing_up_to_kg)}
    if tariff.packing_over_kg:
        return _("one packing of more than %(mass)s") % {"mass": mass(tariff.packing_over_kg)}
    return ""


def mass(kg: int) -> str:
    return figures.measured(figures.decimal(kg), "kg")


def preferred_rate(tariff: Tariff) -> str:
    """What a line asks for where its preference counts: never more than without it."""
    full = rate(tariff)
    if not full:
        return _("not known")
    if tariff.preference_pct is None:
        return _("anything from nothing to %(rate)s") % {"rate": full}
    if not tariff.specific_rule and tariff.preference_pct >= tariff.ad_valorem_pct:
        return full
    if tariff.specific_rule == ONLY or tariff.preference_pct > (tariff.ad_valorem_pct or 0):
        words = {"percent": percent(tariff.preference_pct), "rate": full}
        return _("%(percent)s, at most %(rate)s") % words
    return percent(tariff.preference_pct)
