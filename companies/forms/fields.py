"""Fields for words that people type: what cannot be kept is refused with a sentence, never shortened quietly."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.forms import ours
from accounts.reading import LineField
from companies.enums import CompanySize
from companies.services.locking import version
from companies.texts import sentence

TELEPHONE = re.compile(r"\+?[0-9][0-9 ()./-]{3,}[0-9](?: ?[,#] ?[0-9]{1,6})?")
LONGEST_ADDRESS = 254
UNWRITTEN = set("\"'`<>")  # addresses of the web hold these as %22 and so on; as they stand they end what quotes them
NO_ADDRESS = _("This is no e-mail address. It looks like name@example.org.")


def size_field() -> forms.ChoiceField:
    """How large the company is, in its own words: nobody checks it."""
    return forms.ChoiceField(
        required=False,
        choices=[("", _("not stated")), *((size.value, capfirst(size.label)) for size in CompanySize)],
        label=_("Size of the company"),
        help_text=_("As the law of your country counts it. You may leave it."),
    )


class MailboxField(LineField):
    """An e-mail address."""

    widget = forms.EmailInput

    def __init__(self, **options):
        super().__init__(most=LONGEST_ADDRESS, **options)

    def read(self, text: str) -> str:
        try:
            validate_email(text)
        except ValidationError:
            raise ValidationError(NO_ADDRESS, code="invalid") from None
        return text


class TelephoneField(LineField):
    """A number that can be dialled."""

    widget = forms.TextInput(attrs={"inputmode": "tel"})

    def __init__(self, **options):
        super().__init__(most=30, **options)

    def read(self, text: str) -> str:
        if not TELEPHONE.fullmatch(text):
            raise ValidationError(
                _("This is no telephone number. It looks like +62 542 123456; put an extension after a comma."),
                code="invalid",
            )
        return text


class WebsiteField(LineField):
    """An address of the web; https is taken where none is typed."""

    widget = forms.TextInput(attrs={"inputmode": "url"})

    def __init__(self, **options):
        super().__init__(most=200, **options)

    def read(self, text: str) -> str:
        address = text if "://" in text else f"https://{text}"
        try:
            if UNWRITTEN & set(address):
                raise ValueError(address)
            URLValidator(schemes=["http", "https"])(address)
        except (ValidationError, ValueError):
            raise ValidationError(
                _("This is no web address. It looks like https://example.org."), code="invalid"
            ) from None
        if len(address) > self.most:
            raise ValidationError(sentence("text_too_long", {"letters": len(address), "most": self.most}), code="long")
        return address


class NamedField(forms.TypedChoiceField):
    """The number of one row of reference data, or none; `named` gives the choices."""

    def __init__(self, **options):
        super().__init__(required=False, coerce=int, empty_value=None, **options)


def named(rows) -> list[tuple]:
    """Rows of reference data as choices, by their names in the reader's language."""
    return [("", _("not stated")), *sorted(((row.pk, row.name) for row in rows), key=lambda choice: choice[1])]


class SeenField(forms.Field):
    """Which state of a thing the page showed. Whatever comes back, it is only compared."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(required=False)


class OurForm(ours.OurForm):
    """A form that refuses in our words, and notices what was changed since the page was opened."""

    def see(self, thing) -> None:
        """The page shows the thing as it is now: what is typed goes on from here."""
        self.data = self.data.copy()
        self.data["seen_at"] = version(thing)
