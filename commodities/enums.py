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
    """How a quantity may be typed. Whole kilograms are what is stored and compared.

    What is packed or loaded weighs what the person says, where the catalogue does not know.
    """

    TONNE = "t", _("t")
    QUINTAL = "q", _("quintals")
    KILOGRAM = "kg", _("kg")
    LITRE = "l", _("litres")
    CUBIC_METRE = "m3", _("m³")
    PIECE = "pcs", _("pieces")
    BOX_20 = "box20", _("20-foot boxes")
    BOX_40 = "box40", _("40-foot boxes")
    WAGON = "wagon", _("wagons")
    TRUCK = "truck", _("trucks")
    BAG = "bag", _("bags")
    CARTON = "ctn", _("cartons")


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


class WordKind(models.TextChoices):
    """What a row of trade words is about."""

    CODE = "code"  # words for a code, a good or a group
    ENGLISH = "english"  # words for words of the English nomenclature
    PACKING = "packing"  # packings, states and qualities: they say little of the goods
    MEASURE = "measure"  # what is measured: where a number follows, it says nothing of the goods
    ASIDE = "aside"  # other matters: a text that is more about them than about goods is refused
    TALK = "talk"  # units, terms, places and small talk: they say nothing of the goods


class FoundKind(models.TextChoices):
    """What the commodity finder may suggest."""

    COMMODITY = "commodity", _("tradable commodity")
    GROUP = "group", _("group of goods")
    SUBHEADING = "subheading", _("HS subheading")
    HEADING = "heading", _("HS heading")
    CHAPTER = "chapter", _("HS chapter")
