"""Who acts for a company: inviting, changing roles, handing over, taking over."""

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.reading import LineField
from companies.enums import MemberRole
from companies.forms.fields import MailboxField, OurForm
from companies.models import Company


class InviteForm(OurForm):
    """A letter with a link that works once."""

    prefix = "invite"
    email = MailboxField(
        label=_("E-mail address"),
        help_text=_("The letter goes there. The person accepts with an account that has this address."),
    )
    role = forms.ChoiceField(choices=MemberRole.choices, initial=MemberRole.EDITOR, label=_("Role"))
    language = forms.ChoiceField(choices=settings.LANGUAGES, label=_("Language of the letter"))

    def __init__(self, data=None):
        super().__init__(data, initial={"language": get_language()})


class RoleForm(OurForm):
    role = forms.ChoiceField(choices=MemberRole.choices)


class HandoverForm(OurForm):
    """A letter on paper, with a link and a square for the camera."""

    language = forms.ChoiceField(choices=settings.LANGUAGES, label=_("Language of the letter"))
    email = MailboxField(
        required=False,
        label=_("E-mail address, where you know it"),
        help_text=_("Then only an account with this address can use the link. Leave it empty for a letter by hand."),
    )

    def __init__(self, data=None, *, company: Company):
        known = [language for language in company.languages if language in dict(settings.LANGUAGES)]
        super().__init__(data, initial={"language": known[0] if known else get_language()})


class TakeOverForm(OurForm):
    """Whoever holds the letter of a company knows its number, too."""

    registration_number = LineField(
        most=40,
        label=_("Registration number"),
        help_text=_("As it stands in a document of the company. This shows that the letter is yours."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
