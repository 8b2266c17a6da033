"""Two entries become one: everything of the one that goes is found under the one that stays."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.history import changes_by_the_way
from accounts.models import User
from companies.book.importing import wait_for_other_books
from companies.models import Company, Merge
from companies.queries import members_of
from companies.services.merging.changes import apply, exchange, written
from companies.services.merging.collecting import Moving
from companies.services.merging.comparing import seen_of_both, why_not
from companies.services.merging.fields import differing
from companies.signals import book_changed
from notices.enums import NoticeKind
from notices.services import tell

LONGEST_REASON = 500


@transaction.atomic
def merge_companies(
    *, stays: Company, goes: Company, taken: Mapping[str, str], reason: str, seen: str, merged_by: User
) -> Merge:
    """Bring two entries of one company together. The one that goes is hidden; its histories stay where they are.

    `taken` says of each field of which they say different things whose value counts, "stays" or "goes"; what only one
    of them says is kept. `seen` is what the page showed of both.
    """
    stays, goes = both_locked(stays, goes)
    if refusal := why_not(stays, goes, merged_by):
        raise refusal
    if seen != seen_of_both(stays, goes):
        said = _("One of the two was changed after you opened this page. Compare them once more.")
        raise ValidationError(said, code="changed_meanwhile")
    if not reason:
        raise ValidationError({"reason": _("Say how you know that it is one company.")})
    keys = {field.key for field in differing(stays, goes)}
    moving = Moving(stays, goes, {key: whose for key, whose in taken.items() if key in keys})
    changes_by_the_way(way="merge")
    apply(moving.changes)
    exchanges = [exchange(pair) for pair in moving.exchanges]
    merge = Merge.objects.create(
        stays=stays,
        goes=goes,
        reason=reason,
        moved=written(moving.changes, exchanges, moving.told),
        merged_by=merged_by,
    )
    settled(stays, goes)
    tell(
        users=members_of(stays),
        kind=NoticeKind.COMPANIES_MERGED,
        event=f"merge:{merge.pk}",
        facts={"company": str(stays), "other": str(goes)},
        address=reverse("companies:company-detail", args=[stays.pk]),
    )
    return merge


def both_locked(one: Company, other: Company) -> tuple[Company, Company]:
    """Both entries as they are now, held until the transaction ends: in one order, and no book is written meanwhile."""
    wait_for_other_books()
    held = Company.objects.select_for_update(of=("self",)).order_by("pk").in_bulk([one.pk, other.pk])
    return held[one.pk], held[other.pk]


def settled(stays: Company, goes: Company) -> None:
    """Whoever has a page of either open is told that it has changed; what matches is looked for anew."""
    Company.objects.filter(pk__in=[stays.pk, goes.pk]).update(changed_at=timezone.now())
    stays.refresh_from_db()
    goes.refresh_from_db()
    book_changed.send(sender=Merge, companies=[stays, goes], by_company=False)
