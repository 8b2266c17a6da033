"""`measure_company_finder`: judges labelled pairs of names and counts how often duplicates are told rightly."""

import csv
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.reading.arguments import number_argument
from companies.finding import THRESHOLD
from companies.finding.measuring import (
    HALVES,
    Judged,
    Search,
    Tally,
    alike_among,
    judge,
    read_pairs,
    search_in_a_book,
    tally,
    worst,
)

PAIRS = Path(settings.BASE_DIR) / "tests" / "companies" / "finding" / "pairs.csv"
PUBLIC = Path(settings.BASE_DIR) / "data" / "companies_public.csv"
PAGE = Path(settings.BASE_DIR) / "docs" / "company-finder.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
THRESHOLDS = (0.8, THRESHOLD, 0.95, 1.0)


class Command(BaseCommand):
    help = "Measures how well likely duplicates of a company are told, on labelled pairs of names."

    def add_arguments(self, parser):
        parser.add_argument("--pairs", type=Path, default=PAIRS, metavar="FILE")
        parser.add_argument(
            "--book",
            type=number_argument,
            default=0,
            metavar="N",
            help="also search among N made-up companies, which are gone when it is done",
        )
        parser.add_argument("--write", action="store_true", help="put the figures into docs/company-finder.md")

    def handle(self, *, pairs, book, write, **options):
        if not pairs.exists():
            raise CommandError(f"There are no labelled pairs at {pairs}: they come with the tests.")
        read = read_pairs(pairs)
        lines = in_words(judge(read))
        if PUBLIC.exists():
            lines += ["", directory_in_words(_public_names())]
        if book:
            lines += ["", book_in_words(search_in_a_book(read, int(book)), int(book))]
        report = "\n".join(lines)
        self.stdout.write(report)
        if write:
            before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
            _, _, after = rest.partition(END)
            PAGE.write_text(f"{before}{BEGIN}\n\n{report}\n\n{END}{after}", "utf-8")


def in_words(judged: list[Judged]) -> list[str]:
    lines = ["| pairs | same | different | told rightly | told wrongly | missed | precision | recall |"]
    lines.append("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for half, words in HALVES.items():
        lines.append(_row(f"{half}: {words}", [one for one in judged if one.pair.half == half]))
    lines.append(_row("all", judged))
    lines += ["", "| threshold | told wrongly | precision | recall |", "| ---: | ---: | ---: | ---: |"]
    for threshold in THRESHOLDS:
        counted = tally(judged, threshold)
        shown = f"**{threshold:.2f}**" if threshold == THRESHOLD else f"{threshold:.2f}"
        lines.append(f"| {shown} | {counted.wrong} | {_rates(counted)} |")
    lines += ["", "| kind of pair | same, found | different, kept apart |", "| --- | ---: | ---: |"]
    for kind in dict.fromkeys(one.pair.kind for one in judged):
        of_kind = [one for one in judged if one.pair.kind == kind]
        same, different = ([one for one in of_kind if one.pair.is_same is is_same] for is_same in (True, False))
        lines.append(
            f"| {kind.replace('_', ' ')} | {_part(sum(one.is_told() for one in same), len(same))} "
            f"| {_part(sum(not one.is_told() for one in different), len(different))} |"
        )
    lines += ["", "The worst answers:", "", "| one name | the other | they are | score |", "| --- | --- | --- | ---: |"]
    for one in worst(judged):
        verdict = "one company" if one.pair.is_same else "two"
        lines.append(f"| {one.pair.left} | {one.pair.right} | {verdict} | {one.found.score:.2f} |")
    return lines


def directory_in_words(names: list[str]) -> str:
    count = len(names) * (len(names) - 1) // 2
    told = [f"{one} = {two}" for one, two in alike_among(names)]
    return f"Of the {count} pairs among the {len(names)} names of the public directory, all different companies, " + (
        f"{len(told)} are told as one: {'; '.join(told)}." if told else "none is told as one."
    )


def book_in_words(searches: list[Search], companies: int) -> str:
    seconds = sorted(search.seconds for search in searches)
    asked = [search for search in searches if search.is_found is not None]
    return (
        f"Among {companies} made-up companies {sum(search.is_found for search in asked)} of the {len(asked)} that the "
        f"pairs tell as one were found. A search took {_at(seconds, 0.5):.0f} ms at the median, "
        f"{_at(seconds, 0.95):.0f} ms at the 95th percentile ({len(searches)} searches)."
    )


def _row(name: str, judged: list[Judged]) -> str:
    counted = tally(judged)
    same = counted.right + counted.missed
    return (
        f"| {name} | {same} | {len(judged) - same} | {counted.right} | {counted.wrong} | {counted.missed} "
        f"| {_rates(counted)} |"
    )


def _rates(counted: Tally) -> str:
    return f"{counted.precision:.3f} | {counted.recall:.3f}"


def _part(some: int, whole: int) -> str:
    return f"{some} of {whole}" if whole else "-"


def _at(seconds: list[float], part: float) -> float:
    return 1000 * seconds[min(len(seconds) - 1, int(len(seconds) * part))]


def _public_names() -> list[str]:
    with PUBLIC.open(encoding="utf-8", newline="") as file:
        return [row["name"] for row in csv.DictReader(file)]
