"""What stands around a table whose matches can be decided many at once."""

from django import template
from django.utils.translation import gettext as _

from accounts.permissions import may_decide_on_matches
from matching.forms import BulkForm
from matching.models import DecisionBatch, Match
from matching.texts import COMPONENT_NAMES

register = template.Library()

LAST_BATCH = "last_batch"  # in the session: what its person decided last about many matches, until it is taken back


@register.simple_tag(takes_context=True)
def bulk_bar(context) -> dict:
    """An empty form, and the last batch of this session that can still be taken back."""
    number = context["request"].session.get(LAST_BATCH)
    batch = DecisionBatch.objects.filter(pk=number, undone_at__isnull=True).first() if number else None
    return {"form": BulkForm(auto_id="bulk-%s"), "batch": batch}


@register.filter
def pick(match: Match) -> dict:
    """The box that chooses a match: its number with the state that it was seen in, and what it is called."""
    return {"value": seen_value(match), "label": choose_words() % {"number": match.pk}}


def seen_value(match: Match) -> str:
    """The number of a match with the state that it was seen in."""
    return f"{match.pk}:{getattr(match, 'seen', '') or match.state}"


def choose_words() -> str:
    """What the box of a match is called, for its number to be put in."""
    return _("Choose match %(number)s")


@register.filter
def may_decide(user) -> bool:
    return may_decide_on_matches(user)


@register.filter
def component_name(code: str) -> str:
    return str(COMPONENT_NAMES[code])
