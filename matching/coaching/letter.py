"""The letter to one company: what would open which demand for it, without a word about who its partners are.

What it says of others is what the pages of the company say (docs/anonymity.md): advice in bands, and how many partners
would fit. Names of others are never read here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from companies.models import Company
from companies.services.asking import people_of
from corridor.enums import Country
from matching import texts
from matching.lists import newest_official_run
from matching.models import Run
from matching.names import reader_names
from matching.one_match.grounds import rests_on_example_rates
from matching.told.partners import OWN_FIELD, Key, Own, Viewpoint, load, near_misses, own_keys, viewpoint_from
from notices.enums import NoticeKind
from notices.services import tell

LISTINGS_SHOWN = 20
OF_COUNTRY = {Country.INDONESIA: "id", Country.KAZAKHSTAN: "ru"}


@dataclass(frozen=True)
class Asked:
    """One open listing of the company, and what would make more partners fit it."""

    listing: Own
    kind: str  # need or capacity
    goods: str
    advice: list[texts.Advice]
    may_change: int  # partners that would fit after a change on their side

    @property
    def partners(self) -> int:
        return sum(line.partners for line in self.advice) + self.may_change


@dataclass(frozen=True)
class Letter:
    """What a company is told on a day."""

    company: Company
    language: str
    asked: list[Asked]  # with something to say, the most partners first
    not_shown: int
    on: date
    run: Run | None
    rests_on_examples: bool

    @property
    def read_at(self) -> datetime | None:
        return self.run and self.run.book_cut_at

    @property
    def openings(self) -> int:
        """How many lines of advice there are."""
        return sum(len(one.advice) for one in self.asked)

    @property
    def address(self) -> str:
        """Where the company reads the same and changes its listings, as it works from outside."""
        return settings.BASE_URL.rstrip("/") + reverse("matching:partner-list")


def language_of(company: Company) -> str:
    """The first language that the company says it speaks; else that of its people; else that of its country."""
    known = [code for code, _name in settings.LANGUAGES]
    spoken = [code for code in company.languages if code in known]
    members = company.memberships.filter(user__is_active=True).order_by("pk")
    of_people = members.values_list("user__language", flat=True).first()
    return next(iter(spoken), None) or of_people or OF_COUNTRY.get(company.country, known[0])


def letter_to(company: Company, language: str, on: date) -> Letter:
    """The letter as it would be written today, in a language."""
    with translation.override(language):
        asked = asked_of(viewpoint_from([company]))
    return Letter(
        company=company,
        language=language,
        asked=asked[:LISTINGS_SHOWN],
        not_shown=len(asked) - len(asked[:LISTINGS_SHOWN]),
        on=on,
        run=newest_official_run(),
        rests_on_examples=rests_on_example_rates(),
    )


def asked_of(viewpoint: Viewpoint) -> list[Asked]:
    keys = own_keys(viewpoint)
    misses, names = near_misses(viewpoint, keys), reader_names()
    listings = load([key for key in keys if misses[key]])
    found = [asked_in(key, listing, misses[key], names) for key, listing in listings.items()]
    return sorted(found, key=lambda one: (-len(one.advice), -one.partners, one.kind, one.listing.pk))


def asked_in(key: Key, listing: Own, misses: Iterable[texts.Opened], names: texts.Names) -> Asked:
    side, misses = key[0], list(misses)
    return Asked(
        listing=listing,
        kind=OWN_FIELD[side],
        goods=goods_of(listing),
        advice=texts.advice(misses, side, names),
        may_change=texts.partners_that_may_change(misses, side),
    )


def goods_of(listing: Own) -> str:
    if hasattr(listing, "commodity"):
        return listing.commodity.name
    return ", ".join(accepted.name for accepted in listing.accepted.all())


def send(letter: Letter) -> int:
    """Tell the company's people that there is advice; each of them once a run. How many were told anew."""
    of = letter.run.pk if letter.run else letter.on.isoformat()
    return tell(
        users=people_of(letter.company),
        kind=NoticeKind.MORE_WOULD_FIT,
        event=f"company:{letter.company.pk}:coaching:{of}",
        facts={"company": str(letter.company), "count": letter.openings},
        address=reverse("matching:partner-list"),
    )
