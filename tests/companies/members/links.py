"""What the tests of one-time links share: people with a confirmed address, links in known words."""

import re
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from companies.enums import InvitationKind, MemberRole
from companies.models import Company, Invitation
from companies.services.invitations import digest_of
from tests.people import person

LINK = "one-link-of-the-tests"
ADDRESS = f"/invitations/{LINK}/"
NUMBER = "1234567890123"


def confirmed(email: str = "siti@example.test", **facts) -> User:
    """A business user who has opened a letter at their address."""
    user = person(facts.pop("role", Role.BUSINESS), email=email, **facts)
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    return user


def invitation(company: Company, **facts) -> Invitation:
    """A link to join, for Siti, as an editor."""
    facts = {
        "kind": InvitationKind.JOIN,
        "role": MemberRole.EDITOR,
        "email": "siti@example.test",
        "language": "en",
        "digest": digest_of(LINK),
        "ends_at": timezone.now() + timedelta(days=1),
    } | facts
    return Invitation.objects.create(company=company, **facts)


def handover(company: Company, **facts) -> Invitation:
    """A link to take a company over, for whoever holds it."""
    return invitation(company, **{"kind": InvitationKind.HANDOVER, "role": MemberRole.OWNER, "email": ""} | facts)


def link_in(letter) -> str:
    """The path of the link in a letter."""
    return re.search(r"https?://[^/\s]+(/invitations/[^\s]+)", letter.body)[1]
