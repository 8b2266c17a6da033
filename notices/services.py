"""What can be done with notices: tell people of an event, mark as read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import User
from notices.enums import NoticeKind
from notices.models import Notice
from notices.texts import FACTS

BATCH = 2000


@dataclass(frozen=True, kw_only=True)
class News:
    """One event, and whom to tell of it.

    Args:
        users: whom to tell.
        kind: which sentence is read.
        event: names what happened, the same for each telling of it: `company:17:active:2026-11-25T08:00`.
        facts: plain JSON that the sentence names; see `notices.texts.FACTS`.
        address: the page it leads to, a path of this product.
    """

    users: Iterable[User]
    kind: NoticeKind
    event: str
    facts: dict = field(default_factory=dict)
    address: str = ""

    def check(self) -> None:
        """Raise ValueError when a fact of the sentence is missing or the address leads elsewhere."""
        if missing := FACTS[NoticeKind(self.kind)] - self.facts.keys():
            raise ValueError(f"a notice of kind {self.kind} needs {sorted(missing)}")
        if self.address and not is_path_within(self.address):
            raise ValueError(f"a notice leads to a page of this product, not to {self.address}")


def tell(*, users: Iterable[User], kind: NoticeKind, event: str, facts: dict | None = None, address: str = "") -> int:
    """Tell each of these people of one event, once; say how many had not been told before. See `News`."""
    return tell_each([News(users=users, kind=kind, event=event, facts=facts or {}, address=address)])


def tell_each(news: Iterable[News]) -> int:
    """Tell of several events in two queries and a few more for very many; say how many notices are new.

    Telling again, also at the same moment from two places, does no harm. Closed accounts are left out.
    """
    wanted: dict[tuple[str, int], News] = {}
    for item in news:
        item.check()
        wanted |= {(item.event, user.pk): item for user in item.users if user.is_active}
    events, people = ({key[part] for key in wanted} for part in (0, 1))
    told = set(Notice.objects.filter(event__in=events, user__in=people).values_list("event", "user"))
    rows = [
        Notice(user_id=person, kind=item.kind, event=event, facts=item.facts, address=item.address)
        for (event, person), item in sorted(wanted.items(), key=lambda entry: entry[0])
        if (event, person) not in told
    ]
    Notice.objects.bulk_create(
        rows,
        batch_size=BATCH,
        ignore_conflicts=True,  # somebody else may be telling the same at this moment
    )
    return len(rows)


def is_path_within(address: str) -> bool:
    """Whether an address is a path of this product: no other host, however it is written."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


def mark_as_read(*, user: User, notices: Iterable[int], at: datetime) -> None:
    """The first reading counts."""
    Notice.objects.visible_to(user).unread().filter(pk__in=notices).update(read_at=at)


def mark_all_as_read(*, user: User, newest: int, at: datetime) -> None:
    """All that a person was told, up to the newest one that they were shown."""
    Notice.objects.visible_to(user).unread().filter(pk__lte=newest).update(read_at=at)
