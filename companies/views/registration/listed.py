"""The list of steps as a page shows it: what is done, what is to do, what may be left."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies.enums import CompanyStatus
from companies.models import Company
from companies.registration import NEEDED_STEPS, REACH, lacks, progress_of
from companies.views.finding import what_one_may

DONE, NOW, LATER = "done", "now", "later"
ICONS = {DONE: "pass", NOW: "edit", LATER: "task"}
CERTIFICATES, CONTACT, CHECK = "certificates", "contact", "check"


@dataclass(frozen=True)
class Line:
    """One step of the list."""

    key: str
    title: str | Promise
    words: str
    state: str
    url: str
    is_here: bool = False

    @property
    def icon(self) -> str:
        return ICONS[self.state]


def frame(request: HttpRequest, company: Company, here: str = "") -> dict:
    """What every page of a registration shows around its own part."""
    progress = progress_of(company)
    return what_one_may(request, company) | {
        "lines": lines_of(company, here),
        "progress": progress,
        "is_draft": company.status == CompanyStatus.DRAFT,
    }


def lines_of(company: Company, here: str = "") -> list[Line]:
    """The steps in the order in which they are asked: mailbox and telephone before the names of people."""
    first = progress_of(company).next
    asked = [_asked(step, company, first, here) for step in NEEDED_STEPS if step is not REACH]
    return [
        *asked,
        _left_open(company, CERTIFICATES, _("Certificates"), _certificates_in_words(company), here),
        _asked(REACH, company, first, here),
        _left_open(company, CONTACT, _("Contact person"), _contacts_in_words(company), here),
        _check(company, is_complete=not first, here=here),
    ]


def step_url(company: Company, key: str) -> str:
    """Where a step is; without one, the list of all."""
    if not key:
        return reverse("companies:registration", args=[company.pk])
    if key in (CONTACT, CHECK):
        return reverse(f"companies:registration-{key}", args=[company.pk])
    if key == CERTIFICATES:
        return reverse("companies:certificate-list", args=[company.pk])
    return reverse("companies:registration-step", args=[company.pk, key])


def _asked(step, company: Company, first: str, here: str) -> Line:
    if not lacks(step, company):
        state, words = DONE, _("Done")
    elif step.key == first:
        state, words = NOW, _("Next")
    else:
        state, words = LATER, _("To do")
    return Line(step.key, step.title, words, state, step_url(company, step.key), step.key == here)


def _left_open(company: Company, key: str, title: str, words: str, here: str) -> Line:
    """A step that one may leave out."""
    state = DONE if words else LATER
    return Line(key, title, words or _("You may leave it"), state, step_url(company, key), key == here)


def _check(company: Company, *, is_complete: bool, here: str) -> Line:
    title, url = _("Check and send"), step_url(company, CHECK)
    if company.status != CompanyStatus.DRAFT:
        return Line(CHECK, title, _("Sent"), DONE, url, here == CHECK)
    state, words = (NOW, _("Ready")) if is_complete else (LATER, _("After the others"))
    return Line(CHECK, title, words, state, url, here == CHECK)


def _certificates_in_words(company: Company) -> str:
    count = company.certificates.filter(capacity__isnull=True).count()
    return ngettext("%(count)s stated", "%(count)s stated", count) % {"count": count} if count else ""


def _contacts_in_words(company: Company) -> str:
    count = company.contacts.count()
    return ngettext("%(count)s person", "%(count)s persons", count) % {"count": count} if count else ""
