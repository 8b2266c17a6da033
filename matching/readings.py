"""Which listings have been read as they are now: by the newest official run, or by a refresh since."""

from collections.abc import Iterable
from datetime import datetime

from matching.enums import RunState
from matching.lists import newest_official_run
from matching.services.refreshing.asking import CLOCKS_DIFFER, Listing, field_of, of_listings


def unread_of(listings: Iterable[Listing]) -> set[Listing]:
    """Those of which no run or refresh has read the present facts. Two queries, however many there are."""
    listings = list(listings)
    read, waiting = readings_of(listings)
    return {
        listing
        for listing in listings
        if listing in waiting or listing not in read or listing.changed_at > read[listing]
    }


def readings_of(listings: list[Listing]) -> tuple[dict[Listing, datetime], set[Listing]]:
    """When each listing was read last, and those that a refresh is about to read."""
    official = newest_official_run()
    cut_at = official.book_cut_at if official else None
    read = dict.fromkeys(listings, cut_at) if cut_at else {}
    refreshes = of_listings(listings)
    if cut_at:
        refreshes = refreshes.filter(queued_at__gt=cut_at - CLOCKS_DIFFER)
    own = {(field_of(listing), listing.pk): listing for listing in listings}
    waiting: set[Listing] = set()
    for need, capacity, options, state, at in refreshes.values_list(
        "need", "capacity", "options", "state", "book_cut_at"
    ):
        books = options.get("companies", ())
        for listing in (
            [own.get(("need", need)) or own.get(("capacity", capacity))]
            if need or capacity
            else [listing for listing in listings if listing.company_id in books]
        ):
            if listing is None:
                continue
            if state in (RunState.QUEUED, RunState.RUNNING):
                waiting.add(listing)
            elif state == RunState.FINISHED and at:
                read[listing] = max(read.get(listing, at), at)
    return read, waiting
