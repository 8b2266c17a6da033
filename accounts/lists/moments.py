"""A moment in an address: written by the product itself, so in one way only, and refused in any other."""

from datetime import UTC, datetime

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _


class MomentField(forms.CharField):
    """2026-11-25T08:00:00Z; clean, it is that moment."""

    def clean(self, value: str) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            moment = parse_datetime(text)
        except ValueError:
            moment = None
        # Centuries away no clock can be set to another zone.
        if moment is None or timezone.is_naive(moment) or not 2000 <= moment.year < 3000:
            raise ValidationError(_("Enter a moment such as 2026-11-25T08:00:00Z."))
        return moment


class MomentFilter(django_filters.Filter):
    field_class = MomentField


def as_written(moment: datetime) -> str:
    """A moment as an address holds it, to the microsecond."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
