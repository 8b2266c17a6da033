"""What a company has done to trade here, and the one thing to do next: plain data for its home."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import figures
from companies.enums import CompanyStatus
from companies.models import Company
from companies.registration import BY_KEY, Progress, progress_of
from corridor.enums import Country
from desk.own_book import OwnBook

DONE, NOW, LATER, STOPPED = "done", "now", "later", "stopped"
ICONS = {DONE: "pass", NOW: "edit", LATER: "task", STOPPED: "fail"}


@dataclass(frozen=True)
class Step:
    """One line of the list: what, how far it is, and where it is done."""

    title: str
    words: str
    state: str
    url: str = ""

    @property
    def icon(self) -> str:
        return ICONS[self.state]


@dataclass(frozen=True)
class Next:
    """What to do now, in a sentence or two; the button where there is a page for it."""

    text: str
    label: str = ""
    url: str = ""
    is_trouble: bool = False


@dataclass(frozen=True)
class Standing:
    """Where a company stands: the steps and the next one."""

    company: Company
    steps: list[Step]
    next: Next
    book: OwnBook
    partners: int
    care: list[Step] = field(default_factory=list)  # what of its listings asks for something

    @property
    def is_settled(self) -> bool:
        return all(step.state == DONE for step in self.steps)


def standing_of(
    company: Company,
    *,
    waiting_since: datetime | None,
    book: OwnBook,
    partners: int,
    is_asked: bool = False,
) -> Standing:
    """Where a company stands.

    Args:
        company: with its region and place.
        waiting_since: when it asked to be verified, where it waits.
        book: what of its needs and capacities is open, expires soon, or rests.
        partners: how many partners fit them.
        is_asked: whether those who verify it wait for an answer, where it waits.
    """
    has_listings = bool(book.needs or book.capacities)
    progress = progress_of(company) if company.status == CompanyStatus.DRAFT else None
    return Standing(
        company=company,
        steps=[
            _profile(company, progress),
            _asking(company, progress),
            _verifying(company, waiting_since),
            _listing(company, has_listings),
        ],
        next=_next(company, progress, has_listings, is_asked),
        book=book,
        partners=partners,
        care=[] if company.is_suspended else _care(company, book),
    )


def _care(company: Company, book: OwnBook) -> list[Step]:
    """What of its listings expires soon, has expired or rests, each with the list of those."""
    found = []
    if book.expiring:
        words = ngettext(
            "%(count)s listing expires on %(day)s: renew it",
            "%(count)s listings expire by %(day)s: renew them",
            book.expiring,
        ) % {"count": figures.decimal(book.expiring), "day": figures.day(book.expires_on)}
        found.append(Step(words, "", NOW, _list(company, "expiring")))
    if book.expired:
        found.append(Step(_("Expired"), _unseen(book.expired), LATER, _list(company, "expired")))
    if book.paused:
        found.append(Step(_("Paused"), _unseen(book.paused), LATER, _list(company, "paused")))
    return found


def _unseen(count: int) -> str:
    said = ngettext("%(count)s listing: nobody is shown it", "%(count)s listings: nobody is shown them", count)
    return said % {"count": figures.decimal(count)}


def _list(company: Company, state: str) -> str:
    """What of its listings stands so, what ends first above."""
    return f"{_listings(company)}?state={state}&sort=until"


def _listings(company: Company) -> str:
    return reverse("companies:own-listings", args=[company.pk])


def _profile(company: Company, progress: Progress | None) -> Step:
    title = _("Register the company, step by step")
    if progress is None or progress.is_complete:
        return Step(title, _("Done"), DONE)
    return Step(title, _in_words(progress), NOW, reverse("companies:registration", args=[company.pk]))


def _asking(company: Company, progress: Progress | None) -> Step:
    title = _("Check and send")
    if progress is None:
        return Step(title, _("Done"), DONE)
    if not progress.is_complete:
        return Step(title, _("After that"), LATER)
    return Step(title, _("Ready"), NOW, reverse("companies:registration-check", args=[company.pk]))


def _in_words(progress: Progress) -> str:
    return _("%(done)s of %(total)s steps done") % {"done": progress.done, "total": progress.total}


def _verifying(company: Company, waiting_since: datetime | None) -> Step:
    by_city = company.country == Country.INDONESIA
    title = _("The city checks the papers") if by_city else _("The embassy checks the papers")
    if company.status == CompanyStatus.ACTIVE:
        return Step(title, _("Done"), DONE)
    if company.status == CompanyStatus.SUSPENDED:
        return Step(title, _("Suspended"), STOPPED, _page(company))
    if company.status == CompanyStatus.SUBMITTED:
        words = (
            _("Since %(day)s") % {"day": figures.day(timezone.localdate(waiting_since))}
            if waiting_since
            else _("Waiting")
        )
        return Step(title, words, NOW)
    return Step(title, _("After that"), LATER)


def _listing(company: Company, has_listings: bool) -> Step:
    title = _("Say what you need or can supply")
    if has_listings:
        return Step(title, _("Done"), DONE, reverse("matching:partner-list"))
    if company.status == CompanyStatus.ACTIVE:
        return Step(title, _("Not begun"), NOW, _listings(company))
    return Step(title, _("Not begun"), LATER)


def _next(company: Company, progress: Progress | None, has_listings: bool, is_asked: bool) -> Next:
    if progress:
        return _next_of_draft(company, progress)
    if company.status == CompanyStatus.SUBMITTED and is_asked:
        text = _("Those who verify your company have a question. It waits for your answer.")
        return Next(text, _("Read and answer it"), f"{_page(company)}#thread", is_trouble=True)
    if company.status == CompanyStatus.SUBMITTED:
        by_city = company.country == Country.INDONESIA
        text = (
            _("The city checks your papers. You need do nothing; you are told what it finds.")
            if by_city
            else _("The embassy checks your papers. You need do nothing; you are told what it finds.")
        )
        return Next(text, _("See what was checked"), _page(company))
    if company.status == CompanyStatus.SUSPENDED:
        text = _("The company is suspended, and its needs and capacities take no part in the matching.")
        if company.status_reason:
            text += " " + _("The reason: %(reason)s") % {"reason": company.status_reason}
        return Next(text, _("See the company"), _page(company), is_trouble=True)
    if not has_listings:
        return Next(
            _("You may trade. Say in your own words what you need or can supply; partners are looked for at once."),
            _("Say what you need or can supply"),
            _listings(company),
        )
    return Next(_("You may trade. See who fits, and why."), _("See who fits"), reverse("matching:partner-list"))


def _next_of_draft(company: Company, progress: Progress) -> Next:
    sent_back = _("Sent back with these words: %(reason)s") % {"reason": company.status_reason}
    before = f"{sent_back} " if company.status_reason else ""
    if progress.is_complete:
        text = _("All steps are done. Read them once more and send them; then your needs and capacities are matched.")
        url = reverse("companies:registration-check", args=[company.pk])
        return Next(before + text, _("Check and send"), url, is_trouble=bool(before))
    text = _("%(steps)s. Go on with: %(step)s.") % {
        "steps": _in_words(progress),
        "step": BY_KEY[progress.next].title,
    }
    url = reverse("companies:registration-step", args=[company.pk, progress.next])
    return Next(before + text, _("Go on"), url, is_trouble=bool(before))


def _page(company: Company) -> str:
    return reverse("companies:company-detail", args=[company.pk])
