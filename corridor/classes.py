"""Transport classes in words: what goods of a class need on their way."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CLASS_NAMES: dict[str, Promise] = {
    "air_chilled": _("by air, chilled"),
    "air_dry": _("by air, dry"),
    "breakbulk_or_container": _("loose pieces or a container"),
    "bulk_gas": _("gas in bulk"),
    "bulk_gas_dg": _("dangerous gas in bulk"),
    "bulk_liquid_dg": _("dangerous liquid in bulk"),
    "bulk_liquid_flexitank": _("liquid in a flexitank or in bulk"),
    "bulk_liquid_or_bags": _("liquid in bulk, or in bags"),
    "bulk_liquid_or_cartons": _("liquid in bulk, or in cartons"),
    "bulk_liquid_tanker": _("liquid in a tanker"),
    "container": _("any container"),
    "container_bigbag": _("big bags in a container"),
    "container_dg": _("dangerous goods in a container"),
    "dry_bulk": _("dry goods in bulk"),
    "dry_bulk_or_container": _("dry goods in bulk or in a container"),
    "dry_container": _("dry goods in a container"),
    "dry_container_dg": _("dangerous dry goods in a container"),
    "dry_or_reefer": _("dry or cooled container"),
    "reefer": _("cooled or frozen in a container"),
}


def class_name(code: str) -> str:
    return str(CLASS_NAMES.get(code, code))
