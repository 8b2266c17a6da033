"""Contact persons: who they are, what they agreed to, and why somebody looks at them."""

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.reading import DayField, LineField
from companies.consents import CURRENT
from companies.enums import ContactPurpose
from companies.forms.fields import MailboxField, OurForm, SeenField, TelephoneField
from companies.models import ContactPerson
from companies.services.locking import version
from corridor.enums import Country

PERSON_FIELDS = ("name", "position", "email", "phone", "languages")


class PersonForm(OurForm):
    """Who one may call."""

    name = LineField(most=150, label=_("Name"))
    position = LineField(most=120, required=False, label=_("Position"))
    email = MailboxField(required=False, label=_("E-mail address"))
    phone = TelephoneField(
        required=False, label=_("Telephone"), help_text=_("With the country code, such as +62 542 123456.")
    )
    languages = forms.MultipleChoiceField(
        required=False, choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple, label=_("Speaks")
    )

    def clean(self) -> dict:
        facts = super().clean()
        if not {"email", "phone"} & set(self.errors) and not facts.get("email") and not facts.get("phone"):
            self.add_error("email", _("Give an e-mail address or a telephone number."))
        return facts

    def person(self) -> dict:
        facts = {name: self.cleaned_data[name] for name in PERSON_FIELDS}
        return facts | {"languages": sorted(facts["languages"])}


class ConsentForm(OurForm):
    """What the person agreed to: the words, the countries, the day."""

    agreed = forms.BooleanField(label=_("The person has agreed to these words"))
    countries = forms.MultipleChoiceField(
        choices=Country.choices,
        widget=forms.CheckboxSelectMultiple,
        label=_("May be seen by the city and the embassy in"),
    )
    given_on = DayField(latest=timezone.localdate, initial=timezone.localdate, label=_("Agreed on"))
    wording = forms.CharField(widget=forms.HiddenInput, initial=CURRENT)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agreed"].error_messages["required"] = _("Without the person's consent nothing is kept.")
        self.fields["countries"].error_messages["required"] = _("Choose at least one country.")

    def consent(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("countries", "given_on", "wording")}


class NewPersonForm(PersonForm, ConsentForm):
    """A person is entered together with the consent."""

    field_order = [*PERSON_FIELDS, "agreed", "countries", "given_on", "wording"]


class ChangedPersonForm(PersonForm):
    """What is kept of a person is put right."""

    seen_at = SeenField()

    def __init__(self, data=None, *, contact: ContactPerson):
        initial = {name: getattr(contact, name) for name in PERSON_FIELDS} | {"seen_at": version(contact)}
        super().__init__(data, initial=initial)


class LookForm(OurForm):
    """Why somebody wants to see the contact persons."""

    purpose = forms.ChoiceField(choices=[("", _("choose a purpose")), *ContactPurpose.choices], label=_("Purpose"))
    words = LineField(
        most=300,
        required=False,
        label=_("In words"),
        help_text=_("Needed for another purpose. The company reads what you write here."),
    )

    def clean(self) -> dict:
        facts = super().clean()
        is_other = facts.get("purpose") == ContactPurpose.OTHER
        if is_other and not facts.get("words") and "words" not in self.errors:
            self.add_error("words", _("Say in words what you need it for."))
        return facts
