"""The steps of a registration: a form each, with as few fields as can be."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.reading import LineField, NumberField, WordsField
from commodities.enums import Sector
from companies.enums import Activity, LegalForm
from companies.faults import Refusal
from companies.forms.choosing import flat, region_choices
from companies.forms.fields import MailboxField, NamedField, OurForm, SeenField, WebsiteField, named, size_field
from companies.forms.profile import FARTHEST_KM, NUMBER_HINTS
from companies.models import Company
from companies.numbers import clean_npwp
from companies.phones import EXAMPLES, read_phone, shown_phone
from companies.registration import BY_KEY, Step
from companies.services.locking import seen_of
from corridor.enums import Country
from corridor.models import Place, Region

FORMS_OF = {
    Country.INDONESIA: ("PT", "CV", "UD", "FIRMA", "KOPERASI", "PERUM", "BRANCH", "OTHER"),
    Country.KAZAKHSTAN: ("TOO", "AO", "IP", "KH", "PK", "BRANCH", "OTHER"),
}
LIKELY_COUNTRY = {"id": Country.INDONESIA, "kk": Country.KAZAKHSTAN, "ru": Country.KAZAKHSTAN}


class NpwpField(LineField):
    """The tax number of Indonesia, as today's sixteen digits."""

    def __init__(self, **options):
        super().__init__(most=40, **options)

    def read(self, text: str) -> str:
        return _or_refused(clean_npwp, text)


class PhoneField(LineField):
    """A number as people of a country type it, kept as it is dialled from abroad."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})

    def __init__(self, *, country: str, **options):
        super().__init__(most=40, **options)
        self.country = country

    def read(self, text: str) -> str:
        return _or_refused(read_phone, text, self.country)

    def prepare_value(self, value):
        return shown_phone(value) if isinstance(value, str) else value


def _or_refused(read, *arguments) -> str:
    try:
        return read(*arguments)
    except Refusal as refusal:
        raise ValidationError(str(refusal), code=refusal.code) from None


class StartForm(OurForm):
    """The number first: whoever is here already need not type anything else."""

    country = forms.ChoiceField(choices=Country.choices, widget=forms.RadioSelect, label=_("Country of registration"))
    registration_number = LineField(
        most=40,
        label=_("Registration number"),
        help_text=_("In Indonesia the NIB, 13 digits. In Kazakhstan the BIN, or the IIN of a sole trader, 12 digits."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    name_registered = LineField(
        most=250,
        label=_("Registered name"),
        help_text=_("As it stands in the register, with its legal form."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )

    def __init__(self, data=None):
        super().__init__(data, initial={"country": LIKELY_COUNTRY.get(get_language(), "")})


class StartForOthersForm(StartForm):
    """City staff begin it for a company that asked for it."""

    reason = LineField(
        most=300, label=_("Why do you act for it?"), help_text=_("The company reads this: who asked, and for what.")
    )


CHOOSE_ONE_OR_MORE = _("Choose at least one.")


class StepForm(OurForm):
    """One step: begins with what the company's row holds, and says what the service takes."""

    key = ""
    seen = SeenField()

    def __init__(self, data=None, *, company: Company):
        self.company = company
        initial = {name: self.held(name) for name in self.step.fields} | {"seen": seen_of(company, self.step.fields)}
        super().__init__(data, initial=initial)

    @property
    def step(self) -> Step:
        return BY_KEY[self.key]

    def held(self, name: str):
        value = getattr(self.company, name)
        return value.pk if hasattr(value, "pk") else value

    def stated(self) -> dict:
        """The facts as the service takes them: lists in one order, rows of reference data themselves."""
        facts = {name: value for name, value in self.cleaned_data.items() if name in self.step.fields}
        return {name: sorted(value) if isinstance(value, list) else value for name, value in facts.items()}

    def say_what_is_stored(self, company: Company) -> None:
        """Somebody else has saved this step: at each field that differs, what is stored now."""
        now = type(self)(company=company)
        for name, field in self.fields.items():
            if name != "seen" and field.has_changed(now.initial[name], self[name].data):
                field.stored = now.shown(name)
        self.data = self.data.copy()
        self.data["seen"] = now.initial["seen"]

    def shown(self, name: str) -> str:
        """What is stored, as a person reads it."""
        field, value = self.fields[name], self.initial[name]
        if hasattr(field, "choices"):
            chosen = value if isinstance(value, list) else [value]
            value = ", ".join(str(label) for key, label in flat(field.choices) if key in chosen)
        return str(field.prepare_value(value) or _("nothing"))


class CompanyStepForm(StepForm):
    key = "company"
    registration_number = LineField(most=40, label=_("Registration number"))
    name_registered = LineField(
        most=250, label=_("Registered name"), help_text=_("As it stands in the register, with its legal form.")
    )
    legal_form = forms.ChoiceField(label=_("Legal form"))
    name_short = LineField(
        most=120,
        required=False,
        label=_("Short name"),
        help_text=_("How you call yourselves; lists show it. You may leave it."),
    )
    name_latin = LineField(
        most=250,
        required=False,
        label=_("Name in Latin letters"),
        help_text=_("For readers who do not read Cyrillic, and for papers of transport."),
    )
    tax_number = NpwpField(
        required=False,
        label=_("Tax number (NPWP)"),
        help_text=_("16 digits, or 15 in its older form. You may leave it."),
    )

    def __init__(self, data=None, *, company: Company):
        super().__init__(data, company=company)
        self.fields["registration_number"].help_text = NUMBER_HINTS[company.country]
        self.fields["registration_number"].widget.attrs["inputmode"] = "numeric"
        choices = [(LegalForm[name].value, capfirst(LegalForm[name].label)) for name in FORMS_OF[company.country]]
        self.fields["legal_form"].choices = [("", _("choose one")), *choices]
        del self.fields["name_latin" if company.country == Country.INDONESIA else "tax_number"]


class SiteStepForm(StepForm):
    key = "site"
    region = NamedField(label=_("Region"))
    city = LineField(most=120, required=False, label=_("Town or village"))

    def __init__(self, data=None, *, company: Company):
        super().__init__(data, company=company)
        field = self.fields["region"]
        field.required, field.choices = True, region_choices(company.country, company.region_id)
        is_indonesian = company.country == Country.INDONESIA
        field.help_text = (
            _("In Balikpapan the kecamatan, in Kalimantan the kabupaten or city, elsewhere the province.")
            if is_indonesian
            else _("The oblast, or Astana, Almaty or Shymkent.")
        )

    def stated(self) -> dict:
        return super().stated() | {"region": Region.objects.select_related("place").get(pk=self.cleaned_data["region"])}


class LoadingStepForm(StepForm):
    key = "loading"
    place = NamedField(
        label=_("Nearest place of the corridor"), help_text=_("The port, station or town where your goods are loaded.")
    )
    first_mile_km = NumberField(
        required=False, most=FARTHEST_KM, label=_("Distance to that place"), help_text=_("Whole kilometres by road.")
    )

    def __init__(self, data=None, *, company: Company):
        super().__init__(data, company=company)
        field = self.fields["place"]
        near = Place.objects.filter(country=company.country)
        field.required, field.choices = True, named(near | Place.objects.filter(pk=company.place_id))

    def stated(self) -> dict:
        return super().stated() | {"place": Place.objects.get(pk=self.cleaned_data["place"])}


class WorkStepForm(StepForm):
    key = "work"
    sectors = forms.MultipleChoiceField(
        choices=Sector.choices, widget=forms.CheckboxSelectMultiple, label=_("Goods in which you trade")
    )
    activities = forms.MultipleChoiceField(
        required=False,
        choices=Activity.choices,
        widget=forms.CheckboxSelectMultiple,
        label=_("What you do with goods"),
    )
    size = size_field()
    description = WordsField(
        most=4000,
        required=False,
        label=_("What the company does"),
        help_text=_("In your own words, in any language. You may leave it."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    website = WebsiteField(required=False, label=_("Website"))

    def __init__(self, data=None, *, company: Company):
        super().__init__(data, company=company)
        self.fields["sectors"].error_messages["required"] = CHOOSE_ONE_OR_MORE


class LanguagesStepForm(StepForm):
    key = "languages"
    languages = forms.MultipleChoiceField(
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        label=_("Languages in which you can be written to"),
    )

    def __init__(self, data=None, *, company: Company):
        super().__init__(data, company=company)
        self.fields["languages"].error_messages["required"] = CHOOSE_ONE_OR_MORE


class ReachStepForm(StepForm):
    """One of the two is enough; neither is a person's own."""

    key = "reach"
    role_mailbox = MailboxField(
        required=False,
        label=_("Mailbox of the company"),
        help_text=_("One that is not a person's own, such as export@example.org."),
    )
    switchboard = LineField(most=40, required=False)

    def __init__(self, data=None, *, company: Company):
        super().__init__(data, company=company)
        self.fields["switchboard"] = PhoneField(
            country=company.country,
            required=False,
            label=_("Telephone of the company"),
            help_text=_("As you dial it at home, or with the code of the country: %(example)s.")
            % {"example": EXAMPLES[company.country]},
        )

    def clean(self) -> dict:
        facts = super().clean()
        if not self.errors and not facts.get("role_mailbox") and not facts.get("switchboard"):
            self.add_error("role_mailbox", _("Give a mailbox or a telephone number of the company."))
        return facts


STEP_FORMS = {
    form.key: form
    for form in (CompanyStepForm, SiteStepForm, LoadingStepForm, WorkStepForm, LanguagesStepForm, ReachStepForm)
}
