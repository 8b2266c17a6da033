"""`export_matches FILE.{xlsx,csv,pdf,json}`: what the officer exports, at the terminal."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict
from django.utils import translation

from matching.enums import RunKind
from matching.lists import every_listed_result, every_result_of
from matching.models import Run
from matching.tables.filters import MatchFilter
from reports.cutting.choosing import address_of, valid
from reports.cutting.matches import cut_of
from reports.enums import Format, Subject
from reports.orders import Order
from reports.unkept import frozen_once
from reports.writing import WRITERS

FILTERS = {
    "direction": "from which country to which, such as ID-KZ",
    "sector": "such as palm_oil",
    "commodity": "code of a commodity, an HS code or a group",
    "state": "new, shortlisted, proposed or dismissed",
    "obstacle": "none: nothing fails; some: something fails now",
    "unknown": "none, few (1 or 2 questions) or many",
    "companies": "number of a company, on either side",
    "at_least_t": "tonnes, such as 1500 or 1.5",
    "at_least_points": "whole points, 0 to 100",
}
ONCE = ("commodity", "at_least_t", "at_least_points")


class Command(BaseCommand):
    help = "Write the matches to FILE: a workbook (.xlsx), a table (.csv), for paper (.pdf) or for machines (.json)."

    def add_arguments(self, parser):
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--run", type=int, help="what this run found; without it, what the pages show")
        parser.add_argument("--language", choices=languages, default="en")
        parser.add_argument("--beside", choices=languages, help="a second language, side by side with the first")
        parser.add_argument("--sort", help="a column of the list; - before it turns the order")
        for name, meaning in FILTERS.items():
            action = {} if name in ONCE else {"action": "append"}
            parser.add_argument(f"--{name.replace('_', '-')}", dest=name, help=meaning, **action)

    def handle(self, *args, file: Path, run: int | None, language: str, beside: str | None, **options):
        kind = file.suffix.lower().removeprefix(".")
        if kind not in Format.values:
            raise CommandError(
                f"{file.name}: the name ends in none of {', '.join(f'.{one}' for one in Format.values)}."
            )
        languages = tuple(dict.fromkeys(filter(None, (language, beside))))
        order = Order(subject=Subject.MATCHES, query=query_of(options).urlencode())
        try:
            with translation.override(language):
                self.write(file, Format(kind), languages, order, run)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(str(file))

    def write(self, file: Path, kind: Format, languages: tuple[str, ...], order: Order, number: int | None) -> None:
        run = find_run(number)
        rows = every_result_of(run) if number else every_listed_result()
        valid(MatchFilter(address_of(order), queryset=rows))
        with frozen_once(lambda put: cut_of(order, rows, run, put)) as frozen, whole_or_nothing(file) as written:
            WRITERS[kind](written, frozen, languages)


def find_run(number: int | None) -> Run | None:
    """The run that was asked for, or the newest finished official one."""
    if number is None:
        return Run.objects.official().finished().first()
    run = Run.objects.finished().filter(pk=number).first()
    if run is None:
        raise CommandError(f"No finished run has the number {number}.")
    if run.kind == RunKind.WHAT_IF:
        raise CommandError(f"Run {number} was a what-if: it kept no match. `match --json` writes what a what-if finds.")
    return run


@contextmanager
def whole_or_nothing(file: Path) -> Iterator[Path]:
    """A file beside it to write to, which takes its place once it is whole.

    Names, prices and decisions are for whoever asked for them, not for all who have an account on the machine.
    """
    if file.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    opened, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.stem}-", suffix=file.suffix)  # for its owner alone
    os.close(opened)
    try:
        yield Path(name)
        Path(name).replace(file)
    finally:
        Path(name).unlink(missing_ok=True)


def query_of(options: dict) -> QueryDict:
    """The options as the list's own address would hold them."""
    query = QueryDict(mutable=True)
    for name in (*FILTERS, "sort"):
        value = options[name]
        if value:
            query.setlist(name, value if isinstance(value, list) else [value])
    return query
