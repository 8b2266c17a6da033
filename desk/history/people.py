"""Who made a change, as far as the reader may know: names for staff, for a company only those of its own people."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pghistory.models import Context

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import may_see_every_company
from companies.models import Membership
from desk.history.changes import Change

WAYS = {
    "merge": gettext_lazy("by merging two entries"),
    "merge_undone": gettext_lazy("by undoing a merge"),
    "import_book": gettext_lazy("with a book"),
    "undo_book": gettext_lazy("by undoing a book"),
    "invitation": gettext_lazy("by an invitation"),
    "handover": gettext_lazy("by the letter with which the company was handed over"),
    "claim": gettext_lazy("by a claim of the directory entry"),
}


class People:
    """The people whom the changes of one page name; found with three queries."""

    def __init__(self, reader: User, changes: Iterable[Change], numbers: set[int]):
        self.is_company = not may_see_every_company(reader)
        self._contexts = Context.objects.in_bulk({change.context for change in changes if change.context})
        acting = {found.metadata.get("user") for found in self._contexts.values()} - {None}
        self._people = User.objects.in_bulk(acting | numbers)
        self._fellows = fellows_of(reader) if self.is_company else set()

    def name(self, number: int) -> str:
        """A person by name. A company reads the names of its own people, and of others where they work."""
        person = self._people.get(number)
        if person is None or person.erased_at:
            return _("erased person")
        if not self.is_company or number in self._fellows:
            return str(person)
        return office_of(person)

    def who(self, change: Change) -> str:
        """Who made a change: a person, a command, or the programme by itself."""
        said = self._said(change)
        if said.get("user"):
            name = self.name(said["user"])
            return _("%(who)s, standing in for the company") % {"who": name} if said.get("stand_in") else name
        if "command" in said:
            return _("a command: %(name)s") % {"name": said["command"]}
        return _("somebody not signed in") if "user" in said else _("the programme")

    def way(self, change: Change) -> str:
        """By which way, where it is not a form on a page."""
        said = self._said(change)
        way = said.get("way")
        if way == "import_book" and said.get("command") == "import_book":
            return ""
        return str(WAYS.get(way, ""))

    def _said(self, change: Change) -> dict:
        found = self._contexts.get(change.context)
        return found.metadata if found else {}


def fellows_of(reader: User) -> set[int]:
    """Who acts for the same companies as the reader."""
    own = Membership.objects.filter(user=reader).values("company")
    return set(Membership.objects.filter(company__in=own).values_list("user", flat=True))


def office_of(person: User) -> str:
    """Where somebody works whose name is not told."""
    if person.role in (Role.STAFF, Role.ADMIN):
        return _("city staff")
    return _("the embassy") if person.role == Role.OFFICER else _("a business user")
