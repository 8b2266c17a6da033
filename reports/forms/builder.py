"""The builder of a report: which rows, in which files and languages, under whose letterhead, for whom."""

from collections.abc import Mapping
from functools import cached_property

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.ours import OurForm
from accounts.models import User
from accounts.reading import DayField, LineField
from companies.enums import ContactPurpose
from companies.models import Company
from companies.templatetags.companies_words import for_reader
from corridor.enums import Country
from matching.models import Match
from reports.cutting.subjects import SUBJECTS
from reports.enums import Format, Grouping, Office, Subject
from reports.forms.columns import ColumnRow, column_rows, title_of
from reports.forms.companies import MOST_CHOSEN, LookedFor, Offered, chosen_companies, looked_for, offered
from reports.forms.narrowing import Narrowing

ABOUT_COMPANIES = (Subject.COMPANIES,)  # a report about companies, not one that is narrowed to them
BY_DAYS = (Subject.MATCHES, Subject.PLAN, Subject.UNMET, Subject.LANDED, Subject.BOOK)
BY_COMPANIES = (*BY_DAYS, *ABOUT_COMPANIES)
WITH_CONTACTS = (Subject.COMPANIES, Subject.PAIR)
MOST_DIGITS = 18
MOST_NAME = 120
SIDES = 2  # languages that stand side by side


class BuilderForm(OurForm):
    """Everything that is said of one report. What a subject does not have is no field of its form."""

    query = forms.CharField(required=False, widget=forms.HiddenInput)
    match = forms.CharField(required=False, widget=forms.HiddenInput)
    text = LineField(required=False, most=100, label=_("Goods, in any of the four languages"))
    direction = forms.MultipleChoiceField(required=False, label=_("Direction"), widget=forms.CheckboxSelectMultiple)
    sector = forms.MultipleChoiceField(required=False, label=_("Sector"), widget=forms.CheckboxSelectMultiple)
    company_words = LineField(
        required=False,
        most=500,
        label=_("Companies"),
        help_text=_("Names or numbers, with commas between them. Only what has to do with one of these is taken."),
    )
    companies = forms.MultipleChoiceField(required=False, label=_("Companies"))
    since = DayField(required=False, label=pgettext_lazy("a day", "From"))
    until = DayField(required=False, label=pgettext_lazy("a day", "To"))
    languages = forms.MultipleChoiceField(
        choices=settings.LANGUAGES,
        label=_("Languages"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each one gets files of its own: Russian for the guest, Indonesian for the capital."),
    )
    side_by_side = forms.BooleanField(required=False, label=_("Two languages side by side in one file"))
    formats = forms.MultipleChoiceField(choices=Format.choices, label=_("Files"), widget=forms.CheckboxSelectMultiple)
    columns = forms.MultipleChoiceField(required=False, label=_("Columns"))
    grouping = forms.ChoiceField(required=False, choices=Grouping.choices, label=_("Grouping"))
    office = forms.ChoiceField(choices=Office.choices, label=_("Letterhead"), widget=forms.RadioSelect)
    recipient = LineField(
        required=False,
        most=120,
        label=_("Who gets it?"),
        help_text=_("As it shall stand on the paper, such as “for Mr Akhmetov, Qazaq Foods”. May stay empty."),
    )
    for_company = forms.ChoiceField(
        required=False,
        label=_("Is it for one of the two?"),
        widget=forms.RadioSelect,
        help_text=_("A company does not read the name of the other side before the city introduces them."),
    )
    contacts = forms.BooleanField(required=False, label=_("With contact persons who agreed to it"))
    purpose = forms.ChoiceField(
        required=False,
        choices=[("", _("choose a purpose")), *ContactPurpose.choices],
        label=_("What are the contact persons needed for?"),
        help_text=_("It is kept with the day; their companies read it."),
    )
    purpose_words = LineField(required=False, most=200, label=_("The other purpose, in words"))
    crosses_to = forms.ChoiceField(
        required=False,
        choices=[("", _("choose a country")), *Country.choices],
        label=_("In which country is it read?"),
        help_text=_(
            "Persons who did not agree to be seen there are left out; the file says how many fields that were."
        ),
    )
    name = LineField(
        required=False, most=MOST_NAME, label=_("Name of the report"), help_text=_("For your list. May stay empty.")
    )

    def __init__(self, data=None, *, user: User, subject: Subject, query: str = "", initial: Mapping | None = None):
        self.user, self.subject = user, subject
        self.cut = SUBJECTS[subject]
        self.order_of_columns = (
            list(data.getlist("order")) if data is not None else list((initial or {}).get("order", ()))
        )
        self.narrowing = Narrowing(subject, query, user)
        super().__init__(data, initial=initial)
        if data is not None:
            for name in self.narrowing.by_hand:
                self.narrowing.say(name, data.getlist(name))
        self._leave_out()
        self._offer()

    # --- what there is to say of this subject

    def _leave_out(self) -> None:
        """What the subject does not have."""
        has = {name: name in self.narrowing.by_hand for name in ("text", "direction", "sector")}
        has |= dict.fromkeys(("company_words", "companies"), self.subject in BY_COMPANIES)
        has |= dict.fromkeys(("since", "until"), self.subject in BY_DAYS)
        has |= dict.fromkeys(("contacts", "purpose", "purpose_words", "crosses_to"), self.subject in WITH_CONTACTS)
        has |= {"columns": bool(self.cut.columns), "grouping": len(self.cut.groupings) > 1}
        has |= dict.fromkeys(("match", "for_company"), self.subject == Subject.PAIR)
        for name, is_there in has.items():
            if not is_there:
                del self.fields[name]
        if self.subject in ABOUT_COMPANIES:
            self.fields["company_words"].help_text = _("Names or numbers, with commas between them.")

    def _offer(self) -> None:
        for name in ("direction", "sector"):
            if name in self.fields:
                self.fields[name].choices = self.narrowing.choices(name)
        if "companies" in self.fields:
            keys = self._keys()
            self.fields["companies"].choices = [
                (str(one.pk), for_reader(one)) for one in chosen_companies(keys, self.user)
            ]
        if "columns" in self.fields:
            self.fields["columns"].choices = [(column.key, title_of(column)) for column in self.cut.columns]
        if "grouping" in self.fields:
            self.fields["grouping"].choices = [
                (value, label) for value, label in self.fields["grouping"].choices if value in self.cut.groupings
            ]
        if "for_company" in self.fields:
            self.fields["for_company"].choices = [("", _("It is for officials")), *self.sides()]

    def _keys(self) -> list[int]:
        typed = self["companies"].value() or []
        keys = [int(key) for key in typed if key.isascii() and key.isdigit() and len(key) <= MOST_DIGITS]
        return list(dict.fromkeys(keys))

    @cached_property
    def pair(self) -> Match | None:
        """The match whose brief it is, as far as the person may see it."""
        number = self["match"].value() or "" if "match" in self.fields else ""
        if not (number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS):
            return None
        matches = Match.objects.visible_to(self.user).select_related("need__company", "capacity__company")
        return matches.filter(pk=int(number)).first()

    def sides(self) -> list[tuple[str, str]]:
        """The two companies of the pair, by their numbers."""
        if self.pair is None:
            return []
        both: list[Company] = [self.pair.capacity.company, self.pair.need.company]
        return [(str(company.pk), for_reader(company)) for company in both]

    # --- how it is shown

    def column_rows(self) -> list[ColumnRow]:
        """Every column of the subject in the order in which it stands, with whether it is taken."""
        return column_rows(self.cut.columns, self.order_of_columns, self["columns"].value())

    def has_own_columns(self) -> bool:
        """Whether the columns are others than the usual ones, or in another order."""
        usual = [column.key for column in self.cut.columns]
        return [row.key for row in self.column_rows() if row.is_chosen] != usual

    def offered_companies(self) -> list[Offered]:
        """The companies to tick: those chosen, those that alone bear a name that was typed, and those it may mean."""
        chosen = chosen_companies(self._keys(), self.user)
        return offered([*chosen, *self.looked_for.meant], self.looked_for.several)

    @cached_property
    def looked_for(self) -> LookedFor:
        return looked_for(self["company_words"].value() or "", self._keys(), self.user)

    def company_words_left(self) -> str:
        """What stays in the field: names of which nobody is chosen. The others became something to tick."""
        return ", ".join(self.looked_for.left)

    # --- what was said

    def clean_languages(self) -> list[str]:
        """Side by side is proposed from the last time: with one language alone it says nothing, and is passed over."""
        languages = self.cleaned_data["languages"]
        if self.data.get("side_by_side") and len(languages) > SIDES:
            raise ValidationError(_("Side by side stand exactly two languages. Tick two."))
        return languages

    def clean_columns(self) -> list[str]:
        columns = self.cleaned_data["columns"]
        if not columns:
            raise ValidationError(_("Choose at least one column."))
        return columns

    def clean(self) -> dict:
        said = super().clean()
        try:
            self.narrowing.check()
        except ValidationError as refusal:
            self.add_error(None, refusal)
        if "companies" in self.fields:
            self._clean_companies()
        if said.get("since") and said.get("until") and said["until"] < said["since"]:
            self.add_error("until", _("The last day is before the first one."))
        if self.subject == Subject.PAIR and self.pair is None:
            self.add_error(None, _("There is no such match. Open the match and take it along from there."))
        if said.get("contacts"):
            self._clean_contacts(said)
        return said

    def _clean_companies(self) -> None:
        """A name that was typed and not looked for yet is taken where it names one company alone."""
        unknown = self.looked_for.unknown
        chosen = [*self._keys(), *(one.pk for one in self.looked_for.meant)]
        if unknown:
            refusal = ValidationError(_("No company is called %(names)s."), params={"names": ", ".join(unknown)})
            self.add_error("company_words", refusal)
        if set(self.looked_for.left) - set(unknown):
            self.add_error("company_words", _("Several companies are called so. Tick those that are meant."))
        keys = [one.pk for one in chosen_companies(list(dict.fromkeys(chosen)), self.user)]
        if len(keys) > MOST_CHOSEN:
            self.add_error(
                "company_words",
                ValidationError(_("Choose at most %(most)s companies."), params={"most": MOST_CHOSEN}),
            )
        if self.subject in ABOUT_COMPANIES and not keys and "company_words" not in self.errors:
            self.add_error("company_words", _("Choose at least one company."))
        self.cleaned_data["companies"] = keys

    def _clean_contacts(self, said: dict) -> None:
        for name, words in (
            ("purpose", _("Say what they are needed for.")),
            ("crosses_to", _("Say in which country it is read.")),
            ("recipient", _("A file with contact persons names who gets it.")),
        ):
            if not said.get(name) and name not in self.errors:
                self.add_error(name, words)
        if said.get("purpose") == ContactPurpose.OTHER and not said.get("purpose_words"):
            self.add_error("purpose_words", _("Say the purpose in words."))
