"""Erase a person: their account becomes nameless, their contact details go, the facts of the trade stay."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.history import changes_by, forgetting
from accounts.models import User
from accounts.services import alone_with, refuse_the_last_administrator
from companies.enums import ClaimState
from companies.forgetting import forget_proof
from companies.models import Company, ContactPerson, Invitation, Membership, StandIn
from companies.queries import companies_left_alone_without
from desk.models import Desk
from notices.models import Notice
from reports.services.erasing import forget_person as forget_reports_of
from tradematch.keeping import erasures, traces
from tradematch.keeping.failures import KeepingError

# What one name may also be: a word, a good, another person. Only whole names of several words are replaced unread.
SURE_WORDS = 2


@dataclass
class Person:
    """Somebody as the database knows them: an account, contact persons with the same address, or both."""

    email: str
    account: User | None
    contacts: list[ContactPerson] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        known = [self.account.name] if self.account else []
        return list(dict.fromkeys(name for name in (*known, *(contact.name for contact in self.contacts)) if name))


@dataclass(frozen=True)
class Erased:
    """What an erasure did, and what a person still has to read."""

    account: User | None
    contacts: int
    sessions: int
    scrubbed: int
    to_read: list[traces.Trace]


def find_person(email: str) -> Person:
    email = email.strip()
    account = User.objects.filter(email=email.lower(), erased_at__isnull=True).first()
    addresses = {email}
    if account:
        addresses |= set(EmailAddress.objects.filter(user=account).values_list("email", flat=True))
    # The database folds more letters than Python (ı is an i there), so what it finds is only the first choice.
    same = models.Q()
    for address in addresses:
        same |= models.Q(email__iexact=address)
    lower = {address.lower() for address in addresses}
    found = ContactPerson.objects.filter(same).order_by("pk")
    return Person(email, account, [contact for contact in found if contact.email.lower() in lower])


def refuse_erasure(person: Person, *, leave_company: bool) -> None:
    """Nobody may be locked out by somebody's leaving."""
    account = person.account
    if account is None:
        return
    if account.role == Role.ADMIN:
        refuse_the_last_administrator(account)
    left_alone = companies_left_alone_without(account)
    if left_alone and not leave_company:
        names = ", ".join(str(company) for company in left_alone)
        raise KeepingError(
            f"{person.email} is the only one who acts for {names}: let somebody else join, or leave the company "
            "without anybody with --leave-company."
        )


def alone(person: Person) -> Person:
    """The person as they are now. Until the erasure ends nobody else takes away an administrator or a member.

    Companies before people: whoever changes something of a company holds it first, and then names a person in it.
    """
    if person.account is None:
        return person
    theirs = Company.objects.filter(pk__in=Membership.objects.filter(user=person.account).values("company"))
    list(theirs.order_by("pk").select_for_update())
    account = alone_with(person.account)
    if account.erased_at:
        raise KeepingError(f"{person.email} has been erased meanwhile.")
    return replace(person, account=account)


def erase_person(
    person: Person,
    *,
    reason: str,
    also_named: Iterable[str] = (),
    scrub_texts: bool = False,
    leave_company: bool = False,
) -> Erased:
    """Forget a person for good. The register is written within the transaction: no erasure without its proof."""
    if not reason:
        raise KeepingError("Say why with --reason; the register keeps it as proof.")
    with transaction.atomic(), changes_by(erasure=True):
        person = alone(person)
        refuse_erasure(person, leave_company=leave_company)
        wanted = texts_of(person, also_named)
        if any(text.text.casefold() in reason.casefold() for text in wanted):
            raise KeepingError("The reason names the person, and the register keeps it: say why without the name.")
        rows = [erasures.digest_of(row) for row in (person.account, *person.contacts) if row is not None]
        erased = forget(person, wanted, scrub_texts=scrub_texts)
        if rows:
            now = timezone.now().isoformat(timespec="seconds")
            erasures.append(erasures.Erasure(now, reason, tuple(rows)))
    return erased


def texts_of(person: Person, also_named: Iterable[str] = ()) -> list[traces.Wanted]:
    addresses = {person.email, *(contact.email for contact in person.contacts)}
    if person.account:
        addresses |= {
            person.account.email,
            *EmailAddress.objects.filter(user=person.account).values_list("email", flat=True),
        }
    names = dict.fromkeys((*person.names, *also_named))
    return [
        *(traces.Wanted(address, "address") for address in sorted({address.lower() for address in addresses})),
        *(traces.Wanted(name, "name") for name in names),
    ]


def forget(person: Person, wanted: list[traces.Wanted], *, scrub_texts: bool) -> Erased:
    sessions = end_sessions(person.account) if person.account else 0
    forget_contacts(person.contacts)
    forget_invitations(text.text for text in wanted if text.kind == "address")
    if person.account:
        forget_claims(person.account)
        forget_account(person.account)
    # Last of all: what was changed until here has been kept, too.
    kept, live = traces.columns_by(is_told_or_kept)
    scrubbed = traces.scrub(wanted, live) if scrub_texts else 0
    with forgetting():
        scrubbed += traces.scrub([text for text in wanted if scrub_texts or is_sure(text)], kept)
    return Erased(person.account, len(person.contacts), sessions, scrubbed, traces.traces_of(wanted, [*kept, *live]))


def is_sure(text: traces.Wanted) -> bool:
    return text.kind == "address" or len(text.text.split()) >= SURE_WORDS


def is_told_or_kept(model: type[models.Model]) -> bool:
    """History and notices: nobody decides by them, so a person's address and name are replaced there unread."""
    return hasattr(model, "pgh_tracked_model") or model._meta.label in ("pghistory.Context", "notices.Notice")


def end_sessions(account: User) -> int:
    """End every session of a person, also those that no list of sessions knows."""
    keys = set(UserSession.objects.filter(user=account).values_list("session_key", flat=True))
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(account.pk):
            keys.add(session.session_key)
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(user=account).delete()
    return len(keys)


def forget_contacts(contacts: list[ContactPerson]) -> None:
    """A contact person goes with their consents and the history of these."""
    numbers = [contact.pk for contact in contacts]
    ContactPerson.objects.filter(pk__in=numbers).delete()
    with forgetting():
        apps.get_model("companies", "ConsentEvent").objects.filter(contact_id__in=numbers).delete()


def forget_invitations(addresses: Iterable[str]) -> None:
    """Links that were sent to the person open nothing any more, and their address goes with them."""
    Invitation.objects.filter(email__in=list(addresses)).delete()


def forget_claims(account: User) -> None:
    """What they claimed and what was decided stays; the document that proved it, which may name them, does not."""
    waiting = account.claims.filter(state=ClaimState.WAITING)
    waiting.update(state=ClaimState.WITHDRAWN, decided_at=timezone.now())
    for claim in account.claims.all():
        forget_proof(claim)


def forget_account(account: User) -> None:
    """Decisions, runs and checks keep their number; whom the number meant is not known any more."""
    for model in (EmailAddress, Authenticator, Notice, Desk, Membership):
        model.objects.filter(user=account).delete()
    account.saved_views.all().delete()
    forget_reports_of(account)
    StandIn.objects.open().filter(user=account).update(ended_at=timezone.now())
    account.groups.clear()
    account.user_permissions.clear()
    account.email = f"erased-{account.pk}@erased.invalid"
    account.name = ""
    account.is_active = account.is_superuser = False
    account.last_login = None
    account.erased_at = timezone.now()
    account.set_unusable_password()
    account.save(
        update_fields=["email", "name", "is_active", "is_superuser", "last_login", "erased_at", "password"],
    )


def repeat(known: list[erasures.Erasure]) -> int:
    """Erase again, in a restored database, whom the register names; how many rows that were."""
    count = 0
    with transaction.atomic(), changes_by(erasure=True):
        accounts = [account for account, _ in erasures.of(known, User) if account.erased_at is None]
        contacts = [contact for contact, _ in erasures.of(known, ContactPerson)]
        for account in accounts:
            person = find_person(account.email)
            forget(person, texts_of(person), scrub_texts=False)
            count += 1 + len(person.contacts)
        for contact in contacts:
            if ContactPerson.objects.filter(pk=contact.pk).exists():
                person = Person(contact.email, None, [contact])
                forget(person, texts_of(person), scrub_texts=False)
                count += 1
    return count
