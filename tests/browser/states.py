"""The states in which pages are looked at: nothing there, waiting, at work, failed, one row, many, very long names.

Each makes what it needs in an empty book and says who opens which address. `tests/browser/test_look.py` looks for
barriers in each, `python -m tests.browser.shots` keeps pictures of them.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from accounts.enums import Role
from accounts.models import User
from matching.enums import Failure, RunKind, RunState, ShardState
from matching.models import Comparison, RunDifference, RunShard, Weights
from reports.enums import Every, ReportState, TurnOutcome, TurnReason
from reports.models import Schedule, ScheduleTurn
from tests.factories import CommodityFactory
from tests.matching.book import STARTING_WEIGHTS, capacity, company, need, open_corridor
from tests.matching.found import CUT_AT, finished_run, found, near_miss, planned
from tests.people import member_of, person
from tests.reports.building.kept import ordered_report, ready_report

ON_TRUST = STARTING_WEIGHTS | {"price": 0.1, "trust": 0.3}
LONG = "Perkumpulan-Pengusaha-Minyak-Kelapa-Sawit-dan-Turunannya-Kalimantan-Timur Sejahtera Bersama Tbk"
MANY = 60
UNDER_WAY = {"finished_at": None, "counts": {}, "timings": {}}
COUNTS = {
    "needs": 108,
    "capacities": 110,
    "shards": 0,
    "pairs": 224,
    "listed": 160,
    "matches": 160,
    "near_misses": 26,
    "needs_with_candidate": 87,
    "needs_planned": 85,
    "needs_met": 75,
    "planned_kg": {"ID-KZ": 20_313_760, "KZ-ID": 130_076_500},
    "plan_value": "114306254200860",
    "plan_bound": "114307387921837",
}


@dataclass(frozen=True)
class State:
    """One state of one page: who opens it, and what makes it so and says at which address."""

    name: str
    role: Role | str
    made: Callable[[], str]
    status: int = 200

    def who(self) -> User | None:
        if self.role == "anonymous":
            return None
        if self.role == Role.BUSINESS:
            return member_of(company("ID", name_registered=LONG))
        return person(self.role)


def at(address: str) -> Callable[[], str]:
    """A page of an empty book: corridor open, nobody there, nothing computed."""

    def made() -> str:
        open_corridor()
        return address

    return made


def of_run(**facts) -> Callable[[], str]:
    """The page of a run that stands as is said."""

    def made() -> str:
        open_corridor()
        run = finished_run(**facts)
        if run.state == RunState.RUNNING and run.book_cut_at:
            for number in range(4):
                state = ShardState.DONE if number < 3 else ShardState.WAITING
                RunShard.objects.create(run=run, number=number, state=state, market=b"", result=b"")
        return f"/runs/{run.pk}/"

    return made


def of_what_if(*, stale: bool = False) -> Callable[[], str]:
    """A what-if with other weights beside the official run; with `stale`, other weights came in force since."""

    def made() -> str:
        open_corridor()
        finished_run(counts=COUNTS)
        options = {"weights": ON_TRUST, "freight_percent": "20", "preferences": []}
        run = finished_run(kind=RunKind.WHAT_IF, options=options, counts=COUNTS | {"matches": 157, "needs_met": 72})
        if stale:
            values = STARTING_WEIGHTS | {"time": 0.2, "price": 0.2}
            Weights.objects.create(version=2, values=values, reason=LONG, changed_by=person(Role.STAFF))
        return f"/runs/{run.pk}/"

    return made


def of_difference(state: RunState) -> Callable[[], str]:
    def made() -> str:
        open_corridor()
        before, after = finished_run(), finished_run()
        reason = Failure.LOST if state == RunState.FAILED else ""
        row = RunDifference.objects.create(
            before=before, after=after, rules_version="1", engine_version="1", state=state, reason_code=reason, total=40
        )
        return f"/run-differences/{row.pk}/"

    return made


def of_comparison(state: RunState) -> Callable[[], str]:
    def made() -> str:
        open_corridor()
        run = finished_run()
        reason = Failure.LOST if state == RunState.FAILED else ""
        facts = {"as_of": run.as_of, "weights": run.weights, "state": state, "reason_code": reason}
        facts |= {"rules_version": run.rules_version, "engine_version": run.engine_version}
        return f"/comparisons/{Comparison.objects.create(scheme='An agreement', **facts).pk}/"

    return made


def of_plan(count: int, address: str) -> Callable[[], str]:
    """A run whose plan moves something between so many companies with very long names."""

    def made() -> str:
        open_corridor()
        goods = CommodityFactory(name_en=f"RBD palm olein, {LONG}")
        run = finished_run(counts=COUNTS)
        for _row in range(count):
            wanted = need(goods, company=company("KZ", name_registered=LONG))
            planned(found(run, wanted, capacity(goods, company=company("ID", name_registered=LONG))))
        return address.format(run=run.pk)

    return made


def rows(count: int, address: str) -> Callable[[], str]:
    """So many matches, near misses and runs, of companies with very long names."""

    def made() -> str:
        open_corridor()
        goods = CommodityFactory(name_en=f"RBD palm olein, {LONG}")
        run = finished_run(counts=COUNTS)
        for _row in range(count):
            wanted = need(goods, company=company("KZ", name_registered=LONG))
            offered = capacity(goods, company=company("ID", name_registered=LONG))
            found(run, wanted, offered, unknown=("payment", "time"), planned_kg=1000)
            near_miss(run, wanted, capacity(goods))
        for day in range(1, count):
            finished_run(counts=COUNTS, book_cut_at=CUT_AT + dt.timedelta(days=day))
        return address.format(match=run.results.first().match_id) if "{match}" in address else address

    return made


def unmet_rows(count: int, address: str) -> Callable[[], str]:
    """So many needs and capacities that nobody meets, of companies with very long names."""

    def made() -> str:
        open_corridor()
        goods = CommodityFactory(name_en=f"RBD palm olein, {LONG}")
        for _row in range(count):
            need(goods, company=company("KZ", name_registered=LONG))
            capacity(goods, company=company("ID", name_registered=LONG))
        return address

    return made


def of_report(address: str = "/reports/{report}/", **facts) -> Callable[[], str]:
    """An officer's report that waits, is made, or stands as is said."""

    def made() -> str:
        open_corridor()
        report = ordered_report(person(Role.OFFICER), **facts)
        return address.format(report=report.public_id)

    return made


def of_ready_report(count: int = 1, address: str = "/reports/{report}/", **facts) -> Callable[[], str]:
    """The newest of an officer's reports, that colleagues see too."""

    def made() -> str:
        open_corridor()
        for _number in range(count):
            report = ready_report(person(Role.OFFICER), **facts)
            report.shared_with.add(person(Role.STAFF, name=LONG))
        return address.format(report=report.public_id)

    return made


def of_schedule(count: int = 1, address: str = "/reports/schedules/{schedule}/") -> Callable[[], str]:
    """An officer's schedules, that one of city staff gets: paused by turns, with a history of every kind."""

    def made() -> str:
        open_corridor()
        report = ready_report(person(Role.OFFICER), files=FOUR_FILES)
        for number in range(count):
            one = Schedule.objects.create(
                name=f"{LONG} {number}",
                owner=person(Role.OFFICER),
                subject="matches",
                order=report.order,
                files=[["pdf", ["ru"]], ["xlsx", ["id", "kk"]]],
                every=Every.MONTH,
                day=31,
                at=dt.time(22),
                next_at=CUT_AT + dt.timedelta(days=27),
                only_new=True,
                is_paused=number % 2 == 1,
            )
            one.recipients.add(person(Role.STAFF))
        for number, outcome in enumerate(TurnOutcome):
            reason = TurnReason.NOT_MADE if outcome == TurnOutcome.FAILED else ""
            due_at = CUT_AT - dt.timedelta(days=number)
            ScheduleTurn.objects.create(
                schedule=one, due_at=due_at, outcome=outcome, reason=reason, report=report, missed=number
            )
        return address.format(schedule=one.pk)

    return made


FOUR_FILES = tuple((kind, languages) for kind in ("pdf", "xlsx") for languages in (["ru"], ["id", "kk"]))
STATES = (
    State("first-page", "anonymous", at("/")),
    State("sign-in", "anonymous", at("/accounts/login/")),
    State("no-such-page", Role.STAFF, at("/nowhere/"), 404),
    *(State(f"home-empty-{role}", role, at("/")) for role in Role.values),
    *(State(f"home-rows-{role}", role, rows(3, "/")) for role in Role.values),
    State("matches-empty", Role.STAFF, at("/matches/")),
    State("matches-refused", Role.STAFF, at("/matches/?state=perhaps"), 400),
    State("matches-one", Role.STAFF, rows(1, "/matches/")),
    State("matches-many", Role.OFFICER, rows(MANY, "/matches/")),
    State("matches-none-left", Role.STAFF, rows(1, "/matches/?at_least_points=100")),
    State("match", Role.STAFF, rows(1, "/matches/{match}/")),
    State("near-misses-empty", Role.STAFF, at("/near-misses/")),
    State("near-misses-many", Role.STAFF, rows(MANY, "/near-misses/")),
    State("coaching-empty", Role.OFFICER, at("/coaching/")),
    State("coaching-many", Role.STAFF, rows(MANY, "/coaching/?by=company")),
    State("unmet-empty", Role.OFFICER, at("/needs/unmet/")),
    State("unmet-many", Role.STAFF, unmet_rows(MANY, "/needs/unmet/")),
    State("unused-empty", Role.OFFICER, at("/capacities/unused/")),
    State("unused-many", Role.STAFF, unmet_rows(MANY, "/capacities/unused/")),
    State("balance-empty", Role.STAFF, at("/balance/")),
    State("comparisons-empty", Role.STAFF, at("/comparisons/")),
    State("history-empty", Role.STAFF, at("/history/")),
    State("reports-empty", Role.OFFICER, at("/reports/")),
    State("reports-one", Role.OFFICER, of_ready_report(1, "/reports/", files=FOUR_FILES)),
    State("reports-many", Role.OFFICER, of_ready_report(MANY, "/reports/", name=LONG)),
    State("reports-refused", Role.OFFICER, at("/reports/?state=perhaps"), 400),
    State("report-subjects", Role.OFFICER, at("/reports/new/")),
    State("report-builder", Role.OFFICER, rows(1, "/reports/new/?subject=matches&query=sector%3Dpalm_oil")),
    State("report-builder-of-companies", Role.STAFF, rows(1, "/reports/new/?subject=companies")),
    State("report-builder-of-nothing", Role.STAFF, at("/reports/new/?subject=pair")),
    State("report-queued", Role.OFFICER, of_report()),
    State("report-made", Role.OFFICER, of_report(state=ReportState.MAKING, done=40, total=90, files=FOUR_FILES)),
    State("report-failed", Role.OFFICER, of_report(state=ReportState.FAILED, failure="too_long", reason="writing pdf")),
    State("report-cancelled", Role.OFFICER, of_report(state=ReportState.CANCELLED)),
    State("report-ready", Role.OFFICER, of_ready_report(name=LONG, files=FOUR_FILES)),
    State("report-shared", Role.STAFF, of_ready_report(files=FOUR_FILES)),
    State("schedules-empty", Role.OFFICER, at("/reports/schedules/")),
    State("schedules-many", Role.OFFICER, of_schedule(MANY, "/reports/schedules/")),
    State("schedule", Role.OFFICER, of_schedule()),
    State("schedule-received", Role.STAFF, of_schedule()),
    State("schedule-new", Role.OFFICER, of_ready_report(name=LONG, address="/reports/schedules/new/?report={report}")),
    State("schedule-of-what", Role.OFFICER, of_ready_report(3, "/reports/schedules/new/")),
    State("verify", "anonymous", at("/verify/")),
    State("verify-known", "anonymous", of_ready_report(address="/verify/?of={report}", files=FOUR_FILES)),
    State("verify-not-known", "anonymous", at(f"/verify/?of={'0' * 64}")),
    State("verify-refused", "anonymous", at("/verify/?of=palm+oil"), 400),
    State("plan-empty", Role.STAFF, at("/plan/")),
    State("plan-rows", Role.STAFF, of_plan(3, "/plan/?run={run}")),
    State("plan-flows", Role.OFFICER, of_plan(MANY, "/plan/flows/?run={run}")),
    State("plan-loads", Role.STAFF, of_plan(MANY, "/plan/loads/?run={run}")),
    State("plan-unmet", Role.STAFF, of_plan(1, "/plan/unmet/?run={run}")),
    State("plan-instruct", Role.STAFF, rows(1, "/plan/matches/{match}/?kind=ban")),
    State("commodities-empty", Role.STAFF, at("/commodities/")),
    State("commodities-rows", Role.STAFF, rows(1, "/commodities/")),
    State("companies-empty", Role.STAFF, at("/companies/")),
    State("companies-many", Role.STAFF, rows(MANY, "/companies/")),
    State("runs-empty", Role.STAFF, at("/runs/")),
    State("runs-many", Role.STAFF, rows(MANY, "/runs/")),
    State("runs-refused", Role.STAFF, at("/runs/?kind=secret"), 400),
    State("run-queued", Role.STAFF, of_run(state=RunState.QUEUED, book_cut_at=None, **UNDER_WAY)),
    State("run-reading", Role.STAFF, of_run(state=RunState.RUNNING, book_cut_at=None, **UNDER_WAY)),
    State("run-matching", Role.STAFF, of_run(state=RunState.RUNNING, done=80, total=218, **UNDER_WAY)),
    State(
        "run-failed",
        Role.STAFF,
        of_run(state=RunState.FAILED, reason_code=Failure.LOST, reason="closing the run", counts={}, timings={}),
    ),
    State("run-finished", Role.STAFF, of_run(counts=COUNTS)),
    State("what-if-form", Role.STAFF, lambda: (of_run()(), "/runs/what-if/")[1]),
    State("what-if", Role.STAFF, of_what_if()),
    State("what-if-stale", Role.STAFF, of_what_if(stale=True)),
    State("what-if-officer", Role.OFFICER, of_what_if()),
    State("weights", Role.OFFICER, lambda: (of_what_if(stale=True)(), "/runs/weights/")[1]),
    *(State(f"difference-{state}", Role.STAFF, of_difference(state)) for state in ("queued", "running", "failed")),
    *(State(f"comparison-{state}", Role.STAFF, of_comparison(state)) for state in ("queued", "running", "failed")),
    State("parts", Role.ADMIN, lambda: (of_run()(), "/ui/")[1]),
)
