"""Which change of the book was the last: what was counted is remembered for as long as that stays the same."""

from django.db.models import Count, Max, Min

from companies.models import BookChange

KEPT = 10_000  # notes; each time counts are asked for, all of them are looked at


def last_change() -> tuple:
    """Tells one state of the book from every other; empty where no change was ever noted.

    Changes may be committed in another order than they were numbered, so how many there are counts too. The moments
    tell a database apart from one that was put in its place.
    """
    asked = BookChange.objects.aggregate(
        last=Max("pk"), number=Count("pk"), moment=Max("made_at"), first=Min("pk"), since=Min("made_at")
    )
    return tuple(asked.values()) if asked["number"] else ()


def forget_changes() -> None:
    """Old notes. What was counted beside them is counted anew once."""
    newest = BookChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if BookChange.objects.count() > KEPT:
        BookChange.objects.filter(pk__lte=newest - KEPT // 2).delete()
