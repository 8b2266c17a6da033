"""On whose word a book comes in, asked anew each time: rights may have gone since it was sent."""

from django.utils import timezone

from accounts.models import User
from companies.book.sender import Sender
from companies.models import BookImport, Company
from companies.permissions import VERIFIERS, may_import_books
from corridor.enums import Country


def sender_of(book: BookImport, *, decided_by: User | None = None) -> Sender:
    """What the sender of a book may say. City staff bring in guests of either country, officers those of their own."""
    if book.company is not None:
        return Sender(is_staff=False, is_page=True, own=book.company)
    user = decided_by or book.made_by
    if user is None or not may_import_books(user):
        return Sender(is_staff=False, is_page=True, countries=frozenset())
    day = timezone.localtime(book.made_at).date().isoformat()
    return Sender(
        is_page=True,
        acts_for=frozenset(Company.objects.acted_for_by(user).values_list("pk", flat=True)),
        countries=countries_of(user),
        source=f"{book.file_name} № {book.pk}, {day}",
    )


def countries_of(user: User) -> frozenset[str] | None:
    """Those of which a person may bring in companies; None: any."""
    theirs = frozenset(country for country, roles in VERIFIERS.items() if user.role in roles)
    return None if Country.INDONESIA in theirs else theirs
