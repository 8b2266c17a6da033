"""`load_sample_book`: the public directory and the example companies with their needs and capacities; repeatable."""

import csv
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from companies.book.answer import BookAnswer, Outcome
from companies.book.importing import import_book
from companies.book.moving_days import moved_days, years_to_move
from companies.book.telling import answer_lines
from companies.enums import CompanyKind
from companies.models import Capacity, Company, Need
from companies.services.directory import load_directory

EXAMPLE_FILES = ("companies.csv", "needs.csv", "capacities.csv")


class Command(BaseCommand):
    help = (
        "Load the public directory (real companies without listings) and the example book (invented companies, marked "
        "as examples). Loading again adds what is missing and leaves alone what people have changed."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--refresh", action="store_true", help="bring the examples back to what the files say, whoever changed them"
        )

    def handle(self, *args, refresh: bool, **options):
        directory = load_directory(settings.REFERENCE_DIR / "companies_public.csv")
        self.stdout.write(
            f"public directory: {directory.new} new, {directory.changed} changed, {directory.unchanged} unchanged; "
            f"{directory.hidden} hidden until checked"
        )
        folder: Path = settings.REFERENCE_DIR / "example_book"
        years = years_to_move(timezone.localdate())
        files = [(name, moved_days((folder / name).read_bytes(), years)) for name in EXAMPLE_FILES]
        if not refresh and (rows := rows_if_all_are_here(files)):
            for name, number in rows.items():
                self.tell(name, new=0, changed=0, unchanged=number)
            return
        answer = import_book(files, kind=CompanyKind.EXAMPLE, take_good_rows=True, keeps_what_is_here=not refresh)
        self.tell_refused(answer)
        for name in EXAMPLE_FILES:
            outcomes = [row.outcome for row in answer.rows if row.sheet == name]
            new = sum(outcome in (Outcome.TAKEN, Outcome.CONVERTED) for outcome in outcomes)
            changed, unchanged = outcomes.count(Outcome.UPDATED), outcomes.count(Outcome.ALREADY_THERE)
            self.tell(name, new=new, changed=changed, unchanged=unchanged)

    def tell(self, name: str, *, new: int, changed: int, unchanged: int) -> None:
        self.stdout.write(f"example {name}: {new} new, {changed} changed, {unchanged} unchanged")

    def tell_refused(self, answer: BookAnswer) -> None:
        """A row may clash with what people have made of the book since; the others are loaded all the same."""
        if answer.takes_nothing:
            raise CommandError("\n".join(answer_lines(answer)))
        refused = [row for row in answer.rows if row.outcome == Outcome.REFUSED]
        if refused:
            left_out = BookAnswer(files=[], is_written=True, rows=refused)
            self.stderr.write("\n".join(answer_lines(left_out)))


def rows_if_all_are_here(files: list[tuple[str, bytes]]) -> dict[str, int] | None:
    """How many rows each file has, if each of them is here already: then there is no need to read them closely."""
    keys = {}
    for name, data in files:
        rows = csv.DictReader(data.decode().splitlines())
        keys[name] = {(row["code"],) if "code" in row else (row["company"], row["reference"]) for row in rows}
    here = {
        "companies.csv": Company.objects.values_list("code"),
        "needs.csv": Need.objects.values_list("company__code", "reference"),
        "capacities.csv": Capacity.objects.values_list("company__code", "reference"),
    }
    if all(keys[name] <= set(here[name]) for name in keys):
        return {name: len(found) for name, found in keys.items()}
    return None
