"""What ends soon: listings that expire, and freight quotes that landed costs rest on."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Min, QuerySet

from accounts.lists.remembering import Memory
from companies.listing_states import SOON
from companies.models import BookChange, Capacity, Need
from corridor.models import FreightQuote
from corridor.quotes import QuoteState, states_on

DAY = timedelta(days=1)
QUOTES = f"?state={QuoteState.ENDS_SOON.value}&sort=until"


@dataclass(frozen=True)
class Ending:
    """How many end, the day on which the first does, and how many ended the day before this one."""

    count: int
    first_on: date | None
    ended: int


@dataclass(frozen=True)
class EndingListings:
    needs: Ending
    capacities: Ending

    @property
    def count(self) -> int:
        return self.needs.count + self.capacities.count

    @property
    def ended(self) -> int:
        return self.needs.ended + self.capacities.ended


@dataclass(frozen=True)
class EndingQuotes:
    count: int
    rows: list[FreightQuote]
    ended: int
    today: date
    query: str = QUOTES


def ending_needs(user, on: date) -> QuerySet[Need]:
    """Open needs of the book whose days are over soon, this day among them."""
    return Need.objects.visible_to(user).in_book(on).filter(valid_until__lte=on + SOON)


def ending_capacities(user, on: date) -> QuerySet[Capacity]:
    return Capacity.objects.visible_to(user).in_book(on).filter(valid_until__lte=on + SOON)


def ending_listings(user, on: date, memory: Memory) -> EndingListings:
    """Four queries, once until the book changes."""
    return EndingListings(
        needs=ending_of(ending_needs(user, on), Need.objects.visible_to(user), on, memory),
        capacities=ending_of(ending_capacities(user, on), Capacity.objects.visible_to(user), on, memory),
    )


def ending_of(ending: QuerySet, every: QuerySet, on: date, memory: Memory) -> Ending:
    before = every.in_book(on - DAY).filter(valid_until=on - DAY)

    def figures() -> tuple:
        return *ending.aggregate(count=Count("pk"), first=Min("valid_until")).values(), before.count()

    return Ending(*memory.remembered((BookChange,), ending, "ending", figures))


def ending_quotes(on: date, shown: int) -> EndingQuotes:
    """Three queries. Everybody who sees the page sees every quote."""
    rows = FreightQuote.objects.filter(states_on(on)[QuoteState.ENDS_SOON])
    ended = FreightQuote.objects.standing(on - DAY).filter(valid_to=on - DAY)
    told = rows.select_related("origin", "destination").order_by("valid_to", "code")[:shown]
    return EndingQuotes(rows.count(), list(told), ended.count(), on)
