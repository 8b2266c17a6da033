"""What a company says of itself."""

from collections.abc import Collection

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.reading import LineField, NumberField, WordsField
from commodities.enums import Sector
from companies.forms.fields import (
    MailboxField,
    NamedField,
    OurForm,
    SeenField,
    TelephoneField,
    WebsiteField,
    named,
    size_field,
)
from companies.models import Company
from companies.services.locking import version
from companies.services.profiles import PROFILE_FIELDS
from corridor.enums import Country
from corridor.models import Place, Region

FARTHEST_KM = 20_000
NUMBER_HINTS = {
    Country.INDONESIA: _("The NIB: 13 digits."),
    Country.KAZAKHSTAN: _("The BIN, or the IIN of a sole trader: 12 digits."),
}


class ProfileForm(OurForm):
    """The profile, but for what is not the company's to say. What was checked against papers is left out."""

    seen_at = SeenField()
    name_registered = LineField(
        most=250, label=_("Registered name"), help_text=_("As it stands in the register, with its legal form.")
    )
    name_latin = LineField(
        most=250,
        required=False,
        label=_("Name in Latin letters"),
        help_text=_("For readers who do not read Cyrillic."),
    )
    name_short = LineField(
        most=120, required=False, label=_("Short name"), help_text=_("How you call yourselves; lists show it.")
    )
    registration_number = LineField(most=20, required=False, label=_("Registration number"))
    region = NamedField(label=_("Region"))
    city = LineField(most=120, required=False, label=_("Town"))
    place = NamedField(
        label=_("Nearest place of the corridor"), help_text=_("The port, station or town where your goods are loaded.")
    )
    first_mile_km = NumberField(
        required=False, most=FARTHEST_KM, label=_("Distance to that place"), help_text=_("Whole kilometres by road.")
    )
    sectors = forms.MultipleChoiceField(
        required=False, choices=Sector.choices, widget=forms.CheckboxSelectMultiple, label=_("Sectors")
    )
    size = size_field()
    languages = forms.MultipleChoiceField(
        required=False,
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        label=_("Languages in which you can be written to"),
    )
    website = WebsiteField(required=False, label=_("Website"))
    role_mailbox = MailboxField(
        required=False,
        label=_("Mailbox of the company"),
        help_text=_("One that is not a person's own, such as export@example.org."),
    )
    switchboard = TelephoneField(
        required=False,
        label=_("Telephone of the company"),
        help_text=_("With the country code, such as +62 542 123456."),
    )
    description = WordsField(
        most=4000, required=False, label=_("What the company does"), help_text=_("In your own words, in any language.")
    )

    def __init__(self, data=None, *, company: Company, checked: Collection[str] = ()):
        initial = {name: getattr(company, name) for name in PROFILE_FIELDS}
        initial |= {"region": company.region_id, "place": company.place_id, "seen_at": version(company)}
        super().__init__(data, initial=initial)
        self.company = company
        self.fields["region"].choices = named(self._near(Region, company.region_id))
        self.fields["place"].choices = named(self._near(Place, company.place_id))
        self.fields["registration_number"].help_text = NUMBER_HINTS[company.country]
        self.fields["description"].widget.attrs["rows"] = 5
        for name in checked:
            del self.fields[name]

    def _near(self, model, chosen: int | None):
        """What lies in the company's country, and what it has chosen already."""
        return model.objects.filter(Q(country=self.company.country) | Q(pk=chosen))

    def stated(self) -> dict:
        """The facts as the service takes them."""
        facts = {name: value for name, value in self.cleaned_data.items() if name in PROFILE_FIELDS}
        facts["region"] = Region.objects.filter(pk=facts["region"]).first()
        facts["place"] = Place.objects.filter(pk=facts["place"]).first()
        facts["sectors"], facts["languages"] = sorted(facts["sectors"]), sorted(facts["languages"])
        return facts

    def compare_with(self, company: Company) -> None:
        """Somebody else has saved: say at each field that differs what is stored now; saving again replaces it."""
        now = ProfileForm(company=company)
        for name, field in self.fields.items():
            if name != "seen_at" and field.has_changed(now.initial[name], self[name].data):
                field.stored = now.shown(name)
        self.see(company)

    def shown(self, name: str) -> str:
        """What is stored, as a person reads it."""
        field, value = self.fields[name], self.initial[name]
        if hasattr(field, "choices"):
            chosen = value if isinstance(value, list) else [value]
            value = ", ".join(str(label) for key, label in field.choices if key in chosen)
        return str(field.prepare_value(value) or _("nothing"))
