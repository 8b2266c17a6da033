"""Which pages a role finds in the header."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.permissions import may_export, may_manage_people, may_see_every_company


@dataclass(frozen=True)
class Entry:
    """A page of the header, and how the view names begin that count as being there."""

    view: str
    label: Promise
    here: str | tuple[str, ...]
    allowed: object


def anybody(user) -> bool:
    return user.is_authenticated


ENTRIES = (
    Entry("desk:home", _("Overview"), "desk:", may_see_every_company),
    Entry("desk:home", _("My company"), "desk:", lambda user: anybody(user) and not may_see_every_company(user)),
    Entry(
        "matching:partner-list",
        _("Partners"),
        "matching:partner",
        lambda user: anybody(user) and not may_see_every_company(user),
    ),
    Entry("matching:match-list", _("Matches"), "matching:match", may_see_every_company),
    Entry("matching:plan", _("Plan"), "matching:plan", may_see_every_company),
    Entry("matching:coaching", _("Gaps"), ("matching:coaching", "matching:near-miss"), may_see_every_company),
    Entry("reports:report-list", _("Reports"), "reports:", may_export),
    Entry("companies:company-list", _("Companies"), "companies:company", may_see_every_company),
    Entry("matching:commodity-list", _("Commodities"), "matching:commodity", may_see_every_company),
    Entry("corridor:overview", _("Corridor"), "corridor:", may_see_every_company),
    Entry("matching:run-list", _("Runs"), "matching:run", may_see_every_company),
    Entry("companies:book", _("Book"), "companies:book", may_see_every_company),
    Entry("accounts:person-list", _("People"), "accounts:person", may_manage_people),
)


def navigation_for(request: HttpRequest) -> list[dict]:
    """The entries the person may open, the current one marked."""
    match = request.resolver_match
    here = match.view_name if match else ""
    allowed = [entry for entry in ENTRIES if entry.allowed(request.user)]
    within = [entry for entry in allowed if here.startswith(entry.here)]
    current = max(within, key=lambda entry: len(entry.here), default=None)
    return [{"url": reverse(entry.view), "label": entry.label, "is_current": entry is current} for entry in allowed]
