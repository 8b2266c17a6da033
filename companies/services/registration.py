"""How a business registers its company: begun with its number, saved step by step, sent to those who verify it."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from commodities.models import CertificateKind
from companies.enums import CertificateState, CompanyKind, CompanyStatus, MemberRole
from companies.faults import Fault, Refusal, refuse
from companies.models import Certificate, Company, ContactPerson
from companies.numbers import clean_registration_number
from companies.permissions import may_act_for
from companies.queries import found_under
from companies.registration import Step, missing_steps, titles
from companies.services.companies import register_company
from companies.services.contacts import add_contact
from companies.services.locking import (
    ChangedMeanwhile,
    locked,
    refuse_directory,
    refuse_suspended,
    seen_of,
    version,
)
from companies.services.profiles import edit_profile, submit_company
from companies.services.stand_ins import begin_stand_in
from companies.services.verification import CERTIFICATE_FACTS
from corridor.enums import Country

MOST_DRAFTS = 5  # that one person may have begun and not sent
MOST_CERTIFICATES = 60


@transaction.atomic
def begin_registration(
    *, user: User, country: str, registration_number: str, name_registered: str, reason: str = ""
) -> Company:
    """Begin with the number of the company, for oneself or, as city staff, on its behalf for a reason it can read.

    Begun twice (a double tap, a second tab), it is the same company. Of one that belongs to others nothing is told but
    that its number is taken.
    """
    User.objects.select_for_update().get(pk=user.pk)  # two sendings at once come one after the other
    number = _clean_number(registration_number, country)
    known = Company.objects.filter(country=country, registration_number=number).first()
    known = found_under(known) if known else None
    if known and may_act_for(user, known):
        return known
    if known:
        raise number_is_taken(country)
    is_own = user.role == Role.BUSINESS
    if is_own and _drafts_of(user) >= MOST_DRAFTS:
        raise ValidationError(
            _("You have begun %(most)s registrations and sent none of them. Finish one of these first."),
            params={"most": MOST_DRAFTS},
        )
    try:
        with transaction.atomic():
            company = register_company(
                name_registered=name_registered,
                country=country,
                registration_number=number,
                owner=user if is_own else None,
            )
    except (IntegrityError, ValidationError):
        # Somebody else took the number between the question and the writing; anything else is said as it is.
        if Company.objects.filter(country=country, registration_number=number).exists():
            raise number_is_taken(country) from None
        raise
    if not is_own:
        begin_stand_in(company=company, user=user, reason=reason)
    return company


def number_is_taken(country: str) -> ValidationError:
    """What one is told of a number that belongs to a company already: that it does, and whom to ask."""
    if country == Country.KAZAKHSTAN:
        said = _(
            "A company with this number is here already. If it is yours, write to the embassy in Astana from the "
            "address of your account, with a document of the company: they join you to it."
        )
    else:
        said = _(
            "A company with this number is here already. If it is yours, write to the city in Balikpapan from the "
            "address of your account, with a document of the company: they join you to it."
        )
    return ValidationError({"registration_number": ValidationError(said, code="number_taken")})


@transaction.atomic
def save_step(*, company: Company, step: Step, seen: str, **stated) -> Company:
    """Take over one step. `seen` is what it held when the page was opened (`seen_of`).

    Other steps may have been saved meanwhile, in another tab; the same sent again changes nothing.
    """
    company = locked(company)
    changed = {name: value for name, value in stated.items() if getattr(company, name) != value}
    if not changed:
        return company
    refuse_suspended(company)
    if seen != seen_of(company, step.fields):
        raise ChangedMeanwhile
    if "region" in changed and company.region != stated["region"]:
        changed |= _loading_of(stated["region"])
    return edit_profile(company=company, seen_at=version(company), **changed)


def _loading_of(region) -> dict:
    """Where the goods of a region are loaded, as its row says: a beginning, which the company may change."""
    return {"place": region.place, "first_mile_km": region.distance_km} if region else {}


@transaction.atomic
def state_certificate(*, company: Company, kind: CertificateKind, seen: str = "", **stated) -> Certificate:
    """Keep what a company says of one certificate for all its goods. What was checked counts until it is changed."""
    company = locked(company)
    refuse_suspended(company)
    refuse_directory(company)
    certificate = company.certificates.filter(kind=kind, capacity__isnull=True).first()
    stated = _held_facts(certificate, **stated)
    if certificate is None:
        if company.certificates.filter(capacity__isnull=True).count() >= MOST_CERTIFICATES:
            raise ValidationError(
                _("A company states at most %(most)s certificates."), params={"most": MOST_CERTIFICATES}
            )
        certificate = Certificate(company=company, kind=kind)
    elif all(getattr(certificate, name) == value for name, value in stated.items()):
        return certificate
    elif seen != seen_of(certificate, CERTIFICATE_FACTS):
        raise ChangedMeanwhile
    for name, value in stated.items():
        setattr(certificate, name, value)
    certificate.full_clean()
    certificate.save()
    return certificate


def _held_facts(known: Certificate | None, *, is_held: bool, valid_from=None, valid_until=None, **words) -> dict:
    """The columns of a certificate as its company states it: held is unchecked until somebody has seen it."""
    if not is_held:
        return dict.fromkeys(words, "") | {
            "state": CertificateState.NOT_HELD,
            "valid_from": None,
            "valid_until": None,
        }
    _refuse_days(valid_from, valid_until)
    facts = words | {"valid_from": valid_from, "valid_until": valid_until}
    is_checked = known is not None and known.state == CertificateState.CHECKED
    is_same = is_checked and all(getattr(known, name) == value for name, value in facts.items())
    return facts | {"state": CertificateState.CHECKED if is_same else CertificateState.UNCHECKED}


def _refuse_days(valid_from: date | None, valid_until: date | None) -> None:
    if valid_from and valid_until and valid_until < valid_from:
        refuse([Fault("window_reversed", {"start": valid_from, "until": valid_until}, "valid_until")])


@transaction.atomic
def remove_certificate(*, company: Company, certificate: int) -> None:
    """Say nothing of a certificate any more. Removed already, nothing is left to do."""
    company = locked(company)
    refuse_suspended(company)
    company.certificates.filter(pk=certificate, capacity__isnull=True).delete()


@transaction.atomic
def add_contact_once(*, company: Company, recorded_by: User, **facts) -> ContactPerson:
    """Enter a contact person with the consent; the same person sent again is not entered again."""
    company = locked(company)
    who = {name: facts[name] for name in ("name", "email", "phone")}
    known = company.contacts.filter(**who, consents__withdrawn_at__isnull=True).first()
    return known or add_contact(company=company, recorded_by=recorded_by, **facts)


@transaction.atomic
def send_registration(*, company: Company, seen_at: str, sent_by: User | None = None) -> Company:
    """Send the company to those who verify it. Sent already, it stays so; changed since it was read, it is not sent."""
    company = locked(company)
    refuse_suspended(company)
    if company.status != CompanyStatus.DRAFT:
        return company
    if version(company) != seen_at:
        raise ValidationError(
            _("Something was changed after you opened this page. Read it once more, then send it."),
            code="changed_meanwhile",
        )
    if missing := missing_steps(company):
        raise ValidationError(
            _("Before it can be sent, these steps want something: %(steps)s."), params={"steps": titles(missing)}
        )
    return submit_company(company=company, sent_by=sent_by)


@transaction.atomic
def drop_registration(*, company: Company) -> None:
    """Throw a company away that was begun and never let in: nobody has checked it and it trades nothing."""
    company = locked(company)
    if company.status != CompanyStatus.DRAFT or company.kind != CompanyKind.REGISTERED or _is_more_than_begun(company):
        raise ValidationError(
            _("%(company)s is more than a beginning and stays. Ask those who verify companies."),
            params={"company": str(company)},
        )
    company.delete()


def _is_more_than_begun(company: Company) -> bool:
    things = (company.needs, company.capacities, company.facts, company.contacts, company.claims, company.merges)
    return any(thing.exists() for thing in things)


def _drafts_of(user: User) -> int:
    own = Company.objects.filter(status=CompanyStatus.DRAFT, kind=CompanyKind.REGISTERED)
    return own.filter(memberships__user=user, memberships__role=MemberRole.OWNER).count()


def _clean_number(text: str, country: str) -> str:
    try:
        return clean_registration_number(text, country)
    except Refusal as refusal:
        return refuse([refusal.as_fault("registration_number")])
