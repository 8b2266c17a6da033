"""How a company comes in: registered, and joined by the people who act for it."""

from uuid import uuid4

from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from companies.enums import CompanyKind, MemberRole
from companies.faults import Fault, Refusal, refuse
from companies.models import Company, Membership
from companies.numbers import clean_registration_number


@transaction.atomic
def register_company(
    *,
    name_registered: str,
    country: str,
    registration_number: str = "",
    code: str = "",
    kind: str = CompanyKind.REGISTERED,
    owner: User | None = None,
    **facts,
) -> Company:
    """Record a company, with its owner where there is one. `facts` are further fields of Company."""
    if registration_number:
        try:
            registration_number = clean_registration_number(registration_number, country)
        except Refusal as refusal:
            refuse([refusal.as_fault("registration_number")])
    company = Company(
        kind=kind,
        code=code or _free_code(facts.get("name_latin") or name_registered),
        name_registered=name_registered,
        country=country,
        registration_number=registration_number,
        **facts,
    )
    company.full_clean()
    company.save()
    if owner:
        add_member(company=company, user=owner, role=MemberRole.OWNER)
    return company


@transaction.atomic
def add_member(*, company: Company, user: User, role: str = MemberRole.EDITOR) -> Membership:
    """Let a person act for a company. Added again, the person keeps one membership, with the role given last."""
    if company.is_directory:
        refuse([Fault("company_is_directory", {"company": str(company)}, "company")])
    membership, _created = Membership.objects.update_or_create(company=company, user=user, defaults={"role": role})
    return membership


def _free_code(name: str) -> str:
    """A short key from the name; a name without Latin letters gets a chance one."""
    code = slugify(name)[:34].strip("-") or "company"
    if code != "company" and not Company.objects.filter(code=code).exists():
        return code
    return f"{code[:30]}-{uuid4().hex[:8]}"
