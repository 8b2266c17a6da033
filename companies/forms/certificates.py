"""What a company says of a certificate. Whether it was seen is not the company's to say."""

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import figures
from accounts.reading import DayField, LineField
from commodities.models import CertificateKind
from companies.enums import CertificateState
from companies.forms.choosing import certificate_choices
from companies.forms.fields import NamedField, OurForm, SeenField
from companies.models import Certificate, Company
from companies.services.locking import seen_of
from companies.services.verification import CERTIFICATE_FACTS

HELD, NOT_HELD = "held", "not_held"


class CertificateForm(OurForm):
    """One certificate, for all that the company sells."""

    kind = NamedField(label=_("Which certificate?"))
    held = forms.ChoiceField(
        choices=[(HELD, _("we hold it")), (NOT_HELD, _("we do not hold it"))],
        widget=forms.RadioSelect,
        label=_("Do you hold it?"),
    )
    number = LineField(most=80, required=False, label=_("Number"))
    issuer = LineField(most=200, required=False, label=_("Who issued it"))
    scope = LineField(
        most=300, required=False, label=_("What it covers"), help_text=_("The plant, the goods or the process.")
    )
    valid_from = DayField(required=False, label=_("Valid from"))
    valid_until = DayField(required=False, label=_("Valid until"))
    seen = SeenField()

    def __init__(self, data=None, *, company: Company, certificate: Certificate | None = None):
        initial = {}
        if certificate:
            initial = {name: getattr(certificate, name) for name in CERTIFICATE_FACTS if name != "state"}
            initial["held"] = NOT_HELD if certificate.state == CertificateState.NOT_HELD else HELD
            initial["seen"] = seen_of(certificate, CERTIFICATE_FACTS)
        super().__init__(data, initial=initial)
        self.certificate = certificate
        if certificate:
            del self.fields["kind"]
        else:
            self.fields["kind"].required = True
            self.fields["kind"].choices = certificate_choices(company)

    def clean(self) -> dict:
        facts = super().clean()
        until = facts.get("valid_until")
        if facts.get("held") == HELD and until and until < timezone.localdate():
            self.add_error(
                "valid_until", _("This day has passed: say that you do not hold it, or give the day of the new one.")
            )
        return facts

    def stated(self) -> dict:
        facts = {name: self.cleaned_data[name] for name in CERTIFICATE_FACTS if name != "state"}
        kind = self.certificate.kind if self.certificate else CertificateKind.objects.get(pk=self.cleaned_data["kind"])
        return facts | {"kind": kind, "is_held": self.cleaned_data["held"] == HELD}


class FileForm(OurForm):
    """A picture or PDF of a certificate."""

    file = forms.FileField(
        label=_("Picture or PDF"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}),
    )

    def __init__(self, data=None, files=None):
        super().__init__(data, files)
        field = self.fields["file"]
        most = figures.decimal(settings.CERTIFICATE_FILE_MAX_SIZE // 1_000_000)
        field.help_text = _(
            "PDF, JPEG or PNG, at most %(most)s MB. Only your company and those who verify it can open it."
        ) % {"most": most}
        field.error_messages |= {
            "empty": _("This file is empty."),
            "invalid": _("Choose a file."),
            "missing": _("Choose a file."),
            "required": _("Choose a file."),
        }
