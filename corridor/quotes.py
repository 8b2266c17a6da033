"""Where a freight quote stands on a day: in force, about to expire, replaced, withdrawn."""

from datetime import date, timedelta

from django.db.models import Case, CharField, Exists, Q, QuerySet, TextChoices, Value, When
from django.utils.translation import gettext_lazy as _

from corridor.models import FreightQuote
from corridor.models.costs import EXAMPLE, entered_for_the_same

ENDS_SOON_DAYS = 30


class QuoteState(TextChoices):
    """The state of a quote. What ends soon is in force; what is replaced is an example that gives way."""

    IN_FORCE = "in_force", _("in force")
    ENDS_SOON = "ends_soon", _("expires within 30 days")
    LATER = "later", _("starts later")
    EXPIRED = "expired", _("expired")
    REPLACED = "replaced", _("example that gives way to a quote")
    WITHDRAWN = "withdrawn", _("withdrawn")


def states_on(day: date) -> dict[str, Q]:
    """State -> the quotes in it. Every quote is in exactly one, but those about to expire are in force as well."""
    is_withdrawn = Q(withdrawn_at__isnull=False)
    stands = Q(withdrawn_at__isnull=True, valid_from__lte=day, valid_to__gte=day)
    gives_way = EXAMPLE & Exists(entered_for_the_same(day))
    counts = stands & ~gives_way
    return {
        QuoteState.IN_FORCE: counts,
        QuoteState.ENDS_SOON: counts & Q(valid_to__lt=day + timedelta(days=ENDS_SOON_DAYS)),
        QuoteState.LATER: Q(withdrawn_at__isnull=True, valid_from__gt=day),
        QuoteState.EXPIRED: Q(withdrawn_at__isnull=True, valid_to__lt=day),
        QuoteState.REPLACED: stands & gives_way,
        QuoteState.WITHDRAWN: is_withdrawn,
    }


def with_state(quotes: QuerySet[FreightQuote], day: date) -> QuerySet[FreightQuote]:
    """Quotes that know their `state`; the narrower word where there are two."""
    states = states_on(day)
    order = [state for state in QuoteState if state != QuoteState.IN_FORCE]
    cases = [When(states[state], then=Value(state.value)) for state in order]
    state = Case(*cases, default=Value(QuoteState.IN_FORCE.value), output_field=CharField())
    return quotes.annotate(state=state)


def replacing(example: FreightQuote, day: date) -> QuerySet[FreightQuote]:
    """The quotes of people that stand on a day in the place of an example."""
    same = FreightQuote.objects.standing(day).exclude(EXAMPLE)
    ways = {"origin": example.origin_id, "destination": example.destination_id, "leg": example.leg_id}
    return same.filter(scope=example.scope, equipment=example.equipment_id, **ways).order_by("code")
