"""What the homes ask of the notices."""

from notices.models import Notice
from notices.texts import icon_of, sentence


def as_row(notice: Notice) -> dict:
    """A notice as its row shows it."""
    return {
        "pk": notice.pk,
        "sentence": sentence(notice),
        "icon": icon_of(notice),
        "created_at": notice.created_at,
        "is_unread": notice.read_at is None,
    }


def latest_unread(user, most: int) -> list[dict]:
    """The newest notices that a person has not read."""
    return [as_row(notice) for notice in Notice.objects.visible_to(user).unread()[:most]]
