"""Taking a file away: only by whom it may be seen now, and never without a trace."""

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from reports.models import ReportDownload, ReportFile
from reports.services.sharing import has_contacts, may_see_contacts
from reports.services.storing import pieces_of

GONE = "gone"


def take_away(file: ReportFile, user: User) -> Iterator[bytes]:
    """The bytes of a file, piece by piece. That it was taken is kept before the first of them.

    Refused with the code `gone` where the file is not, or not any more, to be seen by this user.
    """
    with transaction.atomic():
        files = ReportFile.objects.visible_to(user).made().filter(report__removed_at=None)
        now = files.select_related("report__maker").filter(pk=file.pk).first()
        with_contacts = now is not None and has_contacts(now.report)
        if now is None or (with_contacts and not may_see_contacts(now.report, user)):
            raise ValidationError(_("This file is not there any more, or not for you."), code=GONE)
        ReportDownload.objects.create(
            report=now.report, file_name=now.name, sha256=now.sha256, taken_by=user, had_contacts=with_contacts
        )
    return pieces_of(now)


def note_taken_at_once(*, user: User, file_name: str, asked: str, file: BinaryIO) -> None:
    """A list was handed over without a report: kept as each download is, with its filters and its digest."""
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    ReportDownload.objects.create(asked=asked, file_name=file_name, sha256=digest, taken_by=user)
