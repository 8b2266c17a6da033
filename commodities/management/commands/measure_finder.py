"""`manage.py measure_finder`: asks the commodity finder every question of the labelled set and counts the answers."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from commodities.finding.measuring import (
    HALVES,
    LANGUAGES,
    SHOWN,
    Answer,
    Tally,
    ask,
    percentile,
    read_questions,
    tally,
    worst,
)

QUESTIONS = Path(settings.BASE_DIR) / "tests" / "commodities" / "finder" / "queries.csv"
PAGE = Path(settings.BASE_DIR) / "docs" / "finder.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
NAMES = {"tuned": "tuned on", "held_out": "held out"}


class Command(BaseCommand):
    help = "Measures the commodity finder on the labelled set, by language and half."

    def add_arguments(self, parser):
        parser.add_argument("--questions", type=Path, default=QUESTIONS, metavar="FILE")
        parser.add_argument("--write", action="store_true", help="put the figures into docs/finder.md")

    def handle(self, *, questions, write, **options):
        if not questions.exists():
            raise CommandError(f"There is no labelled set at {questions}: it comes with the tests.")
        answers = ask(read_questions(questions))
        report = "\n".join(in_words(answers))
        self.stdout.write(report)
        if write:
            before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
            _, _, after = rest.partition(END)
            PAGE.write_text(f"{before}{BEGIN}\n\n{report}\n\n{END}{after}", "utf-8")


def in_words(answers: list[Answer]) -> list[str]:
    lines = [
        "| half | language | queries | right first | right in five | sure | of these right first | right in five |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for half in reversed(HALVES):
        of_half = [answer for answer in answers if answer.question.half == half]
        for language in LANGUAGES:
            lines.append(_row(half, language, tally(a for a in of_half if a.question.language == language)))
        lines.append(_row(half, "all", tally(of_half)))
    lines += ["", "| nonsense | texts | no suggestion | not sure |", "| --- | ---: | ---: | ---: |"]
    for half in reversed(HALVES):
        counted = tally(answer for answer in answers if answer.question.half == half)
        lines.append(f"| {NAMES[half]} | {counted.nonsense} | {counted.refused} | {counted.not_sure} |")
    lines += ["", f"Time for a search: half within {percentile(answers, 0.5):.0f} ms, 95 % within"]
    lines[-1] += f" {percentile(answers, 0.95):.0f} ms."
    lines += ["", "The ten worst answers of the held-out half:", ""]
    lines += ["| language | query | right | suggested | sure | right one at |", "| --- | --- | --- | --- | --- | --- |"]
    lines += [_miss(answer) for answer in worst(answer for answer in answers if answer.question.half == HALVES[1])]
    return lines


def _row(half: str, language: str, counted: Tally) -> str:
    return (
        f"| {NAMES[half]} | {language} | {counted.goods} | {_part(counted.first, counted.goods)} "
        f"| {_part(counted.in_five, counted.goods)} | {counted.sure} "
        f"| {_part(counted.sure_and_first, counted.sure)} | {_part(counted.sure_and_in_five, counted.sure)} |"
    )


def _part(some: int, whole: int) -> str:
    return f"{some} ({100 * some / whole:.0f} %)" if whole else "0"


def _miss(answer: Answer) -> str:
    suggested = ", ".join(f"{one.code} {one.score:.2f}" for one in answer.found.suggestions[:3]) or "nothing"
    question = answer.question
    right = ", ".join(question.right) or "nothing"
    place = str(answer.place) if answer.place else f"not among {SHOWN}"
    sure = "yes" if answer.found.is_sure else "no"
    return f"| {question.language} | {question.query} | {right} | {suggested} | {sure} | {place} |"
