"""What a person does at their desk: follow sectors."""

from collections.abc import Iterable

from accounts.models import User
from commodities.enums import Sector
from desk.models import Desk


def follow_sectors(*, user: User, sectors: Iterable[str]) -> None:
    """From now on these are the person's sectors, in the order in which all lists name them."""
    chosen = set(sectors)
    Desk.objects.update_or_create(user=user, defaults={"sectors": [s.value for s in Sector if s.value in chosen]})
