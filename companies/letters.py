"""Letters with the link by which a person joins a company.

The link is made as its letter is written, and only its digest is kept: committed first, so that a letter that has gone
out always opens something. As with notices, a letter is claimed before it is handed over: a worker that is killed
between the two costs this letter, and whoever invites sees that none went out and sends a new link.
"""

import logging
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import Truncator

from commodities.facts import LATIN_LANGUAGES
from companies.enums import InvitationKind
from companies.models import Company, Invitation
from companies.services.invitations import digest_of, new_link
from notices.letters import MailAwayError, close, is_for_later, opened_connection

log = logging.getLogger(__name__)
TEMPLATE = "companies/email/invitation"
LONGEST_NAME = 80  # a name is free text, which a letter to a stranger repeats: not more of it than says who invites


def send_invitations(now: datetime) -> int:
    """Send the letters that wait; how many went out. Two rounds at once share the work."""
    sent = 0
    for number in list(not_sent().order_by("pk").values_list("pk", flat=True)):
        try:
            sent += send_invitation(number, now)
        except MailAwayError as fault:
            log.warning("invitations: the mail server does not take any now, %s", fault)
            break
        except Exception:  # one letter that cannot be written holds no other up
            log.exception("invitation %s: not written", number)
    return sent


def not_sent():
    return Invitation.objects.waiting().filter(kind=InvitationKind.JOIN, letter_taken_at__isnull=True)


def send_invitation(number: int, now: datetime) -> bool:
    """One letter; whether it went out."""
    connection = opened_connection()
    try:
        invitation, link = claim(number, now)
        if invitation is None:
            return False
        try:
            letter = letter_with(invitation, link, connection)
        except Exception:  # nothing was handed over
            give_back(number)
            raise
        try:
            letter.send()
        except (SMTPException, OSError) as fault:
            log.warning("invitation %s: not sent, %s", number, type(fault).__name__)
            if is_for_later(fault):
                give_back(number)
            return False
    finally:
        close(connection)
    Invitation.objects.filter(pk=number).update(letter_sent_at=timezone.now())
    return True


@transaction.atomic
def claim(number: int, now: datetime) -> tuple[Invitation | None, str]:
    """Take a letter that waits, and give it its link; what another worker is taking at this moment is left to it."""
    found = not_sent().select_for_update(of=("self",), skip_locked=True).select_related("company", "made_by")
    invitation = found.filter(pk=number).first()
    if invitation is None:
        return None, ""
    link = new_link()
    invitation.digest, invitation.letter_taken_at = digest_of(link), now
    invitation.save(update_fields=["digest", "letter_taken_at"])
    return invitation, link


def give_back(number: int) -> None:
    """It was certainly not sent: the next round tries again."""
    Invitation.objects.filter(pk=number).update(letter_taken_at=None)


def letter_with(invitation: Invitation, link: str, connection: BaseEmailBackend) -> EmailMessage:
    """Plain text, in the language that was chosen for it; the same whether the address has an account or not."""
    with translation.override(invitation.language):
        facts = {
            "company": name_of(invitation.company),
            "role": invitation.get_role_display(),
            "until": invitation.ends_at,
            "link": address_of(link),
        }
        subject = " ".join(render_to_string(f"{TEMPLATE}_subject.txt", facts).split())
        message = render_to_string(f"{TEMPLATE}_message.txt", facts).strip()
    return EmailMessage(
        subject, message, to=[invitation.email], connection=connection, headers={"Auto-Submitted": "auto-generated"}
    )


def name_of(company: Company) -> str:
    """In letters that the reader reads, on one line."""
    is_latin = translation.get_language() in LATIN_LANGUAGES
    name = company.name_latin if is_latin and company.name_latin else str(company)
    return Truncator(" ".join(name.split())).chars(LONGEST_NAME)


def address_of(link: str) -> str:
    """The address of a link, as it works from outside."""
    return settings.BASE_URL.rstrip("/") + reverse("companies:invitation-open", args=[link])
