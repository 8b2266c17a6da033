from django.core.management.base import BaseCommand, CommandError

from tradematch.borrowed import borrowed_faults
from tradematch.catalogues import LANGUAGES, faults


class Command(BaseCommand):
    help = "Refuse catalogues in which a string is missing, left over or differs in its placeholders."
    requires_system_checks = []

    def handle(self, **options) -> None:
        found = [fault for language in LANGUAGES for fault in (*faults(language), *borrowed_faults(language))]
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError(
                f"{len(found)} faults in the catalogues. Run update_catalogues and translate what is new."
            )
