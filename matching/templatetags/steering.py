"""What staff ask of the plan, on the page of a match."""

from django import template

from accounts.permissions import may_run_matching
from matching.models import Match

register = template.Library()


@register.inclusion_tag("matching/_steer.html", takes_context=True)
def steer(context, match: Match) -> dict:
    in_force = match.instructions.in_force().select_related("set_by").first()
    return {"match": match, "in_force": in_force, "may_ask": may_run_matching(context["request"].user)}
