"""`manage.py find_commodity "minyak goreng curah"`: what the commodity finder suggests, and why."""

import json
from dataclasses import asdict

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from commodities.finding import Found, find_commodity

LONGEST_NAME = 70


class Command(BaseCommand):
    help = "What words as traders write them may be called in the catalogue: goods, groups and HS codes with a score."

    def add_arguments(self, parser):
        parser.add_argument("words", nargs="+", help="in Indonesian, English, Russian or Kazakh")
        parser.add_argument("--limit", type=int, default=5, help="how many suggestions at most (default: 5)")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="en")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *, words, limit, language, **options):
        with translation.override(language):
            found = find_commodity(" ".join(words), limit=limit)
        self.stdout.write(json.dumps(asdict(found), ensure_ascii=False) if options["json"] else in_words(found))


def in_words(found: Found) -> str:
    if not found.suggestions:
        return "This names no goods that the catalogue knows."
    lines = [] if found.is_sure else ["Not sure. It may be:"]
    for one in found.suggestions:
        name = one.name if len(one.name) <= LONGEST_NAME else one.name[: LONGEST_NAME - 3] + "..."
        lines.append(f"{one.score:.2f}  {one.kind} {one.code}  {name}  ({', '.join(one.words)})")
    return "\n".join(lines)
