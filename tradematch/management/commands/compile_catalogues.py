from django.core.management.base import BaseCommand

from tradematch.borrowed import borrowed_path
from tradematch.catalogues import LANGUAGES, catalogue_path, compile_catalogue


class Command(BaseCommand):
    help = "Compile the translations, without gettext's tools. Part of the set-up."
    requires_system_checks = []

    def handle(self, **options) -> None:
        for language in LANGUAGES:
            for path in (catalogue_path(language), borrowed_path(language)):
                if path.exists():
                    compile_catalogue(language, path)
