"""`check_migrations`: refuse migrations under which the version that still serves would fail."""

from django.core.management.base import BaseCommand, CommandError

from tradematch.keeping import migrations
from tradematch.keeping.failures import told_in_a_sentence


class Command(BaseCommand):
    help = "Read every migration that is not excused and refuse what would stop those who work meanwhile."
    requires_system_checks = []

    def handle(self, *args, **options) -> None:
        with told_in_a_sentence():
            excuses = migrations.excused()
            found = migrations.findings(excuses)
        for finding in found:
            self.stderr.write(f"{finding.migration}: {finding.words}")
        if found:
            raise CommandError(
                f"{len(found)} findings. Change these migrations (docs/keeping.md tells how), or excuse them with a "
                f"reason in {migrations.EXCUSED.relative_to(migrations.settings.BASE_DIR)}."
            )
        self.stdout.write(f"All migrations can be carried out while people work; {len(excuses)} are excused.")
