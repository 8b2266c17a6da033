"""Lines of a tariff for tests: palm oil into Kazakhstan, unless told otherwise."""

from itertools import count

from corridor.models import Tariff

NUMBERS = count(1)


def tariff(national_code="1511909908", **facts) -> Tariff:
    known = {"hs6": "151190", "market": "KZ", "measure": "import_duty_mfn", "ad_valorem_pct": 3}
    known |= {"code": f"T{next(NUMBERS):05d}", "source": "a test", "confidence": "verified"}
    return Tariff.objects.create(**(known | {"national_code": national_code} | facts))
