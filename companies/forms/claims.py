"""An entry of the public directory: looked for, claimed, decided."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts import figures
from accounts.reading import LineField
from companies.forms.certificates import FileForm
from companies.forms.fields import OurForm
from companies.forms.profile import NUMBER_HINTS
from companies.forms.standing import LONGEST_REASON
from companies.models import Company


class DirectoryForm(OurForm):
    """The name of a company, as one types it."""

    name = LineField(
        most=250,
        label=_("Name of the company"),
        help_text=_("In any script, with or without its legal form."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )


class ClaimForm(FileForm):
    """Why an entry is one's company: its number, what one is there, a document."""

    registration_number = LineField(
        most=40,
        label=_("Registration number"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    words = LineField(most=500, label=_("What are you in the company?"), help_text=_("Director, sales, bookkeeping …"))
    field_order = ("registration_number", "words", "file")

    def __init__(self, data=None, files=None, *, company: Company):
        super().__init__(data, files)
        self.fields["registration_number"].help_text = NUMBER_HINTS[company.country]
        file = self.fields["file"]
        file.label = _("A document that shows it")
        file.help_text = _(
            "The certificate of registration, an extract of the register or a letter of attorney, as PDF, JPEG or PNG "
            "of at most %(most)s MB. Only you and those who verify companies can open it."
        ) % {"most": figures.decimal(settings.CERTIFICATE_FILE_MAX_SIZE // 1_000_000)}


class RefuseClaimForm(OurForm):
    reason = LineField(most=LONGEST_REASON, label=_("Why?"), help_text=_("Whoever claimed the company reads it."))
