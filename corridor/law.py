"""What the law of a way asks of which goods."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from corridor.engine import gates
from corridor.engine.gates import speaks_of
from corridor.enums import Bearer, Country, PaperSection, Stage
from corridor.goods import Good

BOTH_WAYS = "both"


@dataclass(frozen=True)
class LaneLaw:
    """A certificate that goods need, or that helps, on the way from one country to another.

    It speaks of the commodities in the half-open interval `tree`, else of the `sectors`, else of all goods.
    """

    requirement: str
    origin: str
    destination: str
    sectors: frozenset[str]
    tree: tuple[int, int] | None
    certificate_kind: str
    bearer: str

    def applies(self, good: Good, way: tuple[str, str]) -> bool:
        """Whether it speaks of these goods on this way."""
        return (self.origin, self.destination) == way and speaks_of(good, self.tree, self.sectors)


@dataclass(frozen=True)
class Asked:
    """Certificate kinds that a way asks for some goods: of the seller, of the buyer; and those that help."""

    of_seller: frozenset[str]
    of_buyer: frozenset[str]
    helpful: frozenset[str]


@dataclass(frozen=True)
class Paper:
    """One thing that a way asks for some goods, or that helps there, and how sure that is.

    `title` is in the reader's language where the certificate has a name in it; `about` is the row's own title.
    """

    requirement: str
    title: str
    about: str
    kind: str  # mandatory, mandatory_on_request, voluntary, fiscal, preference, info
    stage: str
    bearer: str
    document: str
    issuing_body: str
    certificate_kind: str
    source: str
    confidence: str
    is_gate: bool  # whether a pair without it is refused
    legal_basis: str
    state: str  # holds, stale, not_yet, expired: on the day that was asked about
    valid_from: date | None
    valid_to: date | None
    source_day: date | None  # the newest day that the source names; None: not known
    role: str  # gate, question, consignment
    is_confirmed: bool  # whether it is known to enter into force at all

    @property
    def is_open_gate(self) -> bool:
        """Whether it would refuse a pair if only it were surer."""
        if self.is_announced:
            return False
        return self.stage == Stage.STANDING and self.kind == "mandatory" and self.role != gates.GATE

    @property
    def is_stale(self) -> bool:
        """Whether its source is so old that somebody should look again before relying on it."""
        return self.state == gates.STALE

    @property
    def is_announced(self) -> bool:
        return self.state == gates.NOT_YET

    @property
    def section(self) -> str:
        """Where it stands in a list of papers: what is only announced stands apart."""
        return PaperSection.ANNOUNCED if self.is_announced else PaperSection(self.role)


def asked_of(good: Good, way: tuple[str, str], standing: Iterable[LaneLaw], voluntary: Iterable[LaneLaw]) -> Asked:
    binding = [law for law in standing if law.applies(good, way)]
    return Asked(
        of_seller=frozenset(law.certificate_kind for law in binding if law.bearer != Bearer.BUYER),
        of_buyer=frozenset(law.certificate_kind for law in binding if law.bearer == Bearer.BUYER),
        helpful=frozenset(law.certificate_kind for law in voluntary if law.applies(good, way)),
    )


def ways_of(direction: str) -> list[tuple[str, str]]:
    """A direction of the reference data as ways from country to country."""
    if direction == BOTH_WAYS:
        return [(a, b) for a in Country.values for b in Country.values if a != b]
    origin, destination = direction.split(">")
    return [(origin, destination)]
