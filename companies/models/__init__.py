from companies.models.company import Certificate, CertificateFile, Company, Membership, VerificationFact
from companies.models.contacts import Consent, ContactLook, ContactPerson
from companies.models.listings import (
    Capacity,
    CapacityParameter,
    Commitment,
    Need,
    NeedCertificate,
    NeedCommodity,
    NeedParameter,
)
from companies.models.standing_in import StandIn

__all__ = [
    "Capacity",
    "CapacityParameter",
    "Certificate",
    "CertificateFile",
    "Commitment",
    "Company",
    "Consent",
    "ContactLook",
    "ContactPerson",
    "Membership",
    "Need",
    "NeedCertificate",
    "NeedCommodity",
    "NeedParameter",
    "StandIn",
    "VerificationFact",
]
