"""What the matching answers when a book is undone: it lets go of listings about which nobody has decided."""

from django.db.models import Q
from django.dispatch import receiver

from companies.signals import listings_going
from matching import services
from matching.enums import MatchState, RunState
from matching.models import Match, NearMiss, Run


@receiver(listings_going)
def let_go(sender: type, needs: set[int], capacities: set[int], **facts) -> dict[str, set[int]]:
    """Delete what runs found of these listings; name those that people decided about, of which all is kept."""
    theirs = Match.objects.filter(Q(need__in=needs) | Q(capacity__in=capacities))
    decided = theirs.exclude(state=MatchState.NEW) | theirs.filter(decisions__isnull=False)
    pairs = set(decided.values_list("need", "capacity"))
    named = {"needs": needs & {need for need, _ in pairs}, "capacities": capacities & {c for _, c in pairs}}
    of_going = Q(need__in=needs - named["needs"]) | Q(capacity__in=capacities - named["capacities"])
    services.ask_for_refresh_of_partners(needs - named["needs"], capacities - named["capacities"])
    Match.objects.filter(of_going).delete()
    NearMiss.objects.filter(of_going).delete()
    Run.objects.refreshes().filter(of_going, state=RunState.QUEUED).delete()
    return named
