"""What the law of a way asks of which goods."""

from collections.abc import Iterable
from dataclasses import dataclass

from corridor.enums import Bearer, Country, Stage
from corridor.landed import Good

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

    @property
    def is_open_gate(self) -> bool:
        """Whether it would refuse a pair if only it were surer."""
        return self.stage == Stage.STANDING and self.kind == "mandatory" and not self.is_gate


def asked_of(good: Good, way: tuple[str, str], standing: Iterable[LaneLaw], voluntary: Iterable[LaneLaw]) -> Asked:
    binding = [law for law in standing if law.applies(good, way)]
    return Asked(
        of_seller=frozenset(law.certificate_kind for law in binding if law.bearer != Bearer.BUYER),
        of_buyer=frozenset(law.certificate_kind for law in binding if law.bearer == Bearer.BUYER),
        helpful=frozenset(law.certificate_kind for law in voluntary if law.applies(good, way)),
    )


def speaks_of(good: Good, tree: tuple[int, int] | None, sectors: Iterable[str]) -> bool:
    """Whether a requirement for a part of the tree, else for sectors, else for all goods, binds these goods."""
    if tree is not None:
        lo, hi = tree
        return lo <= good.lo and good.hi <= hi
    return not sectors or good.sector in sectors


def ways_of(direction: str) -> list[tuple[str, str]]:
    """A direction of the reference data as ways from country to country."""
    if direction == BOTH_WAYS:
        return [(a, b) for a in Country.values for b in Country.values if a != b]
    origin, destination = direction.split(">")
    return [(origin, destination)]
