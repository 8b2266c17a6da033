"""`export_person EMAIL FILE`: what a person may ask for, all that is kept about them."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from tradematch.keeping import archive, export
from tradematch.keeping.erase import find_person
from tradematch.keeping.failures import told_in_a_sentence

FORMS = {".json": export.as_json, ".csv": export.as_csv}


class Command(BaseCommand):
    help = "Write all that is kept about one person into a .json or .csv file. Hand it to nobody else."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("file", metavar="FILE", type=Path, help="ends in .json, or .csv for one table")
        parser.add_argument("--force", action="store_true", help="overwrite a file that is there already")

    def handle(self, *args, email: str, file: Path, force: bool, **options) -> None:
        path = file.expanduser().absolute()
        if path.suffix not in FORMS:
            raise CommandError(f"{path.name}: let the name of the file end in .json or .csv.")
        person = find_person(email)
        if person.account is None and not person.contacts:
            raise CommandError(f"Nobody with the address {email} is known here: no account, no contact person.")
        told = export.export_of(person)
        with told_in_a_sentence(), archive.writing(path, force=force) as out:
            out.write(FORMS[path.suffix](told).encode())
        rows = sum(map(len, told["sections"].values()))
        self.stdout.write(f"{path}: {rows} rows in {len(told['sections'])} sections. Only {email} may have this file.")
