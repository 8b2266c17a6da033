"""What can be done about preferential tariffs: an officer says since when one is in force, and takes it back."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.history import changes_by
from accounts.models import User
from accounts.services import a_reason
from corridor.models import Preference, Tariff

NOBODY = ""
SHORTEST_REFERENCE, LONGEST_REFERENCE = 5, 300


def stamp_of(preference: Preference | None) -> str:
    """How a switch was when a page showed it: what two people change at once is told apart by it."""
    return f"{preference.in_force_from} {preference.legal_reference}" if preference else NOBODY


@transaction.atomic
def switch_on(*, scheme: str, in_force_from: date, legal_reference: str, seen: str, by: User | None) -> Preference:
    """Let a preferential tariff count from a day on, by its legal reference; or set that day or reference right.

    `seen` is the stamp of the switch that the person saw.
    """
    # The lines of the scheme are locked: of two people who switch it on at once one waits, and sees the other's.
    if not list(lines_of(scheme).select_for_update(no_key=True).values_list("pk", flat=True)):
        raise ValidationError(_("No line of the tariff names the preference %(scheme)s."), params={"scheme": scheme})
    preference = switch_as_seen(scheme, seen)
    reference = " ".join(legal_reference.split())
    if not SHORTEST_REFERENCE <= len(reference) <= LONGEST_REFERENCE:
        raise ValidationError(_("Name the law or decision that puts it into force, with its number and day."))
    if preference and (preference.in_force_from, preference.legal_reference) == (in_force_from, reference):
        raise ValidationError(_("This is how it stands already."))
    preference = preference or Preference(scheme=scheme)
    preference.in_force_from, preference.legal_reference, preference.switched_by = in_force_from, reference, by
    preference.save()
    return preference


@transaction.atomic
def take_back(*, scheme: str, reason: str, seen: str) -> None:
    """The preferential tariff counts no more, as if it had never been switched on."""
    list(lines_of(scheme).select_for_update(no_key=True).values_list("pk", flat=True))
    preference = switch_as_seen(scheme, seen)
    if preference is None:
        raise ValidationError(_("%(scheme)s is not switched on."), params={"scheme": scheme})
    with changes_by(reason=a_reason(reason)):
        preference.delete()


def lines_of(scheme: str):
    return Tariff.objects.filter(preference_scheme=scheme).order_by("pk")


def switch_as_seen(scheme: str, seen: str) -> Preference | None:
    """The switch that stands, if it is the one that the person saw."""
    preference = Preference.objects.filter(scheme=scheme).first()
    if stamp_of(preference) == seen:
        return preference
    if preference is None:
        raise ValidationError(_("Somebody took the preference back in the meantime. Look at it again."))
    raise ValidationError(_("Somebody switched the preference in the meantime. Look at it again."))
