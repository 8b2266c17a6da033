"""What a company states about a need or a capacity, before it is stored: the named arguments of the services.

The page that takes a form and the import that takes a row both fill these, so both are held to the same rules.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from commodities.models import CertificateKind, Commodity, CommodityGroup, Parameter
from companies.enums import CertificateState, ListingStatus
from companies.models import Company
from corridor.models import Place

# A need may accept a whole group; a capacity names one node.
Node = Commodity | CommodityGroup
FARTHEST_PARAMETER = Decimal(10) ** 9  # from 0, in the unit of the parameter; no goods are measured so far


@dataclass(frozen=True)
class StatedParameter:
    """A range or a set of values: what a buyer accepts, or a seller guarantees or offers."""

    parameter: Parameter
    low: Decimal | None = None
    high: Decimal | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class StatedCertificate:
    """What a company says about one certificate."""

    kind: CertificateKind
    state: str
    valid_until: date | None = None

    @property
    def is_held(self) -> bool:
        return self.state != CertificateState.NOT_HELD


@dataclass(frozen=True, kw_only=True)
class ListingFacts:
    """What a need and a capacity have in common. `quantity` is in `unit`: in all, or in each month."""

    company: Company
    quantity: Decimal
    unit: str
    period: str
    reference: str = ""
    own_words: str = ""
    language: str = ""
    price: Decimal | None = None
    currency: str = ""
    price_unit: str = ""
    incoterm: str = ""
    payment_terms: tuple[str, ...] = ()
    parameters: tuple[StatedParameter, ...] = ()
    valid_until: date | None = None
    status: str = ListingStatus.OPEN
    unit_kg: Decimal | None = None  # what one bag, wagon or piece weighs, as the person says
    weight_basis: str = ""
    glaze_percent: Decimal | None = None
    sent_as: UUID | None = None
    made_from_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class NeedFacts(ListingFacts):
    """What one importer wants. The first node accepted is the principal one; `smallest_share` is in `unit`."""

    accepted: tuple[Node, ...]
    destination: Place
    window_from: date
    window_until: date
    smallest_share: Decimal | None = None
    price_basis: str = ""
    named_place: Place | None = None
    certificates: tuple[CertificateKind, ...] = ()
    accepted_origins: tuple[str, ...] = ()
    excluded_origins: tuple[str, ...] = ()

    @property
    def nodes(self) -> tuple[Node, ...]:
        return self.accepted


@dataclass(frozen=True, kw_only=True)
class CapacityFacts(ListingFacts):
    """What one exporter can supply. `lot` and `lot_multiple` are in `unit`; no origin means the company's country."""

    commodity: Commodity
    place: Place
    available_from: date
    available_until: date
    origin_country: str = ""
    lot: Decimal | None = None
    lot_multiple: Decimal | None = None
    packaging: str = ""
    net_kg_per_transport_unit: int | None = None
    lead_days: int | None = None
    certificates: tuple[StatedCertificate, ...] = field(default=())

    @property
    def nodes(self) -> tuple[Node, ...]:
        return (self.commodity,) if self.commodity else ()
