from django.db import models
from django.utils.translation import gettext_lazy as _


class Country(models.TextChoices):
    """Countries whose companies trade here. Which pairs of them are open is data: `Corridor`."""

    INDONESIA = "ID", _("Indonesia")
    KAZAKHSTAN = "KZ", _("Kazakhstan")


class Incoterm(models.TextChoices):
    """Incoterms 2020: who pays and bears the risk up to the named place."""

    EXW = "EXW", "EXW"
    FCA = "FCA", "FCA"
    FAS = "FAS", "FAS"
    FOB = "FOB", "FOB"
    CFR = "CFR", "CFR"
    CIF = "CIF", "CIF"
    CPT = "CPT", "CPT"
    CIP = "CIP", "CIP"
    DAP = "DAP", "DAP"
    DPU = "DPU", "DPU"
    DDP = "DDP", "DDP"


class Currency(models.TextChoices):
    USD = "USD", "USD"
    EUR = "EUR", "EUR"
    IDR = "IDR", "IDR"
    KZT = "KZT", "KZT"
    CNY = "CNY", "CNY"
    RUB = "RUB", "RUB"


class Mode(models.TextChoices):
    SEA = "sea", _("sea")
    RAIL = "rail", _("rail")
    ROAD = "road", _("road")
    RAIL_SEA = "rail_sea", _("rail and sea")
    AIR = "air", _("air")


class LegStatus(models.TextChoices):
    ACTIVE = "active", _("active")
    SEASONAL = "seasonal", _("seasonal")
    UNCERTAIN = "uncertain", _("uncertain")
    DISRUPTED = "disrupted", _("disrupted")


class Cover(models.TextChoices):
    """How much an insurance covers: Institute Cargo Clauses."""

    ALL_RISKS = "A", _("all risks (A)")
    LEAST = "C", _("the least cover (C)")


class QuoteScope(models.TextChoices):
    """What a freight quote pays for."""

    LEG = "leg", _("one leg, in one direction")
    TERMINAL = "terminal", _("handling at a terminal, once in or out")
    FITTING = "fitting", _("fitting out a box, once a trip")
    LANE = "lane", _("a whole lane, terminals included")


class QuotePer(models.TextChoices):
    BOX = "box", _("per box")
    TONNE = "t", _("per tonne")
    KILOGRAM = "kg", _("per kilogram")


class Stage(models.TextChoices):
    STANDING = "standing", _("held before trading")
    BEFORE_CONTRACT = "before_contract", _("settled before the contract")
    PER_SHIPMENT = "per_shipment", _("for each shipment")
    INFO = "info", _("to know")


class Bearer(models.TextChoices):
    SELLER = "seller", _("seller")
    BUYER = "buyer", _("buyer")
    SHIPMENT = "shipment", _("shipment")


class WhyCounted(models.TextChoices):
    """Why these national lines count for some goods, and not the others of their subheading."""

    CHOSEN = "chosen", _("picked by a person")
    USUAL = "usual", _("the usual line of these goods")
    ONLY = "only", _("the only line")
    SAME = "same", _("several may apply, all at one rate")
    RANGE = "range", _("several may apply: the duty is their range")
    NONE = "none", _("no line is known")


class PaperSection(models.TextChoices):
    """What a paper is to those who trade."""

    GATE = "gate", _("without it a pair is refused")
    QUESTION = "question", _("to be asked, and settled before the contract")
    CONSIGNMENT = "consignment", _("what each consignment needs")
    ANNOUNCED = "announced", _("announced, not in force yet")


class LawState(models.TextChoices):
    """How a rule or a line of a tariff stands on a day."""

    HOLDS = "holds", _("in force")
    STALE = "stale", _("in force, by an old source")
    NOT_YET = "not_yet", _("not yet in force")
    EXPIRED = "expired", _("expired")


class RequirementKind(models.TextChoices):
    """How binding a requirement is."""

    MANDATORY = "mandatory", _("mandatory")
    ON_REQUEST = "mandatory_on_request", _("mandatory on request")
    VOLUNTARY = "voluntary", _("voluntary")
    FISCAL = "fiscal", _("tax or levy")
    PREFERENCE = "preference", _("preference")
    INFO = "info", _("to know")
