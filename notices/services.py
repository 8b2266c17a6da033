"""What can be done with notices: tell people of an event, mark as read."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import User
from notices.enums import NoticeKind
from notices.models import Notice
from notices.texts import FACTS


def tell(*, users: Iterable[User], kind: NoticeKind, event: str, facts: dict | None = None, address: str = "") -> int:
    """Tell each of these people of one event, once; say how many had not been told before.

    Telling again, also at the same moment from two places, does no harm. Closed accounts are left out.

    Args:
        users: whom to tell.
        kind: which sentence is read.
        event: names what happened, the same for each telling of it: `company:17:active:2026-11-25T08:00`.
        facts: plain JSON that the sentence names; see `notices.texts.FACTS`.
        address: the page it leads to, a path of this product.

    Raises ValueError when a fact of the sentence is missing or the address leads elsewhere.
    """
    facts = facts or {}
    if missing := FACTS[NoticeKind(kind)] - facts.keys():
        raise ValueError(f"a notice of kind {kind} needs {sorted(missing)}")
    if address and not is_path_within(address):
        raise ValueError(f"a notice leads to a page of this product, not to {address}")
    people = {user.pk for user in users if user.is_active}
    told = set(Notice.objects.filter(event=event, user__in=people).values_list("user", flat=True))
    Notice.objects.bulk_create(
        [
            Notice(user_id=person, kind=kind, event=event, facts=facts, address=address)
            for person in sorted(people - told)
        ],
        ignore_conflicts=True,  # somebody else may be telling the same at this moment
    )
    return len(people - told)


def is_path_within(address: str) -> bool:
    """Whether an address is a path of this product: no other host, however it is written."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


def mark_as_read(*, user: User, notices: Iterable[int], at: datetime) -> None:
    """The first reading counts."""
    Notice.objects.visible_to(user).unread().filter(pk__in=notices).update(read_at=at)


def mark_all_as_read(*, user: User, newest: int, at: datetime) -> None:
    """All that a person was told, up to the newest one that they were shown."""
    Notice.objects.visible_to(user).unread().filter(pk__lte=newest).update(read_at=at)
