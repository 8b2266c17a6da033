"""A CSV file that somebody hands to a command: its rows by the names of its columns."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.core.management.base import CommandError


def rows_of_csv(file: Path, *columns: str, optional: Sequence[str] = ()) -> Iterator[dict[str, str]]:
    """The rows with these columns; an optional one that is missing is empty. Raises CommandError in words."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            missing = [name for name in columns if name not in (reader.fieldnames or [])]
            if missing:
                raise CommandError(f"{file.name} has no column {', '.join(missing)}.")
            for row in reader:
                yield {name: (row.get(name) or "").strip() for name in (*columns, *optional)}
    except OSError as fault:
        raise CommandError(f"{file} cannot be read: {fault.strerror}.") from fault
    except (UnicodeDecodeError, csv.Error) as fault:
        raise CommandError(f"{file.name} is no CSV file in UTF-8: {fault}.") from fault
