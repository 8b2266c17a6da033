"""What a book that is sent on a page may not say: what is not the sender's, and what only those who verify record."""

from collections import Counter

from companies.book.answer import CHANGING
from companies.book.columns import FACT_COLUMNS
from companies.book.entries import CapacityEntry, CompanyEntry, Entry, NeedEntry
from companies.book.sender import Sender
from companies.book.words import folded
from companies.enums import CertificateState, CompanyStatus, FactKind, ListingStatus, Screening
from companies.faults import Fault
from companies.models import Company
from companies.queries import CHECKED_FIELDS

CHECKS = (FactKind.NUMBER_CHECKED, FactKind.DOCUMENTS_SEEN)
ENDED = (ListingStatus.CLOSED, ListingStatus.WITHDRAWN)
STATUSES_OF_NEW = (CompanyStatus.DRAFT, CompanyStatus.SUBMITTED)
IN_THE_BOOK = (ListingStatus.OPEN, ListingStatus.PAUSED, ListingStatus.DRAFT)
MOST_OPEN = 500  # listings of one company, as in the forms


def refuse_company(entry: CompanyEntry, was: Company | None, sender: Sender) -> None:
    """A row of a company. `was` is how the company that is here stands, before the row changed a thing of it."""
    if sender.vouches:
        return
    reader, company = entry.reader, entry.company
    _refuse_country(entry, company.country, sender, "country")
    if company.status not in ((was.status,) if was else STATUSES_OF_NEW):
        reader.refuse("status", Fault("status_is_decided_apart"))
    if company.screening != (was.screening if was else Screening.NOT_SCREENED):
        reader.refuse("screening", Fault("recorded_when_verified"))
    days = {fact.kind: fact.checked_on for fact in was.facts.all()} if was else {}
    for key, kind in FACT_COLUMNS.items():
        if kind in entry.facts and entry.facts[kind] != days.get(kind):
            reader.refuse(key, Fault("recorded_when_verified"))
    if entry.certificates is not None:
        _refuse_certificates(entry, entry.certificates, was.certificates_of_company if was else ())
    if was is not None and entry.outcome in CHANGING:
        _refuse_known_company(entry, was, sender)


def _refuse_known_company(entry: CompanyEntry, was: Company, sender: Sender) -> None:
    """What is here is changed only by whoever may, and not where it was held against papers."""
    _refuse_touching(entry, was, sender, "code")
    if was.is_suspended:
        entry.reader.refuse("code", Fault("company_suspended", {"company": str(was)}))
    _refuse_country(entry, was.country, sender, "code")
    was_checked = any(fact.kind in CHECKS for fact in was.facts.all())
    for key in CHECKED_FIELDS:
        if was_checked and getattr(was, key) and key in entry.changed_fields:
            entry.reader.refuse(key, Fault("fact_was_checked"))


def refuse_listing(entry: NeedEntry | CapacityEntry, company: Company | None, sender: Sender) -> None:
    """A row of a need or a capacity."""
    if sender.vouches or company is None:
        return
    if entry.here is not None and entry.changes and entry.status_before in ENDED:
        entry.reader.refuse("reference", Fault("listing_has_ended", {"ended": entry.status_before}))
    if isinstance(entry, CapacityEntry):
        stated = entry.draft.facts.certificates
        if entry.here is None or entry.changes_certificates:
            _refuse_certificates(entry, stated, entry.here.own_certificates.all() if entry.here else ())
    if sender.own is None and entry.outcome in CHANGING:
        _refuse_country(entry, company.country, sender, "company")
        if company.pk:
            _refuse_touching(entry, company, sender, "company")


def refuse_too_many(entries: list[NeedEntry | CapacityEntry], open_now: dict[int, int], sender: Sender) -> None:
    """New open listings of a company beyond what one may have."""
    if sender.vouches:
        return
    number: Counter = Counter()
    for entry in entries:
        if entry.here is not None or entry.outcome not in CHANGING or entry.thing.status not in IN_THE_BOOK:
            continue
        company = entry.thing.company
        number[company.code] += 1
        if open_now.get(company.pk, 0) + number[company.code] > MOST_OPEN:
            params = {"company": str(company), "most": MOST_OPEN}
            entry.reader.refuse("reference", Fault("too_many_open_listings", params))


def names_own(text: str, own: Company) -> bool:
    """Whether a cell names the company whose listings these are: by its code, its number or its name."""
    names = (own.code, own.registration_number, own.name_registered, own.name_short, own.name_latin)
    return folded(text) in {folded(name) for name in names if name}


def _refuse_country(entry: Entry, country: str, sender: Sender, key: str) -> None:
    if sender.countries is not None and country and country not in sender.countries:
        entry.reader.refuse(key, Fault("country_not_yours", {"land": country}))


def _refuse_touching(entry: Entry, company: Company, sender: Sender, key: str) -> None:
    """A company with people of its own speaks for itself."""
    if company.has_people and company.pk not in sender.acts_for:
        entry.reader.refuse(key, Fault("company_has_people", {"company": str(company)}))


def _refuse_certificates(entry: Entry, stated, here) -> None:
    """Nobody has held a paper against what a spreadsheet says; and a paper that is here is not dropped by a blank."""
    known = {row.kind_id: row for row in here}
    for one in stated:
        row = known.pop(one.kind.pk, None)
        is_as_it_was = row is not None and row.state == one.state and row.valid_until == one.valid_until
        if one.state == CertificateState.CHECKED and not is_as_it_was:
            entry.reader.refuse("certificates", Fault("certificate_is_checked_apart", {"code": one.kind.code}))
    for row in known.values():
        if row.has_paper:
            entry.reader.refuse("certificates", Fault("certificate_has_paper", {"code": row.kind.code}))
