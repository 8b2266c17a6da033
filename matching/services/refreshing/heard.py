"""On which tables the market rests, and how a refresh of a large book hears that one of them has changed.

A refresh by parts reads everything of its part anew and needs to hear of nothing. A snapshot is asked of listings that
nobody reads again: what it does not hear of counts from the next official run on. See docs/running.md, "What a
snapshot hears of".
"""

from enum import StrEnum

from companies.models import (
    Capacity,
    CapacityParameter,
    Certificate,
    Need,
    NeedCertificate,
    NeedCommodity,
    NeedParameter,
    VerificationFact,
)


class Way(StrEnum):
    """How a change is heard of."""

    LISTING = "the history names the listing: it counts as edited"
    COMPANY = "the history names the company: all its listings count as edited"
    CORRIDOR = "the version of the corridor is another: the snapshot is not asked"
    CATALOGUE = "the version of the catalogue is another: the snapshot is not asked"
    WEIGHTS = "the lists keep the weights of the newest official run"
    OFFICIAL = "not before the next official run, or an edit of the listing"


# What the history of a table names: companies, needs or capacities, and by which column.
HISTORY = {
    Need: ("needs", "pgh_obj_id"),
    NeedCommodity: ("needs", "need_id"),
    NeedParameter: ("needs", "need_id"),
    NeedCertificate: ("needs", "need_id"),
    Capacity: ("capacities", "pgh_obj_id"),
    CapacityParameter: ("capacities", "capacity_id"),
    VerificationFact: ("companies", "company_id"),
    Certificate: ("companies", "company_id"),
}
# What the market reads of the row of a company itself: whether it is in the book, its screening, where it is, its size.
READ_OF_COMPANY = ("kind", "status", "is_hidden", "screening", "place_id", "size")

HEARD = {
    "companies_need": Way.LISTING,
    "companies_needcommodity": Way.LISTING,
    "companies_needparameter": Way.LISTING,
    "companies_need_required_certificates": Way.LISTING,
    "companies_capacity": Way.LISTING,
    "companies_capacityparameter": Way.LISTING,
    "companies_company": Way.COMPANY,  # by what is read of it: READ_OF_COMPANY
    "companies_verificationfact": Way.COMPANY,  # trust
    "companies_certificate": Way.COMPANY,
    "companies_commitment": Way.OFFICIAL,  # kilograms that are held: no history is kept of them
    "commodities_commodity": Way.CATALOGUE,
    "commodities_commoditygroupmember": Way.CATALOGUE,
    "commodities_commodityparameter": Way.CATALOGUE,
    "commodities_parameter": Way.CATALOGUE,
    "commodities_certificatekind": Way.CATALOGUE,
    "corridor_corridor": Way.CORRIDOR,
    "corridor_place": Way.CORRIDOR,
    "corridor_exchangerate": Way.CORRIDOR,
    "corridor_freightquote": Way.CORRIDOR,
    "corridor_insurancepremium": Way.CORRIDOR,
    "corridor_leg": Way.CORRIDOR,
    "corridor_legequipment": Way.CORRIDOR,
    "corridor_legswitch": Way.CORRIDOR,
    "corridor_equipment": Way.CORRIDOR,
    "corridor_transportclassequipment": Way.CORRIDOR,
    "corridor_tariff": Way.CORRIDOR,
    "corridor_preference": Way.CORRIDOR,
    "corridor_dutychoice": Way.CORRIDOR,
    "corridor_requirement": Way.CORRIDOR,
    "matching_weights": Way.WEIGHTS,
}
