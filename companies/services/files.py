"""Files of certificates: taken by what they are, not by what they are called; gone from the disk with their row."""

import hashlib

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts import figures
from accounts.enums import Role
from accounts.models import User
from companies.enums import CertificateState, FileKind
from companies.models import Certificate, CertificateFile, Company
from companies.services.locking import ChangedMeanwhile, locked, refuse_directory, refuse_suspended

MOST_OF_CERTIFICATE, MOST_OF_COMPANY = 5, 40
# How a file of each kind begins, and what stands near its end.
BEGINNINGS = {
    FileKind.PDF: b"%PDF-",
    FileKind.JPEG: b"\xff\xd8\xff",
    FileKind.PNG: b"\x89PNG\r\n\x1a\n",
}
ENDS = {FileKind.PDF: b"%%EOF", FileKind.JPEG: b"\xff\xd9", FileKind.PNG: b"IEND\xaeB\x60\x82"}
END_WITHIN = 2048  # bytes from the end; programs add a few of their own


@transaction.atomic
def add_certificate_file(*, certificate: Certificate, file: UploadedFile, added_by: User) -> CertificateFile:
    """Keep a file of a certificate. The same file sent again is kept once."""
    company = locked(certificate.company)
    refuse_suspended(company)
    refuse_directory(company)
    try:
        certificate.refresh_from_db(fields=["state"])  # it may have been checked, or removed, before the lock was ours
    except Certificate.DoesNotExist:
        raise ChangedMeanwhile from None
    if file.size > settings.CERTIFICATE_FILE_MAX_SIZE:
        raise _refused(
            _("This file is too large: at most %(most)s MB.")
            % {"most": _megabytes(settings.CERTIFICATE_FILE_MAX_SIZE)},
            "too_large",
        )
    body = file.read()
    kind = kind_of(body)
    digest = hashlib.sha256(body).hexdigest()
    if known := certificate.files.filter(digest=digest).first():
        return known
    _refuse_too_many(certificate)
    _refuse_too_much(company, file.size, added_by)
    file.seek(0)
    kept = CertificateFile(certificate=certificate, kind=kind, size=file.size, digest=digest, added_by=added_by)
    kept.file.save(file.name, file, save=False)
    try:
        kept.full_clean()
        kept.save()
        _check_anew(certificate)
    except BaseException:
        kept.file.storage.delete(kept.file.name)
        raise
    return kept


def kind_of(body: bytes) -> FileKind:
    """What a file is. Raises ValidationError for anything but a whole PDF, JPEG or PNG."""
    for kind, beginning in BEGINNINGS.items():
        if body.startswith(beginning):
            if ENDS[kind] in body[-END_WITHIN:]:
                return kind
            raise _refused(_("This file is not whole: its end is missing. Send it again."), "not_whole")
    raise _refused(_("This is no PDF, JPEG or PNG. Take a picture of the paper, or save it as a PDF."), "kind")


@transaction.atomic
def remove_certificate_file(*, certificate: Certificate, file: int) -> None:
    """Take a file away; the receiver of its deletion clears the disk. Removed already, nothing is left to do."""
    refuse_suspended(locked(certificate.company))
    certificate.files.filter(pk=file).delete()


def _check_anew(certificate: Certificate) -> None:
    """What was checked was another paper."""
    if certificate.state == CertificateState.CHECKED:
        certificate.state = CertificateState.UNCHECKED
        certificate.save(update_fields=["state"])


def _refuse_too_many(certificate: Certificate) -> None:
    of_company = CertificateFile.objects.filter(certificate__company=certificate.company)
    if certificate.files.count() >= MOST_OF_CERTIFICATE or of_company.count() >= MOST_OF_COMPANY:
        words = _("A certificate has at most %(most)s files, and a company %(of_company)s. Remove one first.")
        raise _refused(words % {"most": MOST_OF_CERTIFICATE, "of_company": MOST_OF_COMPANY}, "too_many")


def _refuse_too_much(company: Company, size: int, added_by: User) -> None:
    """Together they take a bounded part of the disk: those of a company, and those that one business user brings."""
    most = settings.CERTIFICATE_FILES_MAX_OF_COMPANY
    if _taken(certificate__company=company) + size > most:
        words = _("The papers of a company take at most %(most)s MB together. Remove one, or send this one smaller.")
        raise _refused(words % {"most": _megabytes(most)}, "too_much")
    if added_by.role != Role.BUSINESS:
        return  # city staff bring the papers of many companies
    User.objects.select_for_update(no_key=True).get(pk=added_by.pk)  # the same person, at another company's paper
    most = settings.CERTIFICATE_FILES_MAX_OF_PERSON
    if _taken(added_by=added_by) + size > most:
        words = _(
            "The papers that one person has sent take at most %(most)s MB together. Remove one that is not needed."
        )
        raise _refused(words % {"most": _megabytes(most)}, "too_much_of_person")


def _taken(**which) -> int:
    return CertificateFile.objects.filter(**which).aggregate(bytes=Sum("size"))["bytes"] or 0


def _refused(words: str, code: str) -> ValidationError:
    return ValidationError({"file": ValidationError(words, code=code)})


def _megabytes(size: int) -> str:
    return figures.decimal(size // 1_000_000)
