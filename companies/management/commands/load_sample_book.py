"""`load_sample_book`: the public directory and the example companies with their needs and capacities; repeatable."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from companies.book.answer import Outcome
from companies.book.importing import import_book
from companies.book.telling import answer_lines
from companies.enums import CompanyKind
from companies.services.directory import load_directory

EXAMPLE_FILES = ("companies.csv", "needs.csv", "capacities.csv")


class Command(BaseCommand):
    help = (
        "Load the public directory (real companies without listings) and the example book (invented companies, marked "
        "as examples). Loading twice changes nothing."
    )

    def handle(self, *args, **options):
        directory = load_directory(settings.REFERENCE_DIR / "companies_public.csv")
        self.stdout.write(
            f"public directory: {directory.new} new, {directory.changed} changed, {directory.unchanged} unchanged; "
            f"{directory.hidden} hidden until checked"
        )
        folder: Path = settings.REFERENCE_DIR / "example_book"
        files = [(name, (folder / name).read_bytes()) for name in EXAMPLE_FILES]
        answer = import_book(files, kind=CompanyKind.EXAMPLE)
        if answer.is_refused_in_part:
            raise CommandError("\n".join(answer_lines(answer)))
        for name in EXAMPLE_FILES:
            outcomes = [row.outcome for row in answer.rows if row.sheet == name]
            new = sum(outcome in (Outcome.TAKEN, Outcome.CONVERTED) for outcome in outcomes)
            changed = outcomes.count(Outcome.UPDATED)
            self.stdout.write(
                f"example {name}: {new} new, {changed} changed, {len(outcomes) - new - changed} unchanged"
            )
