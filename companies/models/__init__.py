from companies.models.changes import BookChange
from companies.models.claims import Claim
from companies.models.company import Certificate, CertificateFile, Company, Membership, VerificationFact
from companies.models.contacts import Consent, ContactLook, ContactPerson
from companies.models.imports import BookImport, ImportedRow
from companies.models.invitations import Invitation
from companies.models.listings import (
    Capacity,
    CapacityParameter,
    Commitment,
    Need,
    NeedCertificate,
    NeedCommodity,
    NeedParameter,
)
from companies.models.merges import Merge
from companies.models.standing_in import StandIn
from companies.models.verifying import VerificationStep

__all__ = [
    "BookChange",
    "BookImport",
    "Capacity",
    "CapacityParameter",
    "Certificate",
    "CertificateFile",
    "Claim",
    "Commitment",
    "Company",
    "Consent",
    "ContactLook",
    "ContactPerson",
    "ImportedRow",
    "Invitation",
    "Membership",
    "Merge",
    "Need",
    "NeedCertificate",
    "NeedCommodity",
    "NeedParameter",
    "StandIn",
    "VerificationFact",
    "VerificationStep",
]
