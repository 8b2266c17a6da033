"""`check_reports [NUMBER ...]`: whether each kept file is still what the cut of its report gives."""

from collections import Counter
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from reports.models import Report
from reports.services.checking import Standing, check_report, reports_that_are_kept


class Command(BaseCommand):
    help = (
        "Make every kept file of every report once more, and say of each: same, written otherwise (templates, words, "
        "fonts or programs have changed since, which is no fault) or at fault. Ends with 1 where any is at fault."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "numbers", metavar="NUMBER", nargs="*", type=UUID, help="of a report, as its files print it"
        )

    def handle(self, *args, numbers: list[UUID], **options) -> None:
        counts: Counter[Standing] = Counter()
        for report in asked_for(numbers):
            for checked in check_report(report):
                counts[checked.standing] += 1
                why = f" ({checked.why})" if checked.why else ""
                self.stdout.write(f"{report.public_id} {checked.file.name}: {checked.standing}{why}")
        told = ", ".join(f"{counts[standing]} {standing}" for standing in Standing)
        if counts[Standing.FAULT]:
            raise CommandError(f"Files: {told}.")
        self.stdout.write(f"Files: {told}.")


def asked_for(numbers: list[UUID]) -> list[Report]:
    kept = reports_that_are_kept()
    if not numbers:
        return list(kept)
    found = list(kept.filter(public_id__in=numbers))
    if missing := set(numbers) - {report.public_id for report in found}:
        raise CommandError(f"No report with kept files has the number {', '.join(sorted(map(str, missing)))}.")
    return found
