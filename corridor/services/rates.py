"""What can be done with rates of exchange and premiums: entered, corrected, ended. Nothing is ever deleted."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts import figures
from commodities.facts import Confidence
from corridor.enums import Currency
from corridor.models import ExchangeRate, InsurancePremium
from corridor.models.costs import EXAMPLE
from corridor.quoting import refusal

RATES_LOCK = 7_204_012
# A rate so many times the last one, or so little of it, is more often a slip of the decimal sign than a crash.
FAR_AWAY = 10
ENTERED = "E"


@transaction.atomic
def enter_rate(
    *, on: date, currency: str, usd_per_unit: Decimal, source: str, confidence: str, accepts_leap: bool = False
) -> ExchangeRate:
    """Keep what a currency was worth on a day. An example of the same day gives way; another rate does not."""
    wait_for_other_rates()
    here = ExchangeRate.objects.filter(on=on, currency=currency).first()
    if here and not here.is_example:
        raise ValidationError(
            {
                "on": refusal(
                    "rate_there",
                    _("There is a rate of %(currency)s for %(day)s already: %(rate)s. Correct that one instead."),
                    currency=currency,
                    day=figures.written_day(on),
                    rate=figures.shortest(here.usd_per_unit, 10),
                )
            }
        )
    if currency == Currency.USD:
        raise ValidationError({"currency": refusal("rate_of_dollar", _("A US dollar is worth one US dollar."))})
    if not accepts_leap:
        refuse_leap(currency, on, usd_per_unit)
    rate = here or ExchangeRate(on=on, currency=currency)
    return written(rate, usd_per_unit, source, confidence)


@transaction.atomic
def correct_rate(
    *, rate: ExchangeRate, usd_per_unit: Decimal, source: str, confidence: str, accepts_leap: bool = False
) -> ExchangeRate:
    """Put a rate right that was mistyped. What it was is kept in its history."""
    wait_for_other_rates()
    rate = ExchangeRate.objects.select_for_update().get(pk=rate.pk)
    if rate.is_example:
        raise refusal(
            "rate_is_example", _("This rate is an example that ships. Enter a rate of your own: it gives way to it.")
        )
    if not accepts_leap:
        refuse_leap(rate.currency, rate.on, usd_per_unit)
    return written(rate, usd_per_unit, source, confidence)


def written(rate: ExchangeRate, usd_per_unit: Decimal, source: str, confidence: str) -> ExchangeRate:
    rate.usd_per_unit, rate.source, rate.confidence = usd_per_unit, source, confidence
    rate.full_clean(validate_constraints=False)
    rate.save()
    return rate


def refuse_leap(currency: str, on: date, usd_per_unit: Decimal) -> None:
    """Ask again where a rate is ten times away from the last one before it."""
    last = ExchangeRate.objects.filter(currency=currency, on__lt=on).order_by("-on").first()
    last = last or ExchangeRate.objects.filter(currency=currency).exclude(on=on).order_by("on").first()
    if last and not last.usd_per_unit / FAR_AWAY < usd_per_unit < last.usd_per_unit * FAR_AWAY:
        raise ValidationError(
            {
                "usd_per_unit": refusal(
                    "rate_leaps",
                    _(
                        "This is ten times or more away from %(rate)s, the rate of %(day)s. Check the decimal sign, or "
                        "say below that it is right."
                    ),
                    rate=figures.shortest(last.usd_per_unit, 10),
                    day=figures.written_day(last.on),
                )
            }
        )


@transaction.atomic
def enter_premium(
    *,
    cover: str,
    percent_low: Decimal,
    percent_high: Decimal,
    valid_from: date,
    valid_to: date,
    given_by: str,
    basis: str,
    source: str = "",
    confidence: str = Confidence.UNSURE,
) -> InsurancePremium:
    """Keep what an insurer asks for a cover. Two premiums of one insurer for one cover may not hold on one day."""
    wait_for_other_rates()
    faults = {}
    if percent_high < percent_low:
        words = _("The higher share is below the lower one. Change them round.")
        faults["percent_high"] = refusal("premium_turned", words)
    if valid_to < valid_from:
        words = _("The last day, %(last)s, is before the first, %(first)s.")
        days = {"first": figures.written_day(valid_from), "last": figures.written_day(valid_to)}
        faults["valid_to"] = refusal("premium_days_turned", words, **days)
    if faults:
        raise ValidationError(faults)
    refuse_overlap(cover, given_by, valid_from, valid_to)
    return InsurancePremium.objects.create(
        code=fresh_code(),
        cover=cover,
        percent_low=percent_low,
        percent_high=percent_high,
        valid_from=valid_from,
        valid_to=valid_to,
        given_by=given_by,
        basis=basis,
        source=source,
        confidence=confidence,
    )


def refuse_overlap(cover: str, given_by: str, valid_from: date, valid_to: date) -> None:
    others = InsurancePremium.objects.exclude(EXAMPLE).filter(
        cover=cover, given_by__iexact=given_by, valid_from__lte=valid_to, valid_to__gte=valid_from
    )
    if other := others.first():
        raise ValidationError(
            {
                "valid_from": refusal(
                    "premium_overlaps",
                    _(
                        "%(giver)s has a premium for this cover on some of these days: %(other)s holds from %(first)s "
                        "to %(last)s. Choose other days, or end that one first."
                    ),
                    giver=given_by,
                    other=other.code,
                    first=figures.written_day(other.valid_from),
                    last=figures.written_day(other.valid_to),
                )
            }
        )


@transaction.atomic
def end_premium(*, premium: InsurancePremium, last_day: date) -> InsurancePremium:
    """From the day after, the premium counts no more."""
    wait_for_other_rates()
    premium = InsurancePremium.objects.select_for_update().get(pk=premium.pk)
    if premium.is_example:
        raise refusal(
            "premium_is_example",
            _("This premium is an example that ships. Enter a premium of your own: it gives way to it."),
        )
    if not premium.valid_from <= last_day <= premium.valid_to:
        raise ValidationError(
            {
                "last_day": refusal(
                    "premium_end_outside",
                    _("The premium holds from %(first)s to %(last)s. Choose one of these days."),
                    first=figures.written_day(premium.valid_from),
                    last=figures.written_day(premium.valid_to),
                )
            }
        )
    premium.valid_to = last_day
    premium.save(update_fields=["valid_to"])
    return premium


def wait_for_other_rates() -> None:
    """Hold every other change of a rate or premium back until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RATES_LOCK])


def fresh_code() -> str:
    codes = InsurancePremium.objects.filter(code__regex=rf"^{ENTERED}\d+$").values_list("code", flat=True)
    return f"{ENTERED}{max((int(code.removeprefix(ENTERED)) for code in codes), default=0) + 1:02d}"
