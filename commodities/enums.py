from django.db import models
from django.utils.translation import gettext_lazy as _


class NodeKind(models.TextChoices):
    """The floors of the one commodity tree."""

    CHAPTER = "chapter", _("HS chapter")
    HEADING = "heading", _("HS heading")
    SUBHEADING = "subheading", _("HS subheading")
    COMMODITY = "commodity", _("tradable commodity")


class Sector(models.TextChoices):
    PALM_OIL = "palm_oil", _("Palm oil")
    FISHERIES = "fisheries", _("Fisheries")
    METALS = "metals", _("Industrial metals")
    GRAINS = "grains", _("Grains and oilseeds")
    FERTILISERS = "fertilisers", _("Fertilisers and sulphur")
    ENERGY = "energy", _("Energy")
    WOOD = "wood", _("Wood products")
    OTHER = "other", _("Other goods")


class Unit(models.TextChoices):
    """How a quantity may be typed. Whole kilograms are what is stored and compared."""

    TONNE = "t", _("t")
    KILOGRAM = "kg", _("kg")
    LITRE = "l", _("litres")
    CUBIC_METRE = "m3", _("m³")
    PIECE = "pcs", _("pieces")
    BOX_20 = "box20", _("20-foot boxes")


class ParameterKind(models.TextChoices):
    GUARANTEE = "guarantee", _("guaranteed by the seller")
    CHOICE = "choice", _("chosen from what the seller offers")


class SpecRule(models.TextChoices):
    MIN = "min", _("at least")
    MAX = "max", _("at most")
    RANGE = "range", _("between")
    ENUM = "enum", _("one of")
    CONTRACT = "contract", _("by contract")


class Holder(models.TextChoices):
    COMPANY = "company", _("company")
    PLANT = "plant", _("plant")
    PRODUCT = "product", _("product")
