"""The rows of a book while they are read, compared with what is here, and written."""

from collections import Counter, defaultdict
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q

from companies.book.answer import CHANGING, BookAnswer, Message, Outcome
from companies.book.catalogue import Catalogue
from companies.book.company_rows import KnownCompanies, read_company
from companies.book.entries import CapacityEntry, CompanyEntry, Entry, NeedEntry
from companies.book.former import KINDS, led_to, renamed_listings
from companies.book.headings import ReadableSheet
from companies.book.likely import hint_at_likely
from companies.book.listing_rows import read_capacity, read_need
from companies.book.rights import IN_THE_BOOK, names_own, refuse_too_many
from companies.book.rows import RowReader
from companies.book.sender import Progress, Sender
from companies.book.writing import write_capacities, write_companies, write_needs
from companies.faults import Fault
from companies.models import Capacity, Certificate, CertificateFile, Company, Membership, Need

MOST_NAMED = 10  # rows that say the same: an answer names some of them


def stated_certificates():
    """Certificates as they are compared with a cell: with their kind, and whether a paper lies beside them."""
    papers = CertificateFile.objects.filter(certificate=OuterRef("pk"))
    return Certificate.objects.select_related("kind").annotate(has_paper=Exists(papers))


NEEDS_WITH_ROWS = ("accepted__commodity", "accepted__group", "parameters__parameter", "required_certificates")
CAPACITIES_WITH_ROWS = ("parameters__parameter", Prefetch("own_certificates", stated_certificates()))
READ_LISTING = {"needs": read_need, "capacities": read_capacity}


class BookRows:
    """All of them: read first, then written."""

    def __init__(
        self,
        sheets: list[ReadableSheet],
        answer: BookAnswer,
        *,
        kind: str,
        today: date | None,
        sender: Sender,
        keeps: bool,
        catalogue: Catalogue | None = None,
    ):
        self.answer = answer
        self.kind = kind
        self.today = today
        self.sender = sender
        self.catalogue = catalogue or Catalogue()
        self.readers: dict[str, list[RowReader]] = defaultdict(list)
        for sheet in sheets:
            for row in sheet.sheet.rows:
                self.readers[sheet.kind.key].append(RowReader(sheet, row, self.catalogue, sender, keeps))
        self.companies: list[CompanyEntry] = []
        self.listings: dict[str, list[NeedEntry | CapacityEntry]] = {"needs": [], "capacities": []}
        self.order = [sheet.name for sheet in sheets]

    def read(self, progress: Progress, *, locks: bool) -> None:
        """Read every row, compare it with what is here, and answer it. What is to be written is held meanwhile."""
        self.done, self.total = 0, sum(len(readers) for readers in self.readers.values())
        self.progress = progress
        for readers in self.readers.values():
            self._skip_examples(readers)
        known = self._known_companies(locks=locks)
        for reader in self.readers["companies"]:
            self.companies.append(read_company(reader, known, self.kind))
            self._count()
        self._refuse_doubles(self.companies, "code", "double_code")
        self._refuse_double_numbers()
        hint_at_likely(self.companies, self.sender)
        self.by_code = {entry.key: entry for entry in self.companies}
        self.by_number = {entry.company.registration_number: entry for entry in self.companies}
        for key, model, beside in (("needs", Need, NEEDS_WITH_ROWS), ("capacities", Capacity, CAPACITIES_WITH_ROWS)):
            self._read_listings(key, model, beside, known)
        refuse_too_many([*self.listings["needs"], *self.listings["capacities"]], self._open_now(known), self.sender)
        if not self._entries() and not self.answer.refusals:
            self.answer.refusals.append(Message("book_is_empty"))
        for entry in self._entries():
            answer = entry.answer()
            answer.entry = entry
            self.answer.rows.append(answer)
        place = {name: number for number, name in enumerate(self.order)}
        self.answer.rows.sort(key=lambda row: (place[row.sheet], row.row))

    def write(self) -> None:
        """Write what is not refused. What is here already and unchanged is left alone."""
        write_companies([entry for entry in self.companies if entry.outcome in CHANGING])
        write_needs([entry for entry in self.listings["needs"] if entry.outcome in CHANGING])
        write_capacities([entry for entry in self.listings["capacities"] if entry.outcome in CHANGING])

    def _entries(self) -> list[Entry]:
        return [*self.companies, *self.listings["needs"], *self.listings["capacities"]]

    def _skip_examples(self, readers: list[RowReader]) -> None:
        for reader in [reader for reader in readers if reader.is_example]:
            readers.remove(reader)
            message = Message("row_is_example", {}, reader.readable.name, reader.row.number)
            self.answer.rows.append(reader.answer("", Outcome.SKIPPED, [message]))
            self._count()

    def _count(self) -> None:
        self.done += 1
        self.progress(self.done, self.total)

    def _open_now(self, known: KnownCompanies) -> dict[int, int]:
        """How many listings each company has that is here already."""
        counts: Counter = Counter()
        for model in (Need, Capacity):
            listings = model.objects.filter(company__in=known.by_code.values(), status__in=IN_THE_BOOK)
            counts.update(listings.order_by().values_list("company", flat=True))
        return counts

    def _known_companies(self, *, locks: bool) -> KnownCompanies:
        """The companies here that any row may mean, by code or registration number."""
        named = {reader.raw("code").lower() for reader in self.readers["companies"]}
        named |= {reader.raw("registration_number").removesuffix(".0") for reader in self.readers["companies"]}
        for key in self.listings:
            named |= {reader.raw("company").lower() for reader in self.readers[key]}
        own_certificates = Prefetch(
            "certificates",
            stated_certificates().filter(capacity=None),
            to_attr="certificates_of_company",
        )
        meant = Q(code__in=named) | Q(registration_number__in=named - {""})
        if self.sender.own is not None:
            meant = Q(pk=self.sender.own.pk)
        has_people = Exists(Membership.objects.filter(company=OuterRef("pk"), user__is_active=True))
        known = Company.objects.annotate(has_people=has_people)
        if locks:
            known = known.order_by("pk").select_for_update(of=("self",))
        known = known.prefetch_related("facts", own_certificates)
        companies = list(known.filter(meant))
        led = led_to(companies, lambda numbers: known.filter(pk__in=numbers))
        by_pk = {company.pk: company for company in companies}  # one company is one object, however a row names it
        led = {pk: by_pk.get(company.pk, company) for pk, company in led.items()}
        return KnownCompanies(companies, led, renamed_listings(led) if led else {})

    def _read_listings(self, key: str, model, beside: tuple[str, ...], known: KnownCompanies) -> None:
        readers = self.readers[key]
        here = self._listings_here(model, beside, readers, known)
        for reader in readers:
            company = self._company_of(reader, known)
            found = here.get((company.pk, reader.raw("reference"))) if company is not None and company.pk else None
            if known.renamed:
                renamed = known.renamed_listing(reader.raw("company").lower(), KINDS[key], reader.raw("reference"))
                found = here.get((company.pk, renamed), found) if renamed and company is not None else found
            self.listings[key].append(READ_LISTING[key](reader, company, found, self.today))
            self._count()
        self._refuse_doubles(self.listings[key], "reference", "double_reference")

    def _listings_here(self, model, beside: tuple[str, ...], readers: list[RowReader], known: KnownCompanies) -> dict:
        references = {reader.raw("reference") for reader in readers}
        meant = Q(reference__in=references)
        if known.renamed:
            meant |= Q(pk__in=known.renamed.values())
        listings = model.objects.filter(meant, company__in=known.by_code.values()).prefetch_related(*beside)
        found = {(one.company_id, one.reference): one for one in listings}
        return found | {(one.company_id, one.pk): one for one in found.values()} if known.renamed else found

    def _company_of(self, reader: RowReader, known: KnownCompanies) -> Company | None:
        """The company a listing belongs to: a row of this book, or one that is here already."""
        if self.sender.own is not None:
            return self._own_company(reader, known)
        text = reader.value("company")
        if not text:
            return None
        entry = self.by_code.get(text) or self.by_number.get(text)
        if entry is not None and entry.is_refused:
            params = {"code": entry.key, "row": entry.reader.row.number, "sheet": entry.reader.readable.name}
            reader.refuse("company", Fault("company_row_refused", params))
            return None
        company = (entry.here or entry.company) if entry is not None else known.find(text)
        if company is None:
            reader.refuse("company", Fault("company_unknown", {"text": text}))
        return company

    def _own_company(self, reader: RowReader, known: KnownCompanies) -> Company | None:
        own = known.by_code[self.sender.own.code]
        text = reader.raw("company")
        if not text or names_own(text, own):
            return own
        reader.refuse("company", Fault("company_not_yours", {"company": str(own), "code": own.code}))
        return None

    def _refuse_doubles(self, entries: list, key: str, code: str) -> None:
        """Rows of the same key contradict or repeat each other: which of them is meant, only the sender knows."""
        rows = defaultdict(list)
        for entry in entries:
            rows[entry.key].append(entry)
        for same in rows.values():
            _refuse_same(same, key, code)

    def _refuse_double_numbers(self) -> None:
        rows = defaultdict(list)
        for entry in self.companies:
            if number := entry.company.registration_number:
                rows[entry.company.country, number].append(entry)
        for same in rows.values():
            if len({entry.key for entry in same}) > 1:
                _refuse_same(same, "registration_number", "double_number")


def _refuse_same(entries: list, key: str, code: str) -> None:
    if len(entries) < 2:
        return
    for entry in entries:
        some = [one for one in entries[: MOST_NAMED + 1] if one is not entry][:MOST_NAMED]
        others = [f"{one.reader.readable.name} {one.reader.row.number}" for one in some]
        if len(entries) - 1 > len(some):
            others.append("...")
        entry.reader.refuse(key, Fault(code, {"text": entry.reader.raw(key), "rows": others}))
