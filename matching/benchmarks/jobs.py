"""The benchmarks by name: each reads its options, measures, and reports a section of the page and its charts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from importlib.util import find_spec

from django.core.exceptions import ValidationError
from django.db import connections
from django.utils import timezone

from companies.models import Capacity, Company, Need
from matching.benchmarks import edit_page, match_page, pages_page, plan_page, reports
from matching.benchmarks.edit import edited
from matching.benchmarks.edit_book import NoSnapshotError, OthersError, left_behind, remove, stood_book
from matching.benchmarks.edit_times import checked, edited_through_celery
from matching.benchmarks.edit_worker import live_worker
from matching.benchmarks.kernel.limit import limit
from matching.benchmarks.making import Sizes
from matching.benchmarks.match import PEERS, compared, density, scaled, warm_up
from matching.benchmarks.measuring import machine
from matching.benchmarks.page_rows import NothingToPairError, made_before, make_pairs, remove_pairs
from matching.benchmarks.page_times import FailedError, page_times
from matching.benchmarks.plan import planned
from matching.benchmarks.plan import warm_up as warm_up_plan
from matching.benchmarks.runs import of_book, of_made
from matching.benchmarks.whole import WholeRun, whole_run
from matching.models import ListedMatch, Match, NearMiss, Run

Tell = Callable[[str], None]
MOST = {"match": 2_000_000, "plan": 2_000_000, "edit": 2_000_000, "run": 200_000, "pages": 1}  # listings a side
SIZES = {
    "match": "10000,100000,1000000",
    "plan": "1000,10000,100000",
    "edit": "100000,1000000",
    "run": "500,1000",
    "pages": "1",
}
UNKNOWN = {"match": "0,30,70", "plan": "30", "edit": "30", "run": "0,30,70", "pages": "30"}
TIMES = {"match": 1, "plan": 1, "edit": 1, "run": 3, "pages": 1}
OTHERS = {
    "match": tuple(PEERS),
    "plan": ("greedy", "linprog", "networkx"),
    "edit": ("postgres", "covering"),
    "run": (),
    "pages": (),
}
NOT_ALWAYS_THERE = ("duckdb", "networkx")  # packages that only developers have, by the names of the tools
JUDGED = 0.3  # unknown facts
RUN_BEFORE = 10_000  # a side: large enough for every way of the engine
MOST_FOR_PEERS = 100_000  # beyond that the engine alone, for other tools take hours


class RefusedError(ValueError):
    """What cannot be measured, in words for the terminal."""


@dataclass(frozen=True)
class Options:
    """What is to be measured."""

    markets: list[Sizes]
    seed: int
    times: int
    others: list[str]
    limit_s: int
    as_of: date | None
    with_book: bool
    in_database: int | None
    matches: int = 0

    @classmethod
    def read(cls, what: str, given: Mapping) -> "Options":
        times = TIMES[what] if given["times"] is None else given["times"]
        if not 1 <= times <= 99:
            raise RefusedError("--times is a number from 1 to 99.")
        typed = OTHERS[what] if given["only"] is None else [one for one in given["only"].split(",") if one != "none"]
        if not set(typed) <= set(OTHERS[what]):
            raise RefusedError(f"--only takes none, or some of: {', '.join(OTHERS[what]) or 'nothing here'}.")
        if missing := [one for one in typed if one in NOT_ALWAYS_THERE and find_spec(one) is None]:
            raise RefusedError(f"Not installed: {', '.join(missing)} (requirements-dev.txt). Leave it out with --only.")
        return cls(
            markets=[
                Sizes(needs=number, capacities=number, unknown=share / 100)
                for number in numbers("--sizes", given["sizes"] or SIZES[what], 1, MOST[what])
                for share in numbers("--unknown", given["unknown"] or UNKNOWN[what], 0, 100)
            ],
            seed=given["seed"],
            times=times,
            others=list(typed),
            limit_s=given["limit"],
            as_of=given["as_of"],
            with_book=not given["without_book"],
            in_database=given["in_database"],
            matches=given.get("matches") or 0,
        )

    @property
    def judged(self) -> list[Sizes]:
        """The markets at the share of unknown facts at which figures are judged, or at the first share given."""
        shares = [one.unknown for one in self.markets]
        share = JUDGED if JUDGED in shares else shares[0]
        return [one for one in self.markets if one.unknown == share]


@dataclass(frozen=True)
class Report:
    section: str
    charts: dict[str, str] = field(default_factory=dict)


def numbers(option: str, typed: str, least: int, most: int) -> list[int]:
    try:
        found = [int(one) for one in typed.split(",")]
    except ValueError:
        raise RefusedError(f"{option} takes whole numbers with commas between them.") from None
    if not all(least <= one <= most for one in found):
        raise RefusedError(f"{option} takes numbers from {least:,} to {most:,}.")
    return found


def match(options: Options, tell: Tell) -> Report:
    where = machine()
    connections.close_all()  # each measurement opens one of its own
    warm_up()
    densities = []
    for sizes in options.markets:
        densities.append(density(sizes, seed=options.seed))
        tell(f"{sizes.needs:,}, {sizes.unknown:.0%} unknown: pairs counted")
    answers = []
    for sizes in options.judged:
        if sizes.needs <= MOST_FOR_PEERS:
            for one in compared(sizes, options.others, seed=options.seed, limit_s=options.limit_s, times=options.times):
                answers.append(one)
                tell(f"{sizes.needs:,}: {one.name}, {one.cpu_s:.2f} s{'' if one.agrees else ', ANOTHER ANSWER'}")
    scales = []
    for sizes in options.markets:
        if sizes.needs <= MOST_FOR_PEERS or sizes in options.judged:
            scales.append(scaled(sizes, seed=options.seed, times=options.times))
            tell(f"{sizes.needs:,}, {sizes.unknown:.0%} unknown: both ways, {scales[-1].both.both_ways_s:.2f} s")
    told = match_page.Told(densities, answers, scales, limit(options.judged[0], seed=options.seed))
    section = match_page.section(timezone.localdate(), where, told, times=options.times)
    return Report(section, {match_page.CHART: match_page.chart(answers)} if answers else {})


def plan(options: Options, tell: Tell) -> Report:
    where = machine()
    warm_up_plan()
    plans = []
    for sizes in options.markets:
        for one in planned(
            sizes, options.others, seed=options.seed, times=options.times, limit_s=float(options.limit_s)
        ):
            plans.append(one)
            lots, took = "with" if one.has_lots else "without", f"{one.cpu_s:.2f} s" if one.cpu_s else "too long"
            near = "" if one.gap is None else f", at most {one.gap:.4%} below the best"
            tell(f"{sizes.needs:,}, {lots} lots: {one.name} over {one.graph}, {took}{near}")
    day, times = timezone.localdate(), options.times
    return Report(plan_page.section(day, where, plans, times=times, limit_s=options.limit_s))


def edit(options: Options, tell: Tell) -> Report:
    where, answers = machine(), []
    connections.close_all()
    for sizes in options.markets:
        for one in edited(sizes, options.others, seed=options.seed):
            answers.append(one)
            tell(f"{sizes.needs:,}: {one.question}, {one.name}: {one.at(0.5):.3f} ms")
    text = edit_page.section(timezone.localdate(), where, answers)
    if options.in_database:
        text += through_celery(options, tell)
    return Report(text)


def through_celery(options: Options, tell: Tell) -> str:
    """Edits of a book that is made for it, in a database that holds neither runs nor matches."""
    where, day = machine(), options.as_of or timezone.localdate()
    try:
        if left_behind():
            remove(tell)
            tell("taken away: what a measurement that was broken off had left")
        if Run.objects.exists() or Match.objects.exists():
            raise RefusedError("There are runs already: --in-database is for a database of its own.")
        with stood_book(options.in_database, seed=options.seed, as_of=day, tell=tell) as book:
            with live_worker():
                edits = edited_through_celery(book, options.times, seed=options.seed, tell=tell)
            return edit_page.in_database(timezone.localdate(), where, book, edits, checked(book, tell))
    except ValidationError as refusal:
        raise RefusedError(" ".join(refusal.messages)) from None
    except (NoSnapshotError, OthersError) as refusal:
        raise RefusedError(str(refusal)) from None


def run(options: Options, tell: Tell) -> Report:
    where, day = machine(), timezone.localdate()
    if options.with_book:
        reading, book = of_book(options.as_of or day, options.times, tell)
        if reading is None:
            raise RefusedError("The book has no open needs or no open capacities; --without-book leaves it out.")
    else:
        reading, book = None, []
    made = [one for sizes in options.markets for one in of_made(sizes, options.seed, options.times, tell)]
    text = reports.section(where, day, reading, [*book, *made], seed=options.seed, times=options.times)
    if options.in_database:
        text += reports.whole(in_database(options, tell))
    return Report(text)


def in_database(options: Options, tell: Tell) -> WholeRun:
    whole = partial(whole_run, seed=options.seed, as_of=options.as_of or timezone.localdate(), tell=tell)
    try:
        if options.in_database > RUN_BEFORE:
            # What is compiled is kept on disk from then on; the first run of a machine took minutes more.
            whole(RUN_BEFORE)
        return whole(options.in_database)
    except ValidationError as refusal:
        raise RefusedError(" ".join(refusal.messages)) from None


def pages(options: Options, tell: Tell) -> Report:
    """The pages of this database as it stands, or with so many made matches, which are taken away again."""
    for left in made_before():
        remove_pairs(left)
        tell("taken away: what a measurement that was broken off had left")
    if options.matches and Match.objects.exists():
        raise RefusedError("There are matches already: --matches is for a database of its own, of make_market.")
    try:
        if options.matches:
            make_pairs(options.matches, tell)
        holds = ", ".join(
            f"{model.objects.count():,} {model._meta.verbose_name_plural}"
            for model in (Company, Need, Capacity, ListedMatch, NearMiss)
        )
        times = page_times(tell)
    except (FailedError, NothingToPairError) as failure:
        raise RefusedError(str(failure)) from None
    finally:
        for left in made_before():
            remove_pairs(left)
    return Report(pages_page.section(timezone.localdate(), machine(), holds, times))


JOBS: dict[str, Callable[[Options, Tell], Report]] = {
    "match": match,
    "plan": plan,
    "edit": edit,
    "run": run,
    "pages": pages,
}
