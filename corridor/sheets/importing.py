"""Reads a sheet of quotes: first every row is read and answered; written is all of it, once confirmed, or nothing."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import figures
from accounts.history import changes_by_the_way
from accounts.sheets.files import read_sheets
from accounts.sheets.sentences import FILE_SENTENCES
from accounts.sheets.sheet import Cell, FileRefused, Row, Sheet, cell_ref
from corridor.models import Equipment, FreightQuote, Leg, Place
from corridor.queries import without_rate
from corridor.quoting import AT_ONE_PLACE, FACTS, QuoteBook, QuoteFacts, facts_of
from corridor.services.quotes import JOINED, changeable_words, fresh_codes, new_quote, put, wait_for_other_quotes
from corridor.sheets.answer import Outcome, RowAnswer, Said, SheetAnswer
from corridor.sheets.cells import Named, read_cell
from corridor.sheets.columns import BY_KEY, COLUMNS, folded, keys_of_titles
from corridor.sheets.writing import value_of

BYTES_IN_A_MEGABYTE = 1_000_000
MAX_BYTES = BYTES_IN_A_MEGABYTE
BATCH = 500
EMPTY_IS_NONE = ("leg", "origin", "destination", "equipment", "amount", "valid_from", "valid_to")


def read_quotes(name: str, data: bytes, *, today: date | None = None) -> SheetAnswer:
    """What would become of a file. Nothing is written."""
    answer = SheetAnswer(name)
    sheet = opened(name, data, answer)
    if sheet is None:
        return answer
    headings = recognised(sheet, answer)
    if not answer.refusals:
        _Reading(answer, headings, is_csv=name.lower().endswith(".csv"), today=today or timezone.localdate()).read(
            sheet
        )
    return answer


@transaction.atomic
def write_quotes(name: str, data: bytes, *, by, digest: str) -> SheetAnswer | None:
    """Write a file whose answer was shown and confirmed; None where it would be answered otherwise by now."""
    wait_for_other_quotes()
    answer = read_quotes(name, data)
    if answer.digest != digest or not answer.may_be_written:
        return None
    changes_by_the_way(way="import_quotes")
    codes = fresh_codes()
    new = [new_quote(row.facts, by, next(codes)) for row in answer.rows if row.outcome == Outcome.NEW]
    changed = [put(row.quote, row.facts) for row in answer.rows if row.outcome == Outcome.CHANGED]
    FreightQuote.objects.bulk_create(new, batch_size=BATCH)
    FreightQuote.objects.bulk_update(changed, FACTS, batch_size=BATCH)
    return answer


def opened(name: str, data: bytes, answer: SheetAnswer) -> Sheet | None:
    """The one sheet of a file that holds something."""
    try:
        if len(data) > MAX_BYTES:
            raise FileRefused(
                "file_too_large", megabytes=figures.decimal(len(data) / 1e6, 1), most=MAX_BYTES // 1_000_000
            )
        sheets = [sheet for sheet in read_sheets(name, data) if not sheet.is_blank]
    except FileRefused as refusal:
        where = " ".join(filter(None, [refusal.sheet, refusal.cell]))
        words = str(FILE_SENTENCES[refusal.code]) % refusal.params
        answer.refusals.append(f"{where}: {words}" if where else words)
        return None
    if len(sheets) != 1:
        answer.refusals.append(
            _("There is no row in the file.")
            if not sheets
            else _("More than one sheet of the workbook holds something. Send the sheet of quotes alone.")
        )
        return None
    return sheets[0]


def recognised(sheet: Sheet, answer: SheetAnswer) -> dict[int, str]:
    """Place -> key of each column; a heading that nobody knows is refused, for what stands below would be lost."""
    known, found = keys_of_titles(), {}
    for place, cell in enumerate(sheet.header):
        if cell.is_blank:
            continue
        key = known.get(folded(cell.text))
        if key is None:
            words = _("%(cell)s: “%(text)s” is no heading of a sheet of quotes. Take the column out, or rename it.")
            answer.refusals.append(words % {"cell": cell.ref, "text": cell.text})
        elif key in found.values():
            words = _("%(cell)s: the heading “%(text)s” stands here twice. Keep one.")
            answer.refusals.append(words % {"cell": cell.ref, "text": cell.text})
        else:
            found[place] = key
    missing = [str(column.title) for column in COLUMNS if column.is_needed and column.key not in found.values()]
    if missing and not answer.refusals:
        answer.refusals.append(_("These columns are missing: %(titles)s.") % {"titles": ", ".join(missing)})
    if not sheet.rows and not answer.refusals:
        answer.refusals.append(_("There is no row in the file."))
    return found


class _Reading:
    """The rows of a sheet while they are read and compared with what is here."""

    def __init__(self, answer: SheetAnswer, headings: dict[int, str], *, is_csv: bool, today: date):
        self.answer = answer
        self.headings = headings
        self.place_of = {key: place for place, key in headings.items()}
        self.is_csv = is_csv
        self.today = today
        self.book = QuoteBook()
        self.quotes = {quote.code: quote for quote in FreightQuote.objects.select_related(*JOINED)}
        places = Named(_("There is no place “%(text)s”. Write its code, such as IDBPN."), Place.objects.all())
        legs = Leg.objects.select_related("origin", "destination")
        boxes = Equipment.objects.all()
        self.named = {
            "origin": places,
            "destination": places,
            "leg": Named(_("There is no leg “%(text)s”. Write its code, such as L001."), legs),
            "equipment": Named(_("There is no equipment “%(text)s”. Write its code, such as 20DC."), boxes),
        }

    def read(self, sheet: Sheet) -> None:
        self.answer.rows = [self._read_row(row) for row in sheet.rows]
        self._refuse_twice()
        for row in self.answer.rows:
            if row.facts and not row.is_refused:
                self._compare(row)
        self._judge()
        self._note_rates()

    def _read_row(self, row: Row) -> RowAnswer:
        answered = RowAnswer(row.number)
        values = {}
        for place, cell in enumerate(row.cells):
            if cell.is_blank:
                continue
            key = self.headings.get(place)
            if key is None:
                words = _("“%(text)s” stands below no heading, so it would be lost. Clear the cell.")
                answered.refuse(words % {"text": cell.text}, cell.ref)
                continue
            self._read_cell(cell, key, values, answered)
        answered.code = values.get("code", "")
        if answered.code:
            self._find(answered)
        if not answered.is_refused:
            answered.facts = self._facts(values, answered)
            self._compare_withdrawal(values, answered)
        return answered

    def _read_cell(self, cell: Cell, key: str, values: dict, answered: RowAnswer) -> None:
        try:
            values[key] = read_cell(cell, BY_KEY[key], self.named, is_csv=self.is_csv)
        except ValidationError as refusal:
            answered.refuse(" ".join(refusal.messages), cell.ref, str(BY_KEY[key].title))

    def _find(self, answered: RowAnswer) -> None:
        answered.quote = self.quotes.get(answered.code)
        if answered.quote is None:
            words = _("There is no quote %(code)s. Leave the cell empty for a quote that is new.")
            self._refuse(answered, "code", words % {"code": answered.code})

    def _facts(self, values: dict, answered: RowAnswer) -> QuoteFacts:
        """What the row says. What a sheet has no column for stays as it is."""
        facts = {}
        for name in FACTS:
            empty = None if name in EMPTY_IS_NONE else ""
            kept = getattr(answered.quote, name) if answered.quote else empty
            facts[name] = values.get(name, empty) if name in self.place_of else kept
        if facts["scope"] in AT_ONE_PLACE:
            facts["destination"] = facts["destination"] or facts["origin"]
        return QuoteFacts(**facts)

    def _compare_withdrawal(self, values: dict, answered: RowAnswer) -> None:
        if "withdrawn" not in self.place_of:
            return
        here = answered.quote and value_of(answered.quote, BY_KEY["withdrawn"])
        if values.get("withdrawn") != here:
            words = _("A quote is withdrawn on its own page. Leave this cell as it was, or empty for a new quote.")
            self._refuse(answered, "withdrawn", words)

    def _refuse_twice(self) -> None:
        rows: dict[str, RowAnswer] = {}
        for row in self.answer.rows:
            if row.code and (first := rows.setdefault(row.code, row)) is not row:
                words = _("Row %(row)s names this quote too. Keep one of them.")
                self._refuse(row, "code", words % {"row": first.number})

    def _compare(self, row: RowAnswer) -> None:
        """Tell what is new from what is here; what changes is taken out of the book until it is judged anew."""
        if row.quote is None:
            row.quote = self._same_as(row.facts)
            row.code = row.quote.code if row.quote else ""
        if row.quote is None:
            return
        here = facts_of(row.quote)
        differing = [name for name in FACTS if getattr(here, name) != getattr(row.facts, name)]
        if not differing:
            row.outcome = Outcome.UNCHANGED
        elif words := changeable_words(row.quote):
            row.refuse(" ".join(words.messages))
        else:
            row.outcome = Outcome.CHANGED
            row.said += [self._change(row, name) for name in differing]
            self.book.remove(row.code, here)

    def _same_as(self, facts: QuoteFacts) -> FreightQuote | None:
        """A quote that says the very same: the file has been read before."""
        standing = self.book.standing.get((facts.thing, facts.giver), {})
        return next((self.quotes[code] for code in standing if facts_of(self.quotes[code]) == facts), None)

    def _change(self, row: RowAnswer, name: str) -> Said:
        said = {"old": shown(getattr(row.quote, name)), "new": shown(getattr(row.facts, name))}
        return Said(_("“%(old)s” becomes “%(new)s”.") % said, column=str(BY_KEY[name].title))

    def _judge(self) -> None:
        """What is wrong with each new or changed quote, the others of the sheet being there already."""
        for row in self.answer.rows:
            if row.is_refused or row.outcome == Outcome.UNCHANGED:
                continue
            faults = self.book.faults(row.facts, today=self.today, named=row.code, keeps_expired=True)
            for name, errors in faults.items():
                for error in errors:
                    self._refuse(row, name, " ".join(error.messages))
            if row.is_refused:
                continue
            if row.facts.valid_to < self.today:
                words = _("It has expired already, and is kept for the record only.")
                row.said.append(Said(words, self._ref(row, "valid_to"), str(BY_KEY["valid_to"].title)))
            self.book.add(row.code or _("row %(row)s") % {"row": row.number}, row.facts)

    def _note_rates(self) -> None:
        without = sorted({row.facts.currency for row in self.answer.rows if row.facts} & without_rate(self.today))
        if without:
            words = _(
                "There is no rate of exchange for %(currencies)s. Until one is entered, these quotes count as not "
                "known."
            )
            self.answer.notes.append(words % {"currencies": ", ".join(without)})

    def _refuse(self, row: RowAnswer, key: str, words: str) -> None:
        row.refuse(words, self._ref(row, key), str(BY_KEY[key].title))

    def _ref(self, row: RowAnswer, key: str) -> str:
        place = self.place_of.get(key)
        return "" if place is None else cell_ref(row.number, place)


def shown(value) -> str:
    """A value as the answer repeats it."""
    if value is None or value == "":
        return _("nothing")
    if isinstance(value, date):
        return figures.day(value)
    if hasattr(value, "code"):
        return value.code
    return str(value) if isinstance(value, str) else figures.shortest(value)
