"""`backup FILE`: everything that is kept, in one file. docs/keeping.md tells how often and where to."""

import time
from pathlib import Path

from django.core.management.base import BaseCommand

from tradematch.keeping.archive import in_mb
from tradematch.keeping.backup import make_backup, seconds_since
from tradematch.keeping.failures import told_in_a_sentence


class Command(BaseCommand):
    help = (
        "Write the database, the uploads, the register of erasures and the secret key into one file, while everybody "
        "works on. `restore FILE` reads it. Keep the file secret: it holds all that people entrusted to you."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", type=Path, help="where to, for example tradematch.tmbackup")
        parser.add_argument("--force", action="store_true", help="overwrite a file that is there already")
        parser.add_argument(
            "--without-secrets",
            action="store_true",
            help="leave the secret key out; then keep it elsewhere, links in letters depend on it",
        )

    def handle(self, *args, file: Path, force: bool, without_secrets: bool, **options) -> None:
        path, began = file.expanduser().absolute(), time.monotonic()
        with told_in_a_sentence():
            manifest = make_backup(path, force=force, with_secrets=not without_secrets, say=self.say)
        self.say(f"{path}: {in_mb(path.stat().st_size)}, version {manifest.version}, {seconds_since(began)} in all")
        holds = "everything people entrusted to you" + (" and the secret key" if manifest.has_secrets else "")
        self.say(f"Keep this file secret: it holds {holds}. Encrypt it before it leaves this machine.")
        if not manifest.has_secrets:
            self.say("The secret key is not in it: keep SECRET_KEY somewhere else.")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
