"""Letters of ours to a person, in the language of the account."""

import logging
from smtplib import SMTPException

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import User

logger = logging.getLogger(__name__)


def send_letter(user: User, template: str, **facts: object) -> bool:
    """Send `<template>_subject.txt` and `<template>_message.txt`; whether it went out.

    What the letter tells has happened already, so a mail server that is away does not undo it.
    """
    with translation.override(user.language):
        subject = " ".join(render_to_string(f"{template}_subject.txt", facts).split())
        message = render_to_string(f"{template}_message.txt", facts).strip()
    try:
        send_mail(subject, message, from_email=None, recipient_list=[user.email])
    except (OSError, SMTPException):
        logger.exception("a letter could not be sent: %s", template)
        return False
    return True
