"""What the city and the embassy note for themselves about a company, and that they did: neither is told to it."""

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.lookups import IsNull

from companies.models import Company

INTERNAL = {
    Company: ("screening", "screening_note", "is_hidden", "source", "confidence", "kind"),
}


def told_to_companies(tracked: type) -> Q:
    """The kept rows that a company is told of: not those that changed nothing but what is internal.

    A change before which nothing was kept may have been such a one, so it is not told either.
    """
    if tracked not in INTERNAL:
        return Q()
    events = tracked.pgh_event_model.objects
    earlier = events.filter(pgh_obj_id=OuterRef(OuterRef("pgh_obj_id")), pgh_id__lt=OuterRef(OuterRef("pgh_id")))
    before = events.filter(pgh_id=Subquery(earlier.order_by("-pgh_id").values("pgh_id")[:1]))
    return ~Q(pgh_label="update") | Q(Exists(before), ~Exists(before.filter(same_as_outside(tracked))))


def same_as_outside(tracked: type) -> Q:
    """Whether a kept row says what the one around it says, but for what is internal."""
    same = Q()
    for field in tracked.pgh_event_model._meta.concrete_fields:
        name = field.attname
        if not name.startswith("pgh_") and field.name not in INTERNAL[tracked]:
            both_empty = Q((f"{name}__isnull", True), IsNull(OuterRef(name), True)) if field.null else Q(pk__in=[])
            same &= Q((name, OuterRef(name))) | both_empty
    return same
