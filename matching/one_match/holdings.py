"""Which certificates a match asks for, who has to hold each, and what that side has stated: so, what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commodities.models import CertificateKind
from companies.enums import CertificateState
from companies.models import Certificate, Company
from corridor.engine import gates
from corridor.enums import Bearer
from corridor.law import Paper
from matching.enums import Side
from matching.models import Match

MANDATORY = "mandatory"
# Why a certificate is asked for, the gravest first.
WHY = {
    "refuses": _("without it the lane refuses the pair"),
    "buyer_asks": _("the buyer asks for it"),
    "consignment": _("each consignment needs it"),
    "question": _("to be asked: the law may demand it"),
    "helps": _("nobody demands it; it helps"),
}


@dataclass(frozen=True)
class Holding:
    """One certificate, the company that has to hold it, and what it says of it."""

    kind: str
    name: str
    why: str  # a key of WHY
    side: Side
    company: Company
    state: str  # a certificate state; empty: not stated
    valid_until: date | None
    is_in_time: bool  # not over before the first day of delivery
    requirements: tuple[str, ...]  # the papers of the list that ask for it

    @property
    def is_held(self) -> bool:
        return self.state == CertificateState.CHECKED and self.is_in_time

    @property
    def is_missing(self) -> bool:
        """Whether somebody has to do something about it."""
        return not self.is_held and self.why != "helps"

    @property
    def words(self):
        """What the company states."""
        return CertificateState(self.state).label if self.state else _("not stated")

    @property
    def why_words(self):
        return WHY[self.why]


def holdings_of(match: Match, papers: Iterable[Paper]) -> list[Holding]:
    """Every certificate that the lane or the buyer asks for, what is missing first. Two queries."""
    asked: dict[tuple[Side, str], tuple[str, list[str]]] = {}
    names = {kind.code: kind for kind in CertificateKind.objects.all()}
    wanted = [(Side.SELLER, kind.code, "buyer_asks", "") for kind in match.need.required_certificates.all()]
    wanted += [
        (side_of(paper), paper.certificate_kind, why_of(paper), paper.requirement)
        for paper in papers
        if paper.certificate_kind and not paper.is_announced
    ]
    order = list(WHY)
    for side, kind, why, requirement in wanted:
        known, requirements = asked.setdefault((side, kind), (why, []))
        if requirement:
            requirements.append(requirement)
        asked[side, kind] = (min(known, why, key=order.index), requirements)
    held = stated(match)
    found = [
        holding(match, side, names[kind], why, requirements, held.get((side, kind)))
        for (side, kind), (why, requirements) in asked.items()
    ]
    return sorted(found, key=lambda one: (not one.is_missing, order.index(one.why), one.side, one.name))


def stated(match: Match) -> dict[tuple[Side, str], Certificate]:
    """What both companies say; what is said of the one capacity stands above what is said of the whole company."""
    companies = {match.need.company_id: Side.BUYER, match.capacity.company_id: Side.SELLER}
    rows = Certificate.objects.filter(Q(capacity=None) | Q(capacity=match.capacity_id), company__in=companies)
    found = {}
    for row in sorted(rows.select_related("kind"), key=lambda row: row.capacity_id is not None):
        found[companies[row.company_id], row.kind.code] = row
    return found


def holding(
    match: Match, side: Side, kind: CertificateKind, why: str, requirements: list[str], row: Certificate | None
) -> Holding:
    until = row.valid_until if row else None
    return Holding(
        kind=kind.code,
        name=kind.name,
        why=why,
        side=side,
        company=match.need.company if side == Side.BUYER else match.capacity.company,
        state=row.state if row else "",
        valid_until=until,
        is_in_time=until is None or until >= match.need.window_from,
        requirements=tuple(requirements),
    )


def side_of(paper: Paper) -> Side:
    return Side.BUYER if paper.bearer == Bearer.BUYER else Side.SELLER


def why_of(paper: Paper) -> str:
    if paper.is_gate:
        return "refuses"
    if paper.role == gates.CONSIGNMENT:
        return "consignment" if paper.kind == MANDATORY else "question" if paper.kind != "voluntary" else "helps"
    return "helps" if paper.kind in ("voluntary", "preference") else "question"
