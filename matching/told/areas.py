"""Areas larger than a province by which a partner is told where its province would name it.

Indonesia's codes of provinces begin with the digit of their island group; Kazakhstan has no such official areas.
"""

from django.utils.translation import gettext_lazy as _

from corridor.enums import Country

AREAS = {
    "sumatra": _("Sumatra"),
    "java": _("Java"),
    "bali-nusa-tenggara": _("Bali and Nusa Tenggara"),
    "kalimantan": _("Kalimantan"),
    "sulawesi": _("Sulawesi"),
    "maluku": _("Maluku"),
    "papua": _("Papua"),
}
OF_DIGIT = {
    "1": "sumatra",
    "2": "sumatra",
    "3": "java",
    "5": "bali-nusa-tenggara",
    "6": "kalimantan",
    "7": "sulawesi",
    "8": "maluku",
    "9": "papua",
}


def area_of(country: str, national_code: str) -> str:
    """The code of the area in which a province lies; empty where none is known."""
    return OF_DIGIT.get(national_code[:1], "") if country == Country.INDONESIA else ""
