"""`manage.py load_reference`: loads `data/`; repeatable."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from commodities.checks import UnfitDatabaseError
from commodities.loading import Count, ReferenceDataError
from corridor.services.law import lines_without_a_rate
from corridor.services.reference import load_reference


class Command(BaseCommand):
    help = "Loads the reference data that ship in data/. Repeatable: a second load changes nothing."

    def handle(self, *args, **options):
        started = time.monotonic()
        try:
            counts = load_reference(settings.REFERENCE_DIR)
        except (ReferenceDataError, UnfitDatabaseError) as error:
            raise CommandError(str(error)) from error
        for count in counts:
            self.stdout.write(in_words(count))
        if unknown := lines_without_a_rate():
            self.stdout.write(
                f"tariffs.csv: {len(unknown)} without a rate, what rests on them stays not known ({some_of(unknown)})"
            )
        self.stdout.write(f"Reference data are loaded ({time.monotonic() - started:.1f} s).")


def in_words(count: Count) -> str:
    """One line on what became of a file."""
    if not (count.new or count.changed or count.unchanged or count.left_alone):
        return f"{count.file}: {count.read} read"
    told = [f"{count.new} new", f"{count.changed} changed", f"{count.unchanged} unchanged"]
    if count.left_alone:
        told.append(f"{count.left_alone} left as people entered them")
    if count.removed:
        told.append(f"{len(count.removed)} no longer in the file, removed ({some_of(count.removed)})")
    if count.still_used:
        told.append(f"{len(count.still_used)} no longer in the file, kept because used ({some_of(count.still_used)})")
    return f"{count.file}: {', '.join(told)}"


def some_of(names: list[str]) -> str:
    return ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
