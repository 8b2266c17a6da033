"""A pair that people put before its two sides although no run lists it: it fails a rule, or others rank before it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.enums import ListingStatus
from companies.models import Capacity, Need
from matching.enums import MatchState
from matching.lists import newest_official_run
from matching.models import Match, Run
from matching.services.decisions import decide
from matching.services.refreshing.asking import ask_for_refresh_of_pair


def refusal_of_listing(listing: Need | Capacity) -> str:
    """Why nothing can be proposed of a listing now; empty where it can."""
    words = {"listing": listing.reference, "company": str(listing.company)}
    if listing.company.is_hidden:
        return _("The company of %(listing)s is hidden: nothing is proposed of it.") % words
    if listing.status != ListingStatus.OPEN:
        return _("%(listing)s is not open. Its company has to put it in the book first.") % words
    if listing.valid_until is not None and listing.valid_until < timezone.localdate():
        return _("%(listing)s has expired. Its company has to renew it first.") % words
    if not type(listing).objects.in_book(timezone.localdate()).filter(pk=listing.pk).exists():
        return _("%(company)s is not active: verify it first.") % words
    return ""


def refusal_of_pair(need: Need, capacity: Capacity) -> str:
    """Why two listings cannot be proposed to each other, whatever the rules say of them; empty where they can."""
    if refused := refusal_of_listing(need) or refusal_of_listing(capacity):
        return refused
    if need.company_id == capacity.company_id:
        return _("Both listings are of the same company.")
    if not shares_goods(need, capacity):
        return _("The buyer accepts none of these goods. The need has to name them first: no rule can judge this pair.")
    return ""


def shares_goods(need: Need, capacity: Capacity) -> bool:
    """Whether what is offered lies within what is accepted, or the other way round."""
    lo, hi = capacity.commodity.tree_lo, capacity.commodity.tree_hi
    accepted = need.accepted.all()
    return (
        accepted.filter(commodity__tree_lo__lt=hi, commodity__tree_hi__gt=lo).exists()
        or accepted.filter(group__members__tree_lo__lt=hi, group__members__tree_hi__gt=lo).exists()
    )


@transaction.atomic
def propose_pair(*, need: Need, capacity: Capacity, reason: str, proposed_by) -> tuple[Match, Run | None]:
    """Propose two listings to each other, with the reason; and the refresh that will judge them as any decided pair.

    A pair that is a match already is left as it is, whoever made it meanwhile: it is decided upon its own page. Then
    there is no refresh.
    """
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why these two should meet.")})
    if refused := refusal_of_pair(need, capacity):
        raise ValidationError(refused)
    official = newest_official_run()
    if official is None:
        raise ValidationError(_("No run has finished yet: there is nothing to hold a pair against."))
    match, is_new = Match.objects.get_or_create(need=need, capacity=capacity, defaults={"first_run": official})
    if not is_new:
        return match, None
    match = decide(match=match, state=MatchState.PROPOSED, decided_by=proposed_by, note=reason).match
    return match, ask_for_refresh_of_pair(need, capacity)
