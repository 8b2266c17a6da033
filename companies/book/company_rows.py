"""Reads the sheet of companies."""

from copy import copy

from companies.book.answer import Outcome
from companies.book.columns import FACT_COLUMNS
from companies.book.entries import COMPANY_FIELDS, CompanyEntry
from companies.book.rights import refuse_company
from companies.book.rows import RowReader
from companies.enums import CompanyStatus, Screening
from companies.faults import Fault, Refusal
from companies.models import Company
from companies.numbers import clean_registration_number, length_of
from companies.phones import read_phone
from corridor.enums import Country

TEXTS = ("name_latin", "name_short", "city", "website", "role_mailbox", "switchboard", "description")


class KnownCompanies:
    """The companies that are here already and that the book speaks of, by code and by registration number."""

    def __init__(self, companies: list[Company], led: dict[int, Company] | None = None, renamed: dict | None = None):
        """`led` are those that were merged, by number here, with the one each is now; `renamed` their listings."""
        self.led, self.renamed = led or {}, renamed or {}
        self._named = {company.code: company for company in companies}
        self.by_code = {code: self.led.get(company.pk, company) for code, company in self._named.items()}
        self.by_number = {
            (company.country, company.registration_number): company
            for company in companies
            if company.registration_number
        }

    def named(self, text: str) -> Company | None:
        """By code, or by the digits of a registration number of either country."""
        if company := self._named.get(text):
            return company
        return next((company for (_, number), company in self.by_number.items() if number == text), None)

    def find(self, text: str) -> Company | None:
        """The company that is meant: of one that was merged, the one it was merged into."""
        company = self.named(text)
        return self.led.get(company.pk, company) if company is not None else None

    def former(self, text: str) -> Company | None:
        """The entry that a text names, where it was merged into another since."""
        company = self.named(text)
        return company if company is not None and company.pk in self.led else None

    def renamed_listing(self, text: str, kind: str, reference: str) -> int | None:
        """The listing that had this reference under a merged entry, and has another one now."""
        former = self.former(text)
        return self.renamed.get((former.pk, kind, reference)) if former is not None else None


def read_company(reader: RowReader, known: KnownCompanies, kind: str) -> CompanyEntry:
    """One row of the sheet of companies, compared with the company that is here under the same code."""
    code = reader.value("code")
    company = Company(kind=kind, code=code or "", name_registered=reader.value("name_registered") or "")
    for key in TEXTS:
        setattr(company, key, reader.value(key) or "")
    company.country = reader.value("country") or ""
    company.registration_number = _registration_number(reader, company.country)
    company.switchboard = _phone(reader, company.country, company.switchboard)
    company.region = reader.value("region")
    company.place = reader.value("place")
    company.first_mile_km = reader.value("first_mile_km")
    company.sectors = sorted(reader.value("sectors") or ())
    company.size = reader.value("size") or ""
    company.languages = sorted(reader.value("languages") or ())
    certificates = reader.value("certificates")
    facts = {fact: day for key, fact in FACT_COLUMNS.items() if (day := reader.value(key))}
    here = known.by_code.get(company.code)
    was = copy(here)
    status, screening = reader.value("status"), reader.value("screening")
    company.status = status or (here.status if here else _first_status(reader.sender.vouches))
    company.source = reader.sender.source
    company.screening = screening or (here.screening if here else Screening.NOT_SCREENED)

    entry = CompanyEntry(reader, key=company.code or reader.raw("code"), company=company, here=here, facts=facts)
    if former := known.former(company.code):
        # What stands in the row is of the entry that went: the one that stays is changed under its own code.
        reader.convert("code", "company_is_merged", {"code": former.code, "into": here.code})
        entry.facts = {}
        return entry
    if not reader.is_absent("certificates") and "certificates" not in reader.bad:
        entry.certificates = certificates or ()
    _check_against_known(entry, known)
    if here is not None and not entry.is_refused and not reader.keeps_what_is_here:
        entry.compare(company, COMPANY_FIELDS)
        _compare_certificates(entry)
        _compare_facts(entry)
    _refuse_other_kind(entry, kind)
    refuse_company(entry, was, reader.sender)
    return entry


def _first_status(is_vouched_for: bool) -> str:
    """Staff vouch at the terminal for the companies they enter; others wait for those who verify."""
    return CompanyStatus.ACTIVE if is_vouched_for else CompanyStatus.SUBMITTED


def _registration_number(reader: RowReader, country: str) -> str:
    text = reader.value("registration_number")
    if not text or not country:
        return ""
    try:
        return clean_registration_number(text, country)
    except Refusal as refusal:
        padded = text.rjust(length_of(country), "0")
        if text.isdigit() and len(text) < len(padded) and (_was_number_cell(reader) or _is_bin(padded, country)):
            reader.refuse("registration_number", Fault("zero_lost", {"text": text, "padded": padded}))
        else:
            reader.refuse("registration_number", refusal.as_fault())
        return ""


def _phone(reader: RowReader, country: str, text: str) -> str:
    """As it is dialled from abroad, or refused: a number as it is dialled at home means nothing elsewhere."""
    if not text or not country:
        return text
    try:
        return read_phone(text, country)
    except Refusal as refusal:
        reader.refuse("switchboard", refusal.as_fault())
        return ""


def _was_number_cell(reader: RowReader) -> bool:
    return any(message.code == "number_from_number_cell" for message in reader.conversions)


def _is_bin(text: str, country: str) -> bool:
    """The check digit proves that only a zero is missing. A NIB has none to prove it."""
    if country != Country.KAZAKHSTAN:
        return False
    try:
        clean_registration_number(text, country)
    except Refusal:
        return False
    return True


def _refuse_other_kind(entry: CompanyEntry, kind: str) -> None:
    """A book makes no real company of an example, nor the other way round. A row that says what is here is let be."""
    here = entry.here
    says_the_same = entry.outcome == Outcome.ALREADY_THERE and not entry.reader.keeps_what_is_here
    if here is not None and here.kind != kind and not says_the_same:
        entry.reader.refuse("code", Fault("company_kind_differs", {"code": entry.company.code, "kind": here.kind}))


def _check_against_known(entry: CompanyEntry, known: KnownCompanies) -> None:
    """The same code is the same company; the same number under another code would be a double."""
    company, reader = entry.company, entry.reader
    other = known.by_number.get((company.country, company.registration_number))
    if company.registration_number and other is not None and other.code != company.code:
        params = {"number": company.registration_number, "code": other.code}
        reader.refuse("registration_number", Fault("registered_elsewhere", params))


def _compare_certificates(entry: CompanyEntry) -> None:
    if entry.certificates is None:
        return
    old = {(one.kind.code, one.state, one.valid_until) for one in entry.here.certificates_of_company}
    new = {(one.kind.code, one.state, one.valid_until) for one in entry.certificates}
    if old == new:
        entry.certificates = None
    else:
        entry.note_change("certificates", certificates_shown(old), certificates_shown(new))


def _compare_facts(entry: CompanyEntry) -> None:
    """A day left blank takes nothing back: what was checked stays checked."""
    days = {fact.kind: fact.checked_on for fact in entry.here.facts.all()}
    columns = {fact: key for key, fact in FACT_COLUMNS.items()}
    entry.facts = {fact: day for fact, day in entry.facts.items() if days.get(fact) != day}
    for fact, day in entry.facts.items():
        entry.note_change(columns[fact], days.get(fact, "-"), day)


def certificates_shown(certificates: set) -> str:
    shown = [
        f"{code}={state} until {until}" if until else f"{code}={state}"
        for code, state, until in sorted(certificates, key=str)
    ]
    return "; ".join(shown) or "-"
