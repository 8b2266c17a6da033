"""What opening and editing a need and a capacity have in common: who may, how many, what is promised already."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from uuid import uuid5

from django.db.models import Model

from companies.enums import ListingStatus
from companies.facts import ListingFacts
from companies.faults import Fault, refuse
from companies.models import Capacity, Company, Need
from companies.models.listings import ListingParameter
from companies.services.listings import held
from companies.services.locking import refuse_changed
from companies.signals import listing_changed

Listing = Need | Capacity

# More than any company of the corridor buys and sells; who sends more by a form is a machine, or has a book to send.
MOST_LISTINGS = 500
IN_THE_BOOK = (ListingStatus.OPEN, ListingStatus.PAUSED, ListingStatus.DRAFT)
# What an edit leaves as it is.
NOT_EDITED = ("id", "company", "status", "sent_as", "made_from", "created_at", "changed_at")


def as_sent(facts: ListingFacts) -> ListingFacts:
    """The facts with the mark of what was sent: of the page and of all that it says.

    A double tap sends the same from the same page, and means one listing. Who goes back to the page and changes
    something means another.
    """
    if facts.sent_as is None:
        return facts
    said = {field.name: _plain(getattr(facts, field.name)) for field in fields(facts)}
    return replace(facts, sent_as=uuid5(facts.sent_as, repr(sorted(said.items()))))


def _plain(value):
    """A fact as it can be compared: rows of the catalogue by their number, what is made of facts by these."""
    if isinstance(value, Model):
        return type(value).__name__, value.pk
    if is_dataclass(value):
        return tuple(_plain(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, tuple):
        return tuple(_plain(one) for one in value)
    return str(value)


def sent_already(model: type[Listing], facts: ListingFacts) -> Listing | None:
    """The listing that the same facts from the same page have made before."""
    return model.objects.filter(company=facts.company, sent_as=facts.sent_as).first() if facts.sent_as else None


def refuse_flood(company: Company) -> None:
    """A company has room for so many listings that nobody reaches it by hand."""
    open_ones = sum(model.objects.filter(company=company, status__in=IN_THE_BOOK).count() for model in (Need, Capacity))
    if open_ones >= MOST_LISTINGS:
        refuse([Fault("too_many_listings", {"open": open_ones})])


def held_for_editing(listing: Listing, seen_at: str) -> Listing:
    """The listing as it is stored now, kept from others; refused where it has ended or has been changed meanwhile."""
    stored = held(listing)
    refuse_ended(stored)
    refuse_changed(stored, seen_at)
    return stored


def refuse_ended(listing: Listing) -> None:
    """What was closed or withdrawn stays as it ended."""
    if listing.status not in IN_THE_BOOK:
        status = ListingStatus(listing.status).label
        refuse([Fault("listing_not_open", {"listing": str(listing), "status": str(status)}, "status")])


def promise_faults(stored: Listing, drafted: Listing, *, same_goods: bool) -> list[Fault]:
    """What is held, promised or shipped of a listing stays true: neither other goods nor less than that."""
    promised = promised_kg(stored, is_monthly=drafted.is_monthly)
    faults = []
    if promised and not same_goods:
        faults.append(Fault("goods_promised", {}))
    if drafted.quantity_kg is not None and drafted.quantity_kg < promised:
        faults.append(Fault("promised_already", {"promised": promised}, "quantity"))
    return faults


def promised_kg(listing: Listing, *, is_monthly: bool) -> int:
    """Kilograms that others count on: in all, or in the fullest month."""
    by_month: dict = defaultdict(int)
    for month, kilograms in listing.commitments.values_list("month", "quantity_kg"):
        by_month[month] += kilograms
    return (max if is_monthly else sum)(by_month.values()) if by_month else 0


def take_over(stored: Listing, drafted: Listing) -> None:
    """Put what was stated anew in the place of what was stored."""
    for field in stored._meta.concrete_fields:
        if field.name not in NOT_EDITED and not field.name.startswith("reminded"):
            setattr(stored, field.attname, getattr(drafted, field.attname))
    stored.full_clean()
    stored.save()


def replace_parameters(stored: Listing, wanted: Iterable[ListingParameter]) -> None:
    """The parameters stated now; those that say the same as before stay untouched, so that history tells changes."""
    here = {one.parameter_id: one for one in stored.parameters.all()}
    for one in wanted:
        before = here.pop(one.parameter_id, None)
        if before is None:
            one.save()
        elif (before.low, before.high, before.values) != (one.low, one.high, one.values):
            before.low, before.high, before.values = one.low, one.high, one.values
            before.save()
    for left in here.values():
        left.delete()


def tell(listing: Listing) -> None:
    """Let those above know, within the transaction, so that the lists of matches follow. An edit moves no status."""
    listing_changed.send(sender=type(listing), listing=listing, was_open=listing.status == ListingStatus.OPEN)


def kept_facts(stored: Listing, stated: dict) -> dict:
    """The facts of an edit: what is stated, beside what stays."""
    fixed = ("company", "status", "sent_as", "made_from_id")
    facts = {name: value for name, value in stated.items() if name not in fixed}
    facts["reference"] = facts.get("reference") or stored.reference
    if facts.get("own_words") == stored.own_words:
        facts["language"] = stored.language
    return facts | {"company": stored.company, "status": stored.status}
