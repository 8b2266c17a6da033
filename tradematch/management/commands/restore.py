"""`restore FILE`: put a backup in place of an empty database. docs/keeping.md tells the whole way."""

import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from tradematch.keeping.backup import seconds_since
from tradematch.keeping.failures import told_in_a_sentence
from tradematch.keeping.restore import Restored, restore_backup


class Command(BaseCommand):
    help = (
        "Restore a file that `backup` wrote: database, uploads, secret key. Only into a database that holds nothing "
        "but what the set-up puts there; stop TradeMatch first. Until all is well, nothing is changed."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", type=Path, help="the file of a backup")
        parser.add_argument(
            "--set-aside",
            action="store_true",
            help="when the database is in use, keep it beside under another name and put the backup in its place",
        )
        parser.add_argument(
            "--erasures",
            metavar="FILE",
            type=Path,
            action="append",
            default=[],
            help="another register of erasures that must hold, besides those in the data folder and in the backup",
        )

    def handle(self, *args, file: Path, set_aside: bool, erasures: list[Path], **options) -> None:
        path, began = file.expanduser().absolute(), time.monotonic()
        with told_in_a_sentence():
            restored = restore_backup(path, set_aside=set_aside, registers=erasures, say=self.say)
        self.say(f"Restored as of {restored.manifest.made_at}, {seconds_since(began)} in all.")
        for line in what_next(restored):
            self.say(line)

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def what_next(restored: Restored) -> list[str]:
    """What the operator still has to do, and what is worth knowing."""
    lines = ["Everybody has to sign in again. Runs that were under way are taken up within two minutes of the start."]
    if restored.set_aside:
        lines.append(f"The database that was here is now {restored.set_aside}; drop it once nobody needs it.")
    if restored.manifest.has_secrets and not restored.key_is_the_same:
        lines.append(
            "The secret key of the backup is not the one in use here. Links in letters that are under way need it: put "
            "the SECRET_KEY from the backup (unzip -p FILE secrets.json) into .env before the start."
        )
    if not restored.manifest.has_secrets:
        lines.append(
            "The backup holds no secret key: unless SECRET_KEY is the old one, links in letters under way end."
        )
    if not settings.ERASURE_REGISTER.exists():
        lines.append("No register of erasures was found: if you keep a copy of erasures.jsonl, use --erasures FILE.")
    option = "" if restored.holds_examples else " with --empty, so that no examples are added"
    lines.append(f"Now start TradeMatch{option}: it brings the reference data up to date.")
    return lines
