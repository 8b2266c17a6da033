"""`manage.py find_commodity "minyak goreng curah"`: what the commodity finder suggests, and why."""

import json
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from accounts.sheets.tables import rows_of_csv
from commodities.finding import Found, find_commodity

LONGEST_NAME = 70
LANGUAGES = [code for code, _name in settings.LANGUAGES]


class Command(BaseCommand):
    help = "What words as traders write them may be called in the catalogue: goods, groups and HS codes with a score."

    def add_arguments(self, parser):
        parser.add_argument("words", nargs="*", help="in Indonesian, English, Russian or Kazakh")
        parser.add_argument("--file", type=Path, help="a CSV file with the columns text, language; a JSON line a row")
        parser.add_argument("--top", type=int, default=5, help="how many suggestions at most (default: 5)")
        parser.add_argument("--language", choices=LANGUAGES, default="en")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *, words, file, top, language, **options):
        if bool(words) == bool(file):
            raise CommandError("Say the words, or name a file with --file.")
        if file:
            for row in rows_of_csv(file, "text", optional=("language",)):
                spoken = row["language"] or language
                if spoken not in LANGUAGES:
                    raise CommandError(f"{spoken} is none of the languages: {', '.join(LANGUAGES)}.")
                told = {"text": row["text"], "language": spoken} | asdict(found_in(row["text"], spoken, top))
                self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        found = found_in(" ".join(words), language, top)
        self.stdout.write(json.dumps(asdict(found), ensure_ascii=False) if options["json"] else in_words(found))


def found_in(text: str, language: str, top: int) -> Found:
    with translation.override(language):
        return find_commodity(text, limit=top)


def in_words(found: Found) -> str:
    if not found.suggestions:
        return "This names no goods that the catalogue knows."
    lines = [] if found.is_sure else ["Not sure. It may be:"]
    for one in found.suggestions:
        name = one.name if len(one.name) <= LONGEST_NAME else one.name[: LONGEST_NAME - 3] + "..."
        lines.append(f"{one.score:.2f}  {one.kind} {one.code}  {name}  ({', '.join(one.words)})")
    return "\n".join(lines)
