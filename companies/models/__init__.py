from companies.models.company import Certificate, Company, Membership, VerificationFact
from companies.models.listings import (
    Capacity,
    CapacityParameter,
    Commitment,
    Need,
    NeedCommodity,
    NeedParameter,
)

__all__ = [
    "Capacity",
    "CapacityParameter",
    "Certificate",
    "Commitment",
    "Company",
    "Membership",
    "Need",
    "NeedCommodity",
    "NeedParameter",
    "VerificationFact",
]
