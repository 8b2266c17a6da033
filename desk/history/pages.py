"""What a page of history is asked for, and its rows ready to be read."""

from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.lists.filters import ListForm
from accounts.models import User
from desk.history.changes import Change, Changes
from desk.history.kinds import KINDS, Kind, kinds_of_page
from desk.history.words import Part, Words

USUAL_DAYS = "30"
DAYS = [
    ("1", _("since yesterday")),
    ("7", _("of the last 7 days")),
    ("30", _("of the last 30 days")),
    ("365", _("of the last year")),
    ("all", _("all there are")),
]
NOBODY = "0"  # commands, tasks and whoever works at the database itself


class ChangeForm(ListForm):
    """What the list of all changes is narrowed by."""

    kind = forms.MultipleChoiceField(required=False, label=_("Of what"))
    person = forms.ChoiceField(required=False, label=_("By whom"))
    days = forms.ChoiceField(required=False, label=_("When"), choices=DAYS)

    def __init__(self, data, *, user: User):
        super().__init__(data)
        self.fields["kind"].choices = [(kind.key, kind.label) for kind in kinds_of_page(user, [])]
        people = User.objects.filter(Q(pk__in=chosen_number(data)) | ~Q(role=Role.BUSINESS)).order_by("name", "email")
        self.fields["person"].choices = [(NOBODY, _("commands and the programme"))] + [
            (str(person.pk), person) for person in people
        ]


def chosen_number(data) -> list[int]:
    """The person an address names, who need not be an official to be looked for."""
    text = data.get("person", "")
    return [int(text)] if text.isascii() and text.isdigit() and len(text) < 10 else []


class ChangeFilter:
    """The list of all changes, as its address narrows it."""

    default_sort = ""

    def __init__(self, data, user: User):
        self.user = user
        self.form = ChangeForm(data, user=user)

    def sorted(self) -> Changes:
        asked = self.form.cleaned_data
        only = Q()
        if asked["person"] == NOBODY:
            only &= Q(pgh_context__metadata__user__isnull=True)
        elif asked["person"]:
            only &= Q(pgh_context__metadata__user=int(asked["person"]))
        days = asked["days"] or USUAL_DAYS
        if days != "all":
            only &= Q(pgh_created_at__gte=timezone.now() - timedelta(days=int(days)))
        kinds = kinds_of_page(self.user, asked["kind"])
        return Changes([rows for kind in kinds for rows in kind.changes(self.user, only=only)])

    def words(self, name: str, value: str) -> str:
        return str(dict(self.form.fields[name].choices)[value])


class OneThing:
    """The changes of one thing and its children. Its address holds nothing but the page."""

    default_sort = ""

    def __init__(self, data, kind: Kind, user: User, number: int):
        self.form = ListForm(data)
        self._found = (kind, user, number)

    def sorted(self) -> Changes:
        kind, user, number = self._found
        return Changes(kind.changes(user, only=Q(shown_on=number)))


@dataclass(frozen=True)
class Thing:
    """What was changed, and where its own history is; no address where it is gone."""

    name: str
    address: str


@dataclass(frozen=True)
class Row:
    """One change, ready to be read."""

    change: Change
    who: str
    way: str
    things: list[Thing]
    parts: list[Part]

    @property
    def more(self) -> int:
        """How many things of the change are not named."""
        return self.change.count - len(self.things)


def rows_for(reader: User, changes: list[Change]) -> list[Row]:
    """The changes of one page in the reader's words."""
    words, named = Words(reader, changes), things_of(changes)
    return [
        Row(
            change,
            words.people.who(change),
            words.people.way(change),
            [named.get((change.kind.key, number)) or gone(number) for number in change.things],
            words.parts(change),
        )
        for change in changes
    ]


def gone(number: int) -> Thing:
    return Thing(_("no longer here: number %(number)s") % {"number": number}, "")


def things_of(changes: list[Change]) -> dict[tuple[str, int], Thing]:
    """The things that the changes name, by kind and number: one query a kind."""
    found = {}
    for key in {change.kind.key for change in changes}:
        numbers = {number for change in changes if change.kind.key == key for number in change.things}
        for thing in KINDS[key].all_things().filter(pk__in=numbers):
            address = reverse("desk:history", args=[key, thing.pk])
            found[key, thing.pk] = Thing(KINDS[key].title(thing), address)
    return found
