from django.core.management.base import BaseCommand

from tradematch.catalogues import LANGUAGES, update_catalogue


class Command(BaseCommand):
    help = "Find every translatable string in the code and bring the catalogues in line; translations are kept."
    requires_system_checks = []

    def handle(self, **options) -> None:
        for language in LANGUAGES:
            total, missing = update_catalogue(language)
            self.stdout.write(f"{language}: {total} strings, {missing} without translation")
