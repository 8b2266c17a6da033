"""What can be done about people: roles, closing and opening accounts, a lost second factor.

Each but the ending of sessions says why, which is kept with the change, and the person gets a letter.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.history import changes_by
from accounts.letters import send_letter
from accounts.models import SecondFactor, User
from accounts.signals import post_ended

SHORTEST_REASON, LONGEST_REASON = 5, 300


@transaction.atomic
def change_role(person: User, *, role: str, reason: str, by: User | None) -> User:
    """Give a person another role, at once: all sessions end. `by` is None at a terminal."""
    if role not in Role.values:
        raise ValidationError(_("There is no role %(role)s."), params={"role": role})
    person = alone_with(person)
    refuse_oneself(person, by)
    if person.erased_at:
        raise ValidationError(_("This person was forgotten and cannot get a role."))
    if person.role == role:
        raise ValidationError(_("%(person)s has this role already."), params={"person": person})
    if person.role == Role.ADMIN:
        refuse_the_last_administrator(person)
    with changes_by(reason=a_reason(reason)):
        person.role = role
        person.is_superuser = role == Role.ADMIN and person.is_superuser
        person.save(update_fields=["role", "is_superuser"])
        person.end_all_sessions()
        post_ended.send(User, person=person)
    tell(person, "accounts/email/role_changed", role=person.get_role_display)
    return person


@transaction.atomic
def close_account(person: User, *, reason: str, by: User | None) -> User:
    """Nobody signs in with it any more; what the person did stays."""
    person = alone_with(person)
    refuse_oneself(person, by)
    if not person.is_active:
        raise ValidationError(_("This account is closed already."))
    if person.role == Role.ADMIN:
        refuse_the_last_administrator(person)
    with changes_by(reason=a_reason(reason)):
        person.is_active = False
        person.save(update_fields=["is_active"])
        person.end_all_sessions()
        post_ended.send(User, person=person)
    tell(person, "accounts/email/account_closed")
    return person


@transaction.atomic
def reopen_account(person: User, *, reason: str, by: User | None) -> User:
    """The person signs in again as before, with the password and the second factor of then."""
    person = alone_with(person)
    if person.erased_at:
        raise ValidationError(_("This person was forgotten; the account cannot be opened again."))
    if person.is_active:
        raise ValidationError(_("This account is open."))
    with changes_by(reason=a_reason(reason)):
        person.is_active = True
        person.save(update_fields=["is_active"])
    tell(person, "accounts/email/account_opened")
    return person


@transaction.atomic
def end_sessions_of(person: User, *, by: User | None) -> User:
    """Sign a person out everywhere: a lost telephone, a strange session."""
    refuse_oneself(person, by)
    person.end_all_sessions()
    return person


@transaction.atomic
def remove_second_factor(person: User, *, reason: str, by: User | None) -> User:
    """Whoever lost the telephone and the recovery codes sets up a new second factor at the next sign-in.

    The one who does this has made sure who asks: with the password alone, a stranger could come in now.
    """
    person = alone_with(person)
    refuse_oneself(person, by)
    factors = SecondFactor.objects.filter(user=person)
    if not factors.exists():
        raise ValidationError(_("%(person)s has no second factor."), params={"person": person})
    with changes_by(reason=a_reason(reason)):
        factors.delete()
        person.end_all_sessions()
    tell(person, "accounts/email/second_factor_removed")
    return person


# What they share.


def alone_with(person: User) -> User:
    """The person as they are now. All administrators are held too: two must not make each other the last one."""
    wanted = User.objects.filter(role=Role.ADMIN) | User.objects.filter(pk=person.pk)
    return next(found for found in wanted.order_by("pk").select_for_update() if found.pk == person.pk)


def refuse_oneself(person: User, by: User | None) -> None:
    if by is not None and by.pk == person.pk:
        raise ValidationError(_("Nobody decides this about oneself: ask another administrator."))


def refuse_the_last_administrator(person: User) -> None:
    others = User.objects.filter(role=Role.ADMIN, is_active=True).exclude(pk=person.pk)
    if person.is_active and not others.exists():
        raise ValidationError(_("This is the last administrator. Make somebody else one first."))


def a_reason(text: str) -> str:
    reason = " ".join(text.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise ValidationError(
            _("Say why, in %(fewest)s to %(most)s letters."),
            params={"fewest": SHORTEST_REASON, "most": LONGEST_REASON},
        )
    return reason


def tell(person: User, template: str, **facts: object) -> None:
    """The letter goes out once the change is there for all to see."""
    transaction.on_commit(lambda: send_letter(person, template, **facts))
