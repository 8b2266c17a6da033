"""What city staff and officers write about a company: why they stand in, what they checked, why they decide."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.reading import DayField, LineField
from companies.enums import FactKind, MemberRole, Screening
from companies.forms.fields import MailboxField, OurForm

LONGEST_REASON = 500
# A completed deal follows from deals; nobody declares it.
CHECKED_BY_PEOPLE = [choice for choice in FactKind.choices if choice[0] != FactKind.DEAL_COMPLETED]


class StandInForm(OurForm):
    reason = LineField(
        most=300, label=_("Why do you act for it?"), help_text=_("The company reads this: who asked, and for what.")
    )


class MemberForm(OurForm):
    email = MailboxField(
        label=_("E-mail address of the account"), help_text=_("The person has made an account with it.")
    )
    role = forms.ChoiceField(choices=MemberRole.choices, initial=MemberRole.EDITOR, label=_("Role"))


class FactForm(OurForm):
    prefix = "fact"
    kind = forms.ChoiceField(choices=CHECKED_BY_PEOPLE, label=_("What was checked?"))
    checked_on = DayField(latest=timezone.localdate, initial=timezone.localdate, label=_("On which day?"))
    note = LineField(
        most=LONGEST_REASON, required=False, label=_("What was seen"), help_text=_("The company can read it.")
    )


class ReasonForm(OurForm):
    reason = LineField(most=LONGEST_REASON, label=_("Why?"), help_text=_("The company reads it on its page."))


class SendBackForm(ReasonForm):
    prefix = "back"


class SuspendForm(ReasonForm):
    prefix = "suspend"


class ScreeningForm(OurForm):
    prefix = "screening"
    screening = forms.ChoiceField(choices=Screening.choices, label=_("What do the lists say?"))
    note = LineField(
        most=LONGEST_REASON,
        required=False,
        label=_("Note"),
        help_text=_("Which lists, and on which day. The company does not see it."),
    )

    def clean(self) -> dict:
        facts = super().clean()
        if facts.get("screening") == Screening.REFUSED and not facts.get("note") and "note" not in self.errors:
            self.add_error("note", _("Say on which list the company stands, and since when."))
        return facts
