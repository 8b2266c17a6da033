"""A worker takes back what a book wrote, in one transaction: what it made goes, what it changed is as it was.

What somebody has changed, used or decided upon since then stays, and each such row says why.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from accounts.history import changes_by
from companies.book.answer import CHANGING, Message, Outcome
from companies.book.importing import wait_for_other_books
from companies.book.told import kept_form
from companies.enums import ImportState, ListingStatus
from companies.models import BookImport, Capacity, CertificateFile, Company, ImportedRow, Membership, Need
from companies.services.imports.beat import BookBeat
from companies.services.imports.reading import BATCH
from companies.services.imports.sending import forget_file, held
from companies.services.imports.snapshots import ROWS_OF, digest_of, put_back, snapshots
from companies.services.imports.writing import MADE, said_of_changes
from companies.signals import book_changed, listings_going

LISTINGS = (Need, Capacity)
GONE, CHANGED, USED, DECIDED = "undo_gone", "undo_changed", "undo_used", "undo_decided"
STANDING = (ListingStatus.DRAFT, ListingStatus.OPEN, ListingStatus.PAUSED)


def undo(book: BookImport, beat: BookBeat) -> None:
    """Take back a book that was written."""
    with transaction.atomic(), changes_by(way="undo_book", **said_of_changes(book)):
        wait_for_other_books()
        work = _Undoing(book)
        work.carry_out()
        beat.progress(len(work.rows), len(work.rows))


@dataclass
class _Undoing:
    """The rows of a book that wrote something, and what becomes of each."""

    book: BookImport
    stays: dict[int, str] = field(default_factory=dict)  # position of a row -> why it stays

    def carry_out(self) -> None:
        self.rows = list(self.book.rows.filter(outcome__in=CHANGING).order_by("position"))
        self.touched = self._held_companies()
        self._sort_out()
        self._send_listings_off()
        for model in LISTINGS:
            model.objects.filter(pk__in=self._going(model)).delete()
        now = timezone.now()
        for model in MADE:
            put_back(model, self._was(model), now)
        self._keep_companies_in_use()
        Company.objects.filter(pk__in=self._going(Company)).delete()
        self._close(self.touched)

    def _held_companies(self) -> set[int]:
        """Hold the companies first and then their listings, as every action does. Says which companies are touched."""
        listings = {model: [pk for row in self.rows if (pk := _pk(row, model))] for model in LISTINGS}
        touched = {pk for row in self.rows if (pk := _pk(row, Company))}
        for model in LISTINGS:
            touched |= set(model.objects.filter(pk__in=listings[model]).values_list("company", flat=True))
        _hold(Company, touched)
        for model in LISTINGS:
            _hold(model, listings[model])
        return touched

    def _sort_out(self) -> None:
        """What does not say any more what the book left it saying stays as it is."""
        now = {model: snapshots(model, [pk for row in self.rows if (pk := _pk(row, model))]) for model in MADE}
        used = {model: in_use(model, now[model].keys()) for model in LISTINGS}
        peopled = self._with_people_since()
        for row in self.rows:
            model = _model(row)
            if model is None:
                self.stays[row.position] = GONE
            elif digest_of(now[model][_pk(row, model)]) != row.before["is"]:
                self.stays[row.position] = CHANGED
            else:
                is_used = row.outcome != Outcome.UPDATED and _pk(row, model) in used.get(model, ())
                if is_used or _company_of(now[model][_pk(row, model)]["columns"], model) in peopled:
                    self.stays[row.position] = USED

    def _with_people_since(self) -> set[int]:
        """The companies of a delegation's book that have people of their own by now: these speak for them."""
        if self.book.company is not None:
            return set()
        acted_for = (
            Company.objects.acted_for_by(self.book.decided_by) if self.book.decided_by else Company.objects.none()
        )
        peopled = Membership.objects.filter(user__is_active=True, company__in=self.touched)
        return set(peopled.exclude(company__in=acted_for).values_list("company", flat=True))

    def _send_listings_off(self) -> None:
        """Ask the apps above which of the listings people have decided upon: those are withdrawn, and stay."""
        going = {"needs": set(self._going(Need)), "capacities": set(self._going(Capacity))}
        decided = {"needs": set(), "capacities": set()}
        for _receiver, named in listings_going.send(sender=BookImport, **going):
            for key, pks in named.items():
                decided[key] |= pks
        for model, key in ((Need, "needs"), (Capacity, "capacities")):
            for row in self.rows:
                if _pk(row, model) in decided[key] & going[key]:
                    self.stays[row.position] = DECIDED
            withdrawn = model.objects.filter(pk__in=decided[key] & going[key], status__in=STANDING)
            withdrawn.update(status=ListingStatus.WITHDRAWN, changed_at=timezone.now())

    def _keep_companies_in_use(self) -> None:
        used = in_use(Company, self._going(Company))
        for row in self.rows:
            if row.outcome != Outcome.UPDATED and row.made_company_id in used:
                self.stays.setdefault(row.position, USED)

    def _going(self, model: type) -> list[int]:
        """What the book made of a model and what goes with it again."""
        return [
            pk
            for row in self.rows
            if row.outcome != Outcome.UPDATED and row.position not in self.stays and (pk := _pk(row, model))
        ]

    def _was(self, model: type) -> dict[int, dict]:
        """What the book changed of a model and what is put back."""
        return {
            pk: row.before["was"]
            for row in self.rows
            if row.outcome == Outcome.UPDATED and row.position not in self.stays and (pk := _pk(row, model))
        }

    def _close(self, touched: set[int]) -> None:
        book = held(self.book)
        if book.state != ImportState.UNDOING:
            raise RuntimeError("the book is not being undone any more")
        told = []
        for row in self.rows:
            if why := self.stays.get(row.position):
                row.told = [*row.told, *kept_form([Message(why)])]
                told.append(row)
        ImportedRow.objects.bulk_update(told, ["told"], batch_size=BATCH)
        became = Counter(self.stays.get(row.position, _undone_how(row)) for row in self.rows)
        book.counts |= {"stayed": len(self.stays), "undone": dict(became)}
        book.state, book.undone_at, book.failure = ImportState.UNDONE, timezone.now(), ""
        book.done = book.total
        book.save(update_fields=["counts", "state", "undone_at", "failure", "done"])
        forget_file(book)
        companies = list(Company.objects.filter(pk__in=touched).order_by("pk"))
        book_changed.send(sender=BookImport, companies=companies, by_company=self.book.company is not None)


def in_use(model: type, pks) -> set[int]:
    """Those of which somebody else here speaks by now: a person who acts for it, a paper, kilograms that are held."""
    pks = list(pks)
    own = {related for related, _owner, _which in ROWS_OF[model]} | {ImportedRow, BookImport}
    used: set[int] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)):
            continue
        related = relation.related_model
        is_ours = related._meta.app_label == model._meta.app_label and not hasattr(related, "pgh_tracked_model")
        if not is_ours or related in own or (related is model and model in LISTINGS):
            continue
        speaking = related._default_manager.filter(**{f"{relation.field.name}__in": pks})
        used |= set(speaking.values_list(relation.field.attname, flat=True))
    if model is not Need:
        owner = "certificate__company" if model is Company else "certificate__capacity"
        papers = CertificateFile.objects.filter(**{f"{owner}__in": pks})
        used |= set(papers.values_list(owner, flat=True))
    return used


def _hold(model: type, pks) -> None:
    list(model.objects.filter(pk__in=pks).order_by("pk").select_for_update(of=("self",)).values_list("pk"))


def _pk(row: ImportedRow, model: type) -> int | None:
    return getattr(row, f"{MADE[model]}_id")


def _model(row: ImportedRow) -> type | None:
    """What the row made or changed; None where it is gone by now."""
    return next((model for model in MADE if _pk(row, model)), None)


def _company_of(columns: dict, model: type) -> int:
    """Whose it is, by the columns of a company or of a listing."""
    return columns["id" if model is Company else "company_id"]


def _undone_how(row: ImportedRow) -> str:
    return "restored" if row.outcome == Outcome.UPDATED else "removed"
