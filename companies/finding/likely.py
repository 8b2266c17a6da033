"""Which entries are likely one company, as a page may show them to a person: with how sure it is, and why."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.permissions import may_see_every_company
from companies.enums import CompanyKind
from companies.finding.finder import MOST_SHOWN, Candidate, likely_among
from companies.models import Company

SHORTEST_NAME = 3
WHY = {
    "same_number": _("the same registration number"),
    "same_name": _("the same name; the legal form does not count"),
    "other_spelling": _("the same name in other letters or another spelling"),
    "slip_of_the_pen": _("the same name but for one letter"),
    "near_name": _("a similar name"),
}


@dataclass(frozen=True)
class LikelySame:
    """A company that may be the one meant. `is_own`: the person acts for it."""

    company: Company
    percent: int
    why: Promise
    is_own: bool = False

    @property
    def claim_address(self) -> str:
        """Where somebody says that an entry of the public directory is theirs."""
        if not self.company.is_directory:
            return ""
        return reverse("companies:claim-make", args=[self.company.pk])


def likely_same(company: Company, for_whom) -> list[LikelySame]:
    """The entries that are likely the same company as this one, as far as the person may know; five at most."""
    return likely_ones(
        company.name_registered,
        number=company.registration_number,
        country=company.country,
        for_whom=for_whom,
        leaving_out=company,
    )


def likely_ones(
    name: str, *, number: str = "", country: str = "", for_whom, leaving_out: Company | None = None
) -> list[LikelySame]:
    """The companies that somebody who types a name or number may mean.

    Those who see every company are told of all. A business user is told of the public directory, which is public, and
    of the companies they act for: that a private company is here is never told, not even that there is one.
    """
    if len(name.strip()) < SHORTEST_NAME:
        name = ""
    asked = told_companies(for_whom)
    if country:
        asked = asked.filter(country=country)
    if leaving_out is not None and leaving_out.pk:
        asked = asked.exclude(pk=leaving_out.pk)
    found = likely_among(asked.select_related("region", "place"), name, number)[:MOST_SHOWN]
    own = (
        set() if may_see_every_company(for_whom) else {one.company.pk for one in found if not one.company.is_directory}
    )
    return [shown(one, is_own=one.company.pk in own) for one in found]


def told_companies(person):
    """The companies of which a person may be told that they are here."""
    here = Company.objects.filter(is_hidden=False)
    if may_see_every_company(person):
        return here
    if not person.is_authenticated or not person.is_active:
        return here.none()
    own = Company.objects.acted_for_by(person).order_by().values("pk")
    return here.filter(Q(kind=CompanyKind.DIRECTORY) | Q(pk__in=own))


def shown(found: Candidate, *, is_own: bool) -> LikelySame:
    return LikelySame(found.company, round(100 * found.score), WHY[found.why], is_own)
