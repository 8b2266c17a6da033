"""`import_book FILE ...`: companies, needs and capacities from .xlsx or .csv, each row answered."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from accounts.sheets.sheet import MAX_BYTES
from companies.book.importing import import_book
from companies.book.telling import answer_data, answer_lines
from companies.book.template import book_template


class Command(BaseCommand):
    help = (
        "Take companies, needs and capacities from .xlsx or .csv files. Every row is answered: taken, converted, "
        "updated, already there or refused with the cell and the reason. Nothing is written unless all is well. "
        "docs/book.md explains the columns."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="*", metavar="FILE", help=".xlsx, or one .csv for each kind of sheet")
        parser.add_argument("--dry-run", action="store_true", help="answer every row, write nothing")
        parser.add_argument(
            "--take-good-rows", action="store_true", help="write what is well even if other rows are not"
        )
        parser.add_argument("--json", action="store_true", help="answer in JSON")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="en")
        parser.add_argument("--template", metavar="FILE.xlsx", help="write the empty template there instead")

    def handle(self, *args, files, template, language, **options):
        with translation.override(language):
            if template:
                Path(template).write_bytes(book_template(language))
                self.stdout.write(template)
                return
            if not files:
                raise CommandError("Name at least one .xlsx or .csv file, or --template FILE.xlsx.")
            answer = import_book(
                [(name, _content(name)) for name in files],
                take_good_rows=options["take_good_rows"],
                is_trial=options["dry_run"],
            )
            if options["json"]:
                self.stdout.write(json.dumps(answer_data(answer), ensure_ascii=False, indent=2))
            else:
                self.stdout.write("\n".join(answer_lines(answer)))
        would_be_left = options["dry_run"] and not options["take_good_rows"] and answer.is_refused_in_part
        if answer.takes_nothing or would_be_left:
            raise SystemExit(1)


def _content(name: str) -> bytes:
    """The bytes of a file; of one that is too large, enough to see that it is."""
    try:
        with Path(name).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}") from error
