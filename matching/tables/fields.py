"""What an address may say of a pair: its direction, the regions of its companies, words to look for."""

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.alphabet import by_alphabet
from accounts.lists.filters import MOST_ECHOED, NO_CHOICE
from accounts.reading import LineField
from companies.models import Company
from companies.templatetags.companies_words import for_reader
from corridor.models import Corridor, Region

NO_REGION = "none"  # the company has said no region


def directions() -> list[tuple[str, str]]:
    """The corridors that are open: "ID-KZ" and both names."""
    return [
        (
            f"{corridor.origin}-{corridor.destination}",
            _("%(origin)s to %(destination)s")
            % {"origin": corridor.get_origin_display(), "destination": corridor.get_destination_display()},
        )
        for corridor in Corridor.objects.filter(is_enabled=True)
    ]


class RegionsField(forms.MultipleChoiceField):
    """Regions by their codes, or those that are not known. Its choices are those that were asked for or counted."""

    def validate(self, value: list[str]) -> None:
        asked = {code for code in value if "\x00" not in code} - {NO_REGION}  # the database takes no NUL
        self.offer(Region.objects.filter(code__in=asked) if asked else [])
        for code in value:
            if not self.valid_value(code):
                raise ValidationError(NO_CHOICE, params={"value": code[:MOST_ECHOED]})

    def offer(self, regions) -> None:
        """Regions to choose from, by name; the unknown one comes last."""
        names = {region.code: region.name for region in regions} | {
            code: name for code, name in self.choices if code != NO_REGION
        }
        known = by_alphabet(list(names.items()), lambda choice: choice[1])
        self.choices = [*known, (NO_REGION, _("not known"))]


class RegionsFilter(django_filters.Filter):
    field_class = RegionsField


class CompaniesField(forms.MultipleChoiceField):
    """Companies by the numbers that their pages have. Its choices are those that were asked for."""

    most = 50
    most_digits = 18  # the database holds no larger number

    def validate(self, value: list[str]) -> None:
        if len(value) > self.most:
            raise ValidationError(_("Choose at most %(most)s companies."), params={"most": self.most})
        asked = [key for key in value if key.isascii() and key.isdigit() and len(key) <= self.most_digits]
        found = Company.objects.filter(pk__in=asked, is_hidden=False) if asked else ()
        self.choices = [(str(company.pk), for_reader(company)) for company in found]
        for key in value:
            if not self.valid_value(key):
                raise ValidationError(NO_CHOICE, params={"value": key[:MOST_ECHOED]})


class CompaniesFilter(django_filters.Filter):
    field_class = CompaniesField


class TextFilter(django_filters.Filter):
    field_class = LineField
