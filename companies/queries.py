"""What the services ask across models."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import User
from commodities.models import Commodity, CommodityGroup, CommodityParameter
from companies.enums import CompanyStatus, FactKind
from companies.facts import Node
from companies.models import Company, Membership, Merge
from companies.permissions import VERIFIERS

# What those who verify a company need to know of it, and how the page calls it.
NEEDED = {
    "registration_number": _("registration number"),
    "region": _("region"),
    "place": _("nearest place of the corridor"),
    "sectors": _("sectors"),
    "languages": _("languages of correspondence"),
}

CHECKED_FIELDS = ("name_registered", "registration_number")


def parameter_kinds_of(nodes: Iterable[Node]) -> dict[int, str]:
    """The parameters (by id) of the goods at or below some nodes, with how each is compared."""
    inside = Q(pk__in=[])
    for node in nodes:
        for part in node.members.all() if isinstance(node, CommodityGroup) else [node]:
            inside |= Q(tree_lo__gte=part.tree_lo, tree_lo__lt=part.tree_hi)
    goods = Commodity.objects.filter(inside)
    uses = CommodityParameter.objects.filter(commodity__in=goods).order_by("commodity__tree_lo", "pk")
    kinds: dict[int, str] = {}
    for parameter_id, kind in uses.values_list("parameter_id", "kind"):
        kinds.setdefault(parameter_id, kind)
    return kinds


def missing_for_verification(company: Company) -> list[Promise]:
    """What a company has still to fill in before somebody can verify it."""
    missing = [label for name, label in NEEDED.items() if not getattr(company, name)]
    if not company.role_mailbox and not company.switchboard:
        missing.append(_("a mailbox or a telephone number of the company"))
    return missing


def checked_fields(company: Company) -> list[str]:
    """What somebody has held against the papers, of what is filled in: it is no longer the company's own to change."""
    checks = [FactKind.NUMBER_CHECKED, FactKind.DOCUMENTS_SEEN]
    filled = [name for name in CHECKED_FIELDS if getattr(company, name)]
    return filled if company.facts.filter(kind__in=checks).exists() else []


def found_under(company: Company) -> Company:
    """The company itself, or the one that it was merged into, and that one in turn."""
    seen = set()
    while company.merged_into_id and company.pk not in seen:
        seen.add(company.pk)
        company = company.merged_into
    return company


def merges_verified_by(user) -> QuerySet[Merge]:
    """The merges of companies of the country that a person verifies."""
    countries = [country for country, roles in VERIFIERS.items() if user.is_active and user.role in roles]
    return Merge.objects.filter(stays__country__in=countries)


def members_of(company: Company) -> QuerySet[User]:
    """The people of a company who can still sign in."""
    return User.objects.filter(memberships__company=company, is_active=True)


def companies_left_alone_without(user: User) -> QuerySet[Company]:
    """Active companies of a person for which nobody else can act: their matches would go on, and nobody would answer.

    Closed accounts do not act, nor do people who now work for the city or the embassy.
    """
    others = Membership.objects.filter(company=OuterRef("pk"), user__is_active=True, user__role=Role.BUSINESS)
    return Company.objects.filter(
        ~Exists(others.exclude(user=user)), memberships__user=user, status=CompanyStatus.ACTIVE
    ).order_by("code")


def people_who_verify(company: Company) -> QuerySet[User]:
    """Those who may say whether a company of its country is what it says."""
    return User.objects.filter(role__in=VERIFIERS[company.country], is_active=True)
