"""What follows in the matching from what companies say: a listing that was saved is looked at again at once."""

from collections.abc import Iterable

from django.dispatch import receiver

from companies.models import Company
from companies.signals import book_changed, listing_changed
from matching import services, tasks
from matching.models import Run
from matching.services.refreshing.asking import Listing


@receiver(listing_changed)
def refresh_the_listing(
    sender: type, listing: Listing, was_open: bool = True, by_company: bool = True, **facts
) -> None:
    queue(services.ask_for_refresh(listing, was_open=was_open, by_company=by_company))


@receiver(book_changed)
def refresh_the_books(sender: type, companies: Iterable[Company], by_company: bool = True, **facts) -> None:
    queue(services.ask_for_refresh_of_books(companies, by_company=by_company))


def queue(run: Run | None) -> None:
    """Once the edit is committed. Where the broker is away, or the run waits already, the row alone is enough."""
    if run is not None and not run.is_over and run.published_at is None:
        tasks.refresh_listing.delay_on_commit(run_id=run.pk)
