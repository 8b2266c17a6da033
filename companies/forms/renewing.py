"""The days of a listing that is renewed. Everything else stays as it was stated."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.reading import DayField
from companies.forms.fields import OurForm
from companies.listing_states import Listing, kind_of
from companies.services.renewing import days_ahead

LABELS = {
    "need": (_("First day of delivery"), _("Last day of delivery")),
    "capacity": (_("Available from"), _("Available until")),
}


class RenewForm(OurForm):
    valid_until = DayField(label=_("Valid until"), help_text=_("You are reminded before that day."))
    first = DayField()
    last = DayField()

    def __init__(self, data=None, *, listing: Listing):
        ahead = days_ahead(listing, timezone.localdate())
        initial = {"valid_until": ahead.valid_until, "first": ahead.first, "last": ahead.last}
        super().__init__(data, initial=initial)
        self.fields["first"].label, self.fields["last"].label = LABELS[kind_of(listing)]
