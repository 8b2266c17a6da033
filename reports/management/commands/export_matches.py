"""`export_matches FILE.{xlsx,csv,json}`: what the officer exports, at the terminal."""

import os
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict
from django.utils import translation

from matching.enums import RunKind
from matching.filters import MatchFilter
from matching.lists import every_listed_result, every_result_of
from matching.models import Run
from reports.exporters import csv_lines, json_pieces, write_xlsx
from reports.services import lists as services

FILTERS = {
    "direction": "from which country to which, such as ID-KZ",
    "sector": "such as palm_oil",
    "commodity": "code of a commodity, an HS code or a group",
    "state": "new, shortlisted, proposed or dismissed",
    "obstacle": "none: nothing fails; some: something fails now",
    "unknown": "none, few (1 or 2 questions) or many",
    "at_least_t": "tonnes, such as 1500 or 1.5",
    "at_least_points": "whole points, 0 to 100",
}
ONCE = ("commodity", "at_least_t", "at_least_points")


class Command(BaseCommand):
    help = "Write the matches to FILE: a workbook (.xlsx), comma-separated values (.csv) or JSON (.json)."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--run", type=int, help="what this run found; without it, what the pages show")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="en")
        parser.add_argument("--sort", help="a column of the list; - before it turns the order")
        for name, meaning in FILTERS.items():
            action = {} if name in ONCE else {"action": "append"}
            parser.add_argument(f"--{name.replace('_', '-')}", dest=name, help=meaning, **action)

    def handle(self, *args, file: Path, run: int | None, language: str, **options):
        kind = file.suffix.lower()
        if kind not in WRITERS:
            raise CommandError(f"{file.name}: the name ends in none of {', '.join(WRITERS)}.")
        with translation.override(language):
            chosen = find_run(run)
            results = every_result_of(chosen) if run else every_listed_result()
            filters = MatchFilter(query_of(options), queryset=results)
            try:
                rows = services.rows_of(filters)
            except ValidationError as refusal:
                raise CommandError(" ".join(refusal.messages)) from refusal
            try:
                keep_private(file)
                WRITERS[kind](file, rows, services.about(filters, chosen))
            except OSError as error:
                raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(str(file))


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


def keep_private(file: Path) -> None:
    """Names, prices and decisions are for whoever asked for them, not for all who have an account on the machine."""
    opened = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.fchmod(opened, 0o600)  # the file may have been there
    finally:
        os.close(opened)


def query_of(options: dict) -> QueryDict:
    """The options as the list's own address would hold them."""
    query = QueryDict(mutable=True)
    for name in (*FILTERS, "sort"):
        value = options[name]
        if value:
            query.setlist(name, value if isinstance(value, list) else [value])
    return query


def to_xlsx(file: Path, rows, about) -> None:
    write_xlsx(file, rows, about)


def to_csv(file: Path, rows, about) -> None:
    with file.open("w", encoding="utf-8", newline="") as output:
        output.writelines(csv_lines(rows))


def to_json(file: Path, rows, about) -> None:
    with file.open("w", encoding="utf-8") as output:
        output.writelines(json_pieces(rows, about))


WRITERS = {".xlsx": to_xlsx, ".csv": to_csv, ".json": to_json}
