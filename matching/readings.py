"""Which listings have been read as they are now: by the newest official run, or by a refresh since."""

from collections.abc import Iterable
from datetime import datetime

from matching.enums import RunState
from matching.lists import newest_official_run
from matching.models import Run
from matching.services.refreshing.asking import NAMES, Listing, field_of, of_listings


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
        # One may have waited while the official run read the book, and have read it after that.
        refreshes = refreshes.unfinished() | refreshes.filter(book_cut_at__gt=cut_at)
    waiting: set[Listing] = set()
    for run in refreshes.only("need", "capacity", "options", "state", "book_cut_at"):
        for listing in (listing for listing in listings if reads(run, listing)):
            if not run.is_over:
                waiting.add(listing)
            elif run.state == RunState.FINISHED and run.book_cut_at:
                read[listing] = max(read.get(listing, run.book_cut_at), run.book_cut_at)
    return read, waiting


def reads(run: Run, listing: Listing) -> bool:
    name, options = field_of(listing), run.options
    return (
        getattr(run, f"{name}_id") == listing.pk
        or listing.pk in options.get(NAMES[name], ())
        or listing.company_id in options.get("companies", ())
    )
