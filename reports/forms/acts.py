"""What is done with a report that is there: a further file, colleagues who see it."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.forms.ours import OurForm
from accounts.models import User
from reports.enums import Format
from reports.models import Report

CARRIERS = (Role.STAFF, Role.OFFICER, Role.ADMIN)  # who may_export, and may_look_at_contacts


class FurtherFileForm(OurForm):
    """The same figures in another kind of file or another language."""

    format = forms.ChoiceField(choices=Format.choices, label=_("File"))
    language = forms.ChoiceField(choices=settings.LANGUAGES, label=_("Language"))
    beside = forms.ChoiceField(
        required=False, choices=[("", _("no second language")), *settings.LANGUAGES], label=_("Beside it")
    )

    def clean(self) -> dict:
        said = super().clean()
        if said.get("beside") and said["beside"] == said.get("language"):
            self.add_error("beside", ValidationError(_("Choose another language than the first.")))
        return said

    def file(self) -> tuple[Format, tuple[str, ...]]:
        said = self.cleaned_data
        return Format(said["format"]), tuple(filter(None, (said["language"], said["beside"])))


class PeopleField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, person: User) -> str:
        return f"{person}, {person.get_role_display()}"


class ShareForm(OurForm):
    """Which colleagues see the report too."""

    people = PeopleField(queryset=User.objects.none(), label=_("Colleagues"))

    def __init__(self, data=None, *, report: Report):
        super().__init__(data)
        self.fields["people"].queryset = colleagues(report)
        self.fields["people"].error_messages["invalid_choice"] = _("One of these people is no colleague any more.")


def colleagues(report: Report) -> QuerySet[User]:
    """Those who may carry reports away and do not see this one yet."""
    people = User.objects.filter(role__in=CARRIERS, is_active=True).exclude(pk=report.maker_id)
    return people.exclude(pk__in=report.shared_with.values("pk")).order_by("name", "email")
