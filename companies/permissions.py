"""Questions about a person and a company. Those that hang on the role alone are in `accounts/permissions.py`."""

from django.db.models import Q

from accounts.enums import Role
from accounts.permissions import may_look_at_contacts, may_see_every_company, may_stand_in
from companies.enums import CompanyStatus, MemberRole
from companies.models import BookImport, Company, ImportedRow
from corridor.enums import Country

__all__ = [
    "VERIFIERS",
    "is_member",
    "is_owner",
    "may_act_for",
    "may_claim",
    "may_decide_on_claims",
    "may_hand_over",
    "may_keep_members",
    "may_look_at_contacts",
    "may_open_papers",
    "may_register",
    "may_stand_in",
    "may_verify",
    "may_verify_some",
]

# Who vouches for the companies of a country: the city for its own, the embassy for those where it sits.
VERIFIERS = {
    Country.INDONESIA: (Role.STAFF, Role.ADMIN),
    Country.KAZAKHSTAN: (Role.OFFICER, Role.ADMIN),
}


def may_act_for(user, company: Company) -> bool:
    """Its members; and city staff who stand in for it now."""
    return Company.objects.acted_for_by(user).filter(pk=company.pk).exists()


def may_register(user) -> bool:
    """A business user for its own company; city staff for one that asked for it or cannot do it itself."""
    return may_stand_in(user) or (user.is_authenticated and user.is_active and user.role == Role.BUSINESS)


def may_verify(user, company: Company) -> bool:
    """Staff say who trades from Indonesia, officers who trades from Kazakhstan; nobody of a company they act for.

    Nor of one that they registered. What is hidden is not there.
    """
    is_theirs = may_see_every_company(user) and user.role in VERIFIERS[company.country] and not company.is_hidden
    return is_theirs and not may_act_for(user, company) and not _has_registered(user, company)


def may_open_papers(user, company: Company) -> bool:
    """The company's own people, who stands in for it, and those who verify the companies of its country."""
    verifies = may_see_every_company(user) and user.role in VERIFIERS[company.country] and not company.is_hidden
    return verifies or may_act_for(user, company)


def _has_registered(user, company: Company) -> bool:
    """Who has acted for a company that is not let in yet, be it long ended, or brought it in with a book of theirs.

    What it states may be their words, or those of an entry that was merged into it.
    """
    if company.status not in (CompanyStatus.DRAFT, CompanyStatus.SUBMITTED):
        return False
    brought = ImportedRow.objects.filter(book__made_by=user)
    has_brought = brought.filter(Q(made_company=company) | Q(made_company__merged_into=company)).exists()
    return has_brought or company.stand_ins.filter(user=user).exists()


def may_import_books(user) -> bool:
    """City staff and embassy officers bring in the companies of a delegation, which are verified all the same."""
    return may_see_every_company(user)


def may_decide_on_book(user, book: BookImport) -> bool:
    """Confirms, undoes or drops it: who acts for the company whose listings it holds; else who sent it."""
    if book.company is not None:
        return may_act_for(user, book.company)
    return may_import_books(user) and (book.made_by_id == user.pk or user.role == Role.ADMIN)


def may_verify_some(user) -> bool:
    """Those who verify companies of one country or the other."""
    return may_see_every_company(user)


def is_member(user, company: Company) -> bool:
    """One of the company's own people, who see what a stand-in does not: the contact persons without being logged.

    Whoever works for the city or the embassy is none of them any more, as in `acted_for_by`.
    """
    return user.is_active and user.role == Role.BUSINESS and company.memberships.filter(user=user).exists()


def is_owner(user, company: Company) -> bool:
    """One of the company's own people who also says who else acts for it."""
    return is_member(user, company) and company.memberships.filter(user=user, role=MemberRole.OWNER).exists()


def may_keep_members(user, company: Company) -> bool:
    """Owners say who acts for their company; so do staff who stand in for it, and those who verify it.

    An editor keeps the profile, the certificates and the listings, and says nothing about people.
    """
    stands_in = may_stand_in(user) and may_act_for(user, company)
    return is_owner(user, company) or stands_in or may_verify(user, company)


def may_hand_over(user, company: Company) -> bool:
    """City staff and officers give a company that was entered for somebody to its own people."""
    return may_see_every_company(user) and may_keep_members(user, company)


def may_claim(user) -> bool:
    """A business user finds its company in the public directory. City staff and officers read the whole list."""
    return user.is_authenticated and user.is_active and user.role == Role.BUSINESS


def may_decide_on_claims(user, company: Company) -> bool:
    """Those who verify the companies of its country say whose an entry of the public directory is."""
    return may_see_every_company(user) and user.role in VERIFIERS[company.country] and not company.is_hidden
