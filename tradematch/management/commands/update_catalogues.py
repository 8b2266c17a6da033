from django.core.management.base import BaseCommand

from tradematch.borrowed import update_borrowed
from tradematch.catalogues import LANGUAGES, update_catalogue


class Command(BaseCommand):
    help = "Find every translatable string in our code, and in that of packages; translations are kept."
    requires_system_checks = []

    def handle(self, **options) -> None:
        for language in LANGUAGES:
            total, missing = update_catalogue(language)
            self.stdout.write(f"{language}: {total} strings, {missing} without translation")
            total, missing = update_borrowed(language)
            self.stdout.write(f"{language}: {total} strings of packages, {missing} without translation")
