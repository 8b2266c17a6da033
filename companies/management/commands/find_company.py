"""`find_company "ТОО Астык Трейд"`: which companies are likely called so; of a file, how alike its pairs are."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.sheets.tables import rows_of_csv
from companies.finding import THRESHOLD, likeness
from companies.finding.finder import MOST_SHOWN, Candidate, likely_among
from companies.models import Company
from corridor.enums import Country


class Command(BaseCommand):
    help = "Companies whose name is likely the same, with a score from 0 to 1; legal forms and scripts do not matter."

    def add_arguments(self, parser):
        parser.add_argument("name", nargs="?", help="the name of a company, in any script")
        parser.add_argument("--number", default="", help="its registration number")
        parser.add_argument("--country", choices=Country.values, help="look in one country alone")
        parser.add_argument("--file", type=Path, help="a CSV file with the columns name_a, name_b; a JSON line a pair")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *, name, number, country, file, **options):
        if bool(name) == bool(file):
            raise CommandError("Say a name, or name a file with --file.")
        if file:
            for row in rows_of_csv(file, "name_a", "name_b"):
                alike = likeness(row["name_a"], row["name_b"])
                told = row | {"score": alike.score, "why": alike.why, "is_same": alike.score >= THRESHOLD}
                self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        companies = Company.objects.filter(is_hidden=False)
        if country:
            companies = companies.filter(country=country)
        found = likely_among(companies, name, number)[:MOST_SHOWN]
        if options["json"]:
            self.stdout.write(json.dumps([as_data(one) for one in found], ensure_ascii=False))
        else:
            self.stdout.write("\n".join(in_words(one) for one in found) or "No company here is likely called so.")


def as_data(found: Candidate) -> dict:
    company = found.company
    return {
        "code": company.code,
        "name": company.name_registered,
        "country": company.country,
        "registration_number": company.registration_number,
        "score": found.score,
        "why": found.why,
    }


def in_words(found: Candidate) -> str:
    company = found.company
    return f"{found.score:.2f}  {company.code}  {company.name_registered}  ({company.country}, {found.why})"
