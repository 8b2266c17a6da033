"""Which listings are to be looked at again. A refresh that waits stands for every edit until it begins.

A refresh says in its options what it does not say by its listing:

    companies, needs, capacities   of whom it is, where it is of many
    company                        whose edit asked for it: counted by this, for a listing may be deleted
    asked_by                       those of its companies that asked themselves, by a sheet
    leaves                         asked for beyond the bound, for a listing that left the book
    settled                        whose lists it brought up to date beside those it is of: see `edited`
    after                          the official run that had it looked at again
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Case, Q, QuerySet, When
from django.utils import timezone

from companies.enums import ListingStatus
from companies.models import Capacity, Company, Need
from matching import engine
from matching.enums import Failure, RunKind, RunState
from matching.models import Match, NearMiss, Run, Weights
from matching.services.market import Only
from matching.services.refreshing.parts import partners_of

Listing = Need | Capacity
NAMES = {"need": "needs", "capacity": "capacities"}
OF_BOOKS = ("companies", "needs", "capacities")  # what a refresh of many listings names in its options
WINDOW = timedelta(hours=24)
# So often within that time. Whoever moves a price to find out at which one somebody else fits needs many edits.
MOST_OF_A_LISTING = 12
MOST_OF_A_COMPANY = 120
MOST_OF_A_BOOK = 12
# Clocks of servers differ a little; to look again at a listing for nothing does no harm.
CLOCKS_DIFFER = timedelta(minutes=1)


def field_of(listing: Listing) -> str:
    """By which name a refresh knows a listing."""
    return "need" if isinstance(listing, Need) else "capacity"


def refresh_of(listing: Listing) -> Run | None:
    """The newest refresh that reads a listing: its own, or one of the whole book of its company."""
    return of_listings([listing]).first()


def of_listings(listings: Iterable[Listing]) -> QuerySet[Run]:
    """Every refresh that reads one of these listings, the newest first."""
    listings = list(listings)
    own = {name: [row.pk for row in listings if field_of(row) == name] for name in ("need", "capacity")}
    wanted = Q(need__in=own["need"]) | Q(capacity__in=own["capacity"])
    named = {("companies", row.company_id) for row in listings} | {(NAMES[field_of(row)], row.pk) for row in listings}
    for name, pk in sorted(named):
        wanted |= Q((f"options__{name}__contains", [pk]), need=None, capacity=None)
    return Run.objects.refreshes().filter(wanted).order_by("-pk")


@transaction.atomic
def ask_for_refresh(
    listing: Listing, as_of: date | None = None, *, was_open: bool = True, by_company: bool = True
) -> Run | None:
    """Record that a listing has changed; to be called within the transaction of the change.

    One refresh of a listing waits at most. To hold it until the change is committed keeps it from beginning on what
    was there before. None where there is nothing to match by, and where nothing is to be looked at: the listing was
    not in the book before, and is not now.

    Args:
        was_open: whether it was open before the change.
        by_company: whether its company asks, which may do so only so often.
    """
    own = {field_of(listing): listing}
    waiting = Run.objects.refreshes().filter(state=RunState.QUEUED, **own).select_for_update(of=("self",)).first()
    if waiting is not None:
        return waiting
    is_open = listing.status == ListingStatus.OPEN
    if not (is_open or was_open):
        return None
    if not by_company:
        return record(as_of, **own)
    options = {"company": listing.company_id}
    if not is_too_often(listing):
        return record(as_of, options=options, **own)
    if is_open:
        return refuse(as_of, options=options, **own)
    # Whoever leaves is never refused; once it stands nowhere, pausing it again has nothing to take away.
    return record(as_of, options=options | {"leaves": True}, **own) if may_stand(listing) else None


@transaction.atomic
def ask_for_refresh_of_books(
    companies: Iterable[Company], as_of: date | None = None, *, by_company: bool = True
) -> Run | None:
    """Record that many listings of some companies have changed at once: one refresh reads them all.

    An official run would divide anew what is scarce, for the sake of whoever sent a sheet; that is for the city to
    begin. What waits already takes these companies in. What officials or the calendar caused (`by_company` is false)
    is always carried out, and counts against nobody.
    """
    asked = {company.pk for company in companies}
    if not by_company:
        return add_to_books(as_of, companies=asked) if asked else None
    spent = books_read(asked)
    allowed = sorted(pk for pk in asked if spent[pk] < MOST_OF_A_BOOK)
    refused = sorted(asked - set(allowed))
    if refused:
        refuse(as_of, options={"companies": refused})
    if not allowed:
        return None
    return add_to_books(as_of, companies=allowed, asked_by=allowed)


@transaction.atomic
def ask_for_refresh_of_partners(needs: set[int], capacities: set[int], as_of: date | None = None) -> Run | None:
    """Record that listings are about to be deleted: in the lists of their partners somebody else takes their place.

    A refresh of its own: to add to the one that waits would keep that from beginning until all is deleted, and with it
    every other refresh. What the same transaction asks for afterwards is added to this one.
    """
    beside = partners_of(Only(needs, capacities))
    partners = {"needs": sorted(beside.needs - needs), "capacities": sorted(beside.capacities - capacities)}
    return record(as_of, options={"companies": []} | partners) if any(partners.values()) else None


@transaction.atomic
def ask_for_refresh_of_pair(need: Need, capacity: Capacity, as_of: date | None = None) -> Run | None:
    """Record that people decided upon a pair that no run has told of: it is judged like every decided pair."""
    return add_to_books(as_of, needs={need.pk}, capacities={capacity.pk})


def add_to_books(as_of: date | None, **added: Iterable[int]) -> Run | None:
    """One refresh of many listings waits at most: what it reads grows until it begins."""
    waiting = of_books().filter(state=RunState.QUEUED).select_for_update(of=("self",)).first()
    before = waiting.options if waiting else {"companies": []}
    options = before | {name: sorted({*before.get(name, ()), *pks}) for name, pks in added.items()}
    if waiting is None:
        return record(as_of, options=options)
    waiting.options = options
    waiting.save(update_fields=["options"])
    return waiting


def of_books() -> QuerySet[Run]:
    return Run.objects.refreshes().filter(need=None, capacity=None, options__has_key="companies")


def record(as_of: date | None, *, options: dict | None = None, **facts) -> Run | None:
    """A refresh that waits for a worker."""
    weights = weights_of_the_lists()
    if weights is None:
        return None
    run = unsaved(as_of or timezone.localdate(), weights, options=options or {}, **facts)
    run.save()
    return run


def weights_of_the_lists() -> Weights | None:
    """Those by which the newest official run made the lists: an edit of one listing lets no other weights in."""
    official = Run.objects.official().finished().select_related("weights").order_by("-pk").first()
    return official.weights if official else Weights.objects.order_by("-version").first()


def unsaved(as_of: date, weights: Weights, **facts) -> Run:
    return Run(
        kind=RunKind.REFRESH,
        as_of=as_of,
        weights=weights,
        rules_version=engine.RULES_VERSION,
        engine_version=engine.ENGINE_VERSION,
        **facts,
    )


# --- how often


def asked_for() -> QuerySet[Run]:
    """What people's edits have asked for of late; not what an official run had looked at again."""
    since = timezone.now() - WINDOW
    recent = Run.objects.refreshes().filter(queued_at__gt=since).exclude(options__has_key="after")
    return recent.exclude(reason_code=Failure.TOO_OFTEN)


def is_too_often(listing: Listing) -> bool:
    if asked_for().filter((field_of(listing), listing.pk)).count() >= MOST_OF_A_LISTING:
        return True
    return asked_for().filter(options__company=listing.company_id).count() >= MOST_OF_A_COMPANY


def books_read(companies: set[int]) -> dict[int, int]:
    """How often each company has had its whole book read of late."""
    asked = asked_for().filter(options__has_key="asked_by").values_list("options", flat=True)
    read = [set(options["asked_by"]) for options in asked]
    return {company: sum(company in book for book in read) for company in companies}


def refuse(as_of: date | None, *, options: dict, **own: Listing) -> Run | None:
    """A refresh that is not carried out, and says so.

    The next official run reads the listing, or before that whichever refresh of another one reads it.
    """
    before = Run.objects.refreshes().filter(**(own or {"options": options})).order_by("-pk").first()
    is_refused = before is not None and before.reason_code == Failure.TOO_OFTEN
    run = before if is_refused else record(as_of, options=options, **own)
    if run is not None:
        run.state, run.reason_code, run.finished_at = RunState.FAILED, Failure.TOO_OFTEN, timezone.now()
        run.save(update_fields=["state", "reason_code", "finished_at"])
    return run


def may_stand(listing: Listing) -> bool:
    """Whether a listing is in somebody's list or near miss, or may come there by what is being read now."""
    own = {field_of(listing): listing}
    return (
        Match.objects.filter(is_current=True, **own).exists()
        or NearMiss.objects.filter(is_current=True, **own).exists()
        or Run.objects.recorded().filter(state=RunState.RUNNING).exists()
    )


def has_come_back(run: Run) -> bool:
    """Whether a listing that left the book beyond the bound is open again: read now, it would be answered all the same.

    To be asked at the moment at which the book is read.
    """
    if not run.options.get("leaves"):
        return False
    sides = (Need.objects.filter(pk=run.need_id), Capacity.objects.filter(pk=run.capacity_id))
    return any(side.open().exists() for side in sides)


# --- what else asks


def ask_again_after(official: Run) -> None:
    """Look again, all at once, at what was refreshed or settled after an official run had read the book.

    To be called within the transaction that writes what the official run found.
    """
    since = official.book_cut_at - CLOCKS_DIFFER
    later = Run.objects.refreshes().finished().filter(book_cut_at__gt=since).order_by("pk")
    named: dict[str, set[int]] = {name: set() for name in OF_BOOKS}
    last = official.as_of
    for need, capacity, as_of, options in later.values_list("need", "capacity", "as_of", "options"):
        last = max(last, as_of)
        for name in OF_BOOKS:
            named[name].update(options.get(name, ()), options.get("settled", {}).get(name, ()))
        named["needs"] |= {need} - {None}
        named["capacities"] |= {capacity} - {None}
    if any(named.values()):
        options = {"after": official.pk} | {name: sorted(pks) for name, pks in named.items()}
        unsaved(last, official.weights, options=options).save()


def next_waiting() -> int | None:
    """The refresh whose turn it is: before the others that of a single listing, for somebody waits at a page.

    One that was given back waits like the others: it is under way without an attempt.
    """
    waiting = Run.objects.refreshes().filter(Q(state=RunState.QUEUED) | Q(state=RunState.RUNNING, attempt=0))
    is_single = Q(need__isnull=False) | Q(capacity__isnull=False)
    singles_first = Case(When(is_single, then=0), default=1)
    return waiting.order_by(singles_first, "pk").values_list("pk", flat=True).first()
