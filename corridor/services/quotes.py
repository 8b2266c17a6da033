"""What can be done with freight quotes: entered, changed, ended, withdrawn. Nothing is ever deleted."""

import hashlib
from datetime import date

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import figures
from corridor.models import FreightQuote
from corridor.quoting import FACTS, QuoteBook, QuoteFacts, refusal

# Two quotes at once would not see each other: the second waits for the first.
QUOTES_LOCK = 7_204_011
ENTERED = "E"  # begins the code of what people entered; what ships begins otherwise


class ChangedMeanwhile(ValidationError):  # noqa: N818  a refusal is an answer, not a mishap
    """Somebody else saved the same quote after this page was opened."""

    def __init__(self):
        super().__init__(
            _(
                "Somebody has changed this quote since you opened the page. What you typed is still here, and what is "
                "stored now stands beside it. Save again to keep yours."
            ),
            code="changed_meanwhile",
        )


@transaction.atomic
def enter_quote(*, facts: QuoteFacts, by, today: date | None = None, keeps_expired: bool = False) -> FreightQuote:
    """Keep what somebody quoted. Refuses, field by field, what contradicts itself or another quote."""
    wait_for_other_quotes()
    refuse(QuoteBook().faults(facts, today=today or timezone.localdate(), keeps_expired=keeps_expired))
    quote = new_quote(facts, by, next(fresh_codes()))
    quote.save()
    return quote


@transaction.atomic
def change_quote(
    *, quote: FreightQuote, facts: QuoteFacts, seen: str, today: date | None = None, keeps_expired: bool = False
) -> FreightQuote:
    """Correct what a quote says. `seen` is the `version` of the quote as the page showed it."""
    wait_for_other_quotes()
    quote = changeable(quote)
    if version(quote) != seen:
        raise ChangedMeanwhile
    book, today = QuoteBook(), today or timezone.localdate()
    refuse(book.faults(facts, today=today, named=quote.code, keeps_expired=keeps_expired))
    put(quote, facts)
    quote.save()
    return quote


@transaction.atomic
def end_quote(*, quote: FreightQuote, last_day: date) -> FreightQuote:
    """From the day after, the quote counts no more."""
    wait_for_other_quotes()
    quote = changeable(quote)
    if not quote.valid_from <= last_day <= quote.valid_to:
        raise ValidationError(
            {
                "last_day": refusal(
                    "end_outside",
                    _("The quote holds from %(first)s to %(last)s. Choose one of these days."),
                    first=figures.written_day(quote.valid_from),
                    last=figures.written_day(quote.valid_to),
                )
            }
        )
    quote.valid_to = last_day
    quote.save(update_fields=["valid_to"])
    return quote


@transaction.atomic
def withdraw_quote(*, quote: FreightQuote, today: date | None = None) -> FreightQuote:
    """Take a quote back before its first day, as if it had never been given; its history stays."""
    wait_for_other_quotes()
    quote = changeable(quote)
    if quote.valid_from <= (today or timezone.localdate()):
        raise refusal(
            "withdrawn_too_late",
            _("The quote holds since %(first)s and may have been relied on. End it on a day instead."),
            first=figures.written_day(quote.valid_from),
        )
    quote.withdrawn_at = timezone.now()
    quote.save(update_fields=["withdrawn_at"])
    return quote


def changeable(quote: FreightQuote) -> FreightQuote:
    """The quote as it is now, held until the transaction ends. Examples and what was withdrawn stay as they are."""
    quote = FreightQuote.objects.select_for_update(of=("self",)).select_related(*JOINED).get(pk=quote.pk)
    if fault := changeable_words(quote):
        raise fault
    return quote


def changeable_words(quote: FreightQuote) -> ValidationError | None:
    """Why a quote stays as it is; None where it may be changed."""
    if quote.is_example:
        return refusal(
            "quote_is_example",
            _(
                "%(quote)s is an example that ships with the product. Enter a quote of your own for the same thing, "
                "and the example gives way to it."
            ),
            quote=quote.code,
        )
    if quote.withdrawn_at:
        words = _("%(quote)s was withdrawn. Enter a new quote instead.")
        return refusal("quote_is_withdrawn", words, quote=quote.code)
    return None


JOINED = ("leg__origin", "leg__destination", "origin", "destination", "equipment")


def wait_for_other_quotes() -> None:
    """Hold every other change of a quote back until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [QUOTES_LOCK])


def refuse(faults: dict) -> None:
    if faults:
        raise ValidationError(faults)


def fresh_codes():
    """Codes that no quote has: E00001, E00002 and so on. Ask for them only while other quotes wait."""
    last = FreightQuote.objects.filter(code__regex=rf"^{ENTERED}\d+$").values_list("code", flat=True)
    number = max((int(code.removeprefix(ENTERED)) for code in last), default=0)
    while True:
        number += 1
        yield f"{ENTERED}{number:05d}"


def new_quote(facts: QuoteFacts, by, code: str) -> FreightQuote:
    return put(FreightQuote(code=code, entered_by=by), facts)


def put(quote: FreightQuote, facts: QuoteFacts) -> FreightQuote:
    """Write what was said into a quote. A terminal is both ends of its quote."""
    for name in FACTS:
        setattr(quote, name, getattr(facts, name))
    quote.destination = facts.destination or facts.origin
    return quote


def version(quote: FreightQuote) -> str:
    """What a page keeps of a quote's state, to notice that it has changed meanwhile."""
    said = [str(getattr(quote, FreightQuote._meta.get_field(name).attname)) for name in (*FACTS, "withdrawn_at")]
    said[FACTS.index("amount")] = str(quote.amount.normalize())
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]
