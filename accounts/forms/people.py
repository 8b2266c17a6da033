"""What an administrator decides about a person."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.forms.wording import MISSING
from accounts.services import LONGEST_REASON


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=LONGEST_REASON,
        label=_("Why?"),
        help_text=_("Kept with the change, and read by other administrators."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages = {**field.error_messages, "required": MISSING}


class RoleForm(ReasonForm):
    role = forms.ChoiceField(choices=Role.choices, label=_("Role"))
    field_order = ("role", "reason")
