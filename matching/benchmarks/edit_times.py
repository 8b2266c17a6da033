"""Edits as people make them, through the service behind the form and a Celery worker, each until its page shows it."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import numpy as np
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from companies.facts import StatedParameter
from companies.models import Capacity, Need
from companies.services import edit_capacity, edit_need, open_capacity, open_need, pause_listing
from companies.services.locking import version
from matching import engine
from matching.benchmarks.edit_book import StoodBook, Tell, solved
from matching.enums import RunState
from matching.models import Match, NearMiss, Run
from matching.services.market import load_book, one_moment
from matching.services.refreshing import refresh_of
from matching.told.fits import listing_fits
from matching.told.partners import viewpoint_from

LOOKED_EVERY_S = 0.01
PATIENCE_S = 300
SHOWN = 10
KG = Decimal(1000)

Listing = Need | Capacity


@dataclass(frozen=True)
class Refreshed:
    """One edit, from the commit of the save on."""

    kind: str  # what was edited
    side: str
    save_ms: float  # the service of the form itself
    ended_ms: float  # until the refresh is over, as the page sees it
    shown_ms: float  # until the page has read the lists
    lists: int  # that were looked at
    written: int  # rows of results
    timings: dict
    pk: int  # of the listing


def edited_through_celery(book: StoodBook, times: int, *, seed: int, tell: Tell) -> list[Refreshed]:
    """So many edits of each kind and side, each of another listing."""
    listings = {side: drawn(side, ids, seed) for side, ids in (("need", book.needs), ("capacity", book.capacities))}
    done = []
    for _time in range(times):
        for name, change in CHANGES.items():
            for side, drawn_ones in listings.items():
                done.append(one_edit(name, change, side, drawn_ones))
        tell(f"{len(done)} edits: the last shown {done[-1].shown_ms:,.0f} ms after its save")
    return done


def drawn(side: str, ids: np.ndarray, seed: int) -> Iterator[Listing]:
    """Listings by chance, without an end; those with a price, for it is edited."""
    model, chance = {"need": Need, "capacity": Capacity}[side], np.random.Generator(np.random.PCG64(seed))
    for id in chance.permutation(ids).tolist():
        listing = model.objects.select_related("company").filter(pk=id, status="open", price_amount__gt=0).first()
        if listing is not None:
            yield listing


def one_edit(name: str, change: Callable, side: str, listings: Iterator[Listing]) -> Refreshed:
    """Of the first listing that the rules of the form let be edited so: a made one may have a lot above its whole."""
    for listing in listings:
        with suppress(ValidationError):
            return timed(name, side, lambda listing=listing: change(listing))
    raise RuntimeError(f"no {side} may be edited: {name}")


def timed(name: str, side: str, edit: Callable[[], Listing]) -> Refreshed:
    committed = []
    began = time.perf_counter()
    with transaction.atomic():
        transaction.on_commit(lambda: committed.append(time.perf_counter()))  # before the message is sent
        listing = edit()
    run = seen_finished(listing)
    ended = time.perf_counter()
    listing = type(listing).objects.get(pk=listing.pk)
    listing_fits(viewpoint_from([listing.company]), side, listing, SHOWN, timezone.localdate())
    shown = time.perf_counter()
    ms = [1000 * (at - committed[0]) for at in (began, ended, shown)]
    return Refreshed(
        name, side, -ms[0], ms[1], ms[2], run.counts.get("lists", 0), run.counts["written"], run.timings, listing.pk
    )


def seen_finished(listing: Listing) -> Run:
    """The refresh of a listing, once the page's first query finds it over."""
    deadline = time.monotonic() + PATIENCE_S
    while (run := refresh_of(listing)) is None or not run.is_over:
        if time.monotonic() > deadline:
            raise RuntimeError(f"the refresh of {listing} does not end: {run and run.state}")
        time.sleep(LOOKED_EVERY_S)
    if run.state != RunState.FINISHED:
        raise RuntimeError(f"the refresh of {listing} has failed: {run.reason_code} {run.reason}")
    return run


# --- what a form says


def said_of(listing: Listing) -> dict:
    """What the form of a listing says as it stands, by the names of the facts."""
    said = {
        "company": listing.company,
        "quantity": listing.quantity_typed,
        "unit": listing.quantity_unit,
        "period": listing.period,
        "reference": listing.reference,
        "price": listing.price_amount,
        "currency": listing.price_currency,
        "price_unit": listing.price_unit,
        "incoterm": listing.incoterm,
        "payment_terms": tuple(listing.payment_terms),
        "valid_until": listing.valid_until,
        "parameters": tuple(
            StatedParameter(one.parameter, one.low, one.high, tuple(one.values))
            for one in listing.parameters.select_related("parameter")
        ),
    }
    return said | (of_need(listing) if isinstance(listing, Need) else of_capacity(listing))


def of_need(need: Need) -> dict:
    return {
        "accepted": tuple(one.commodity for one in need.accepted.select_related("commodity").order_by("position")),
        "destination": need.destination,
        "window_from": need.window_from,
        "window_until": need.window_until,
        "smallest_share": in_tonnes(need.smallest_share_kg),
        "price_basis": need.price_basis,
        "named_place": need.named_place,
        "certificates": tuple(need.required_certificates.all()),
    }


def of_capacity(capacity: Capacity) -> dict:
    return {
        "commodity": capacity.commodity,
        "place": capacity.place,
        "available_from": capacity.available_from,
        "available_until": capacity.available_until,
        "origin_country": capacity.origin_country,
        "lot": in_tonnes(capacity.lot_kg),
        "lot_multiple": in_tonnes(capacity.lot_multiple_kg),
        "lead_days": capacity.lead_days,
    }


def in_tonnes(kilograms: int | None) -> Decimal | None:
    return None if kilograms is None else kilograms / KG


def saved(listing: Listing, **changed) -> Listing:
    said = said_of(listing) | changed
    if isinstance(listing, Need):
        return edit_need(need=listing, seen_at=version(listing), **said)
    return edit_capacity(capacity=listing, seen_at=version(listing), **said)


def better_price(listing: Listing) -> Listing:
    factor = Decimal("1.05") if isinstance(listing, Need) else Decimal("0.95")
    return saved(listing, price=(listing.price_amount * factor).quantize(Decimal("0.01")))


def worse_price(listing: Listing) -> Listing:
    factor = Decimal("0.9") if isinstance(listing, Need) else Decimal("1.1")
    return saved(listing, price=(listing.price_amount * factor).quantize(Decimal("0.01")))


def more_quantity(listing: Listing) -> Listing:
    return saved(listing, quantity=2 * listing.quantity_typed)


def longer_window(listing: Listing) -> Listing:
    name = "window_until" if isinstance(listing, Need) else "available_until"
    return saved(listing, **{name: getattr(listing, name) + timedelta(days=30)})


def pause(listing: Listing) -> Listing:
    pause_listing(listing=listing)
    return listing


def new_listing(listing: Listing) -> Listing:
    """Another of the same company, which asks a little better."""
    factor = Decimal("1.02") if isinstance(listing, Need) else Decimal("0.98")
    said = said_of(listing) | {"reference": "", "sent_as": uuid4()}
    said["price"] = (listing.price_amount * factor).quantize(Decimal("0.01"))
    return open_need(**said) if isinstance(listing, Need) else open_capacity(**said)


CHANGES = {
    "a better price": better_price,
    "a worse price": worse_price,
    "twice the quantity": more_quantity,
    "a window longer by a month": longer_window,
    "paused": pause,
    "a new listing": new_listing,
}


# --- whether it is true


@dataclass(frozen=True)
class Checked:
    """What stands, held against an answer made anew from the book as it is now."""

    lists: int
    pairs: int
    near_misses: int
    wrong: int


def checked(book: StoodBook, tell: Tell) -> Checked:
    """Every list and near miss of the headings that were edited."""
    with one_moment():
        market = load_book(book.run.as_of).market
    edited = set(book.needs.tolist()), set(book.capacities.tolist())
    lists = pairs = near_misses = wrong = 0
    for part in engine.components(market):
        needs, capacities = market.needs.id[part[0]], market.capacities.id[part[1]]
        if edited[0].isdisjoint(needs.tolist()):
            continue
        solution = solved(book.run, engine.take(market, *part))
        found, stands = pairs_of(solution), standing_pairs(needs, capacities)
        misses, kept = misses_of(solution), standing_misses(needs, capacities)
        lists, pairs, near_misses = lists + len(needs) + len(capacities), pairs + len(found), near_misses + len(misses)
        differ = otherwise(found, stands), otherwise(misses, kept)
        wrong += sum(differ)
        tell(f"checked: {len(needs):,} x {len(capacities):,} listings, {differ[0]} and {differ[1]} rows otherwise")
    return Checked(lists, pairs, near_misses, wrong)


def pairs_of(solution: engine.Solution) -> np.ndarray:
    pairs = solution.pairs
    columns = (pairs.need_id, pairs.capacity_id, pairs.rank_for_need, pairs.rank_for_capacity, pairs.score_ppm)
    return np.stack([column.astype(np.int64) for column in columns], axis=1)


def standing_pairs(needs: np.ndarray, capacities: np.ndarray) -> np.ndarray:
    columns = ("need_id", "capacity_id", "latest__rank_for_need", "latest__rank_for_capacity", "latest__score_ppm")
    return table_of(Match.objects.filter(is_current=True, need__in=needs.tolist()), columns)


def misses_of(solution: engine.Solution) -> np.ndarray:
    rows = ((one.need_id, one.capacity_id, one.effort, one.score_ppm) for one in solution.near_misses)
    return np.array(list(rows), np.int64).reshape(-1, 4)


def standing_misses(needs: np.ndarray, capacities: np.ndarray) -> np.ndarray:
    columns = ("need_id", "capacity_id", "effort", "score_ppm")
    return table_of(NearMiss.objects.filter(is_current=True, need__in=needs.tolist()), columns)


def table_of(rows: QuerySet, columns: tuple[str, ...]) -> np.ndarray:
    """Numbers as they stand, 0 where there is none; int64 (x, columns)."""
    said = rows.order_by().values_list(*columns).iterator(chunk_size=20_000)
    return np.array([[number or 0 for number in row] for row in said], np.int64).reshape(-1, len(columns))


def otherwise(found: np.ndarray, stands: np.ndarray) -> int:
    """How many rows only one of the two has."""
    _rows, times = np.unique(np.concatenate([found, stands]), axis=0, return_counts=True)
    return int((times == 1).sum())
