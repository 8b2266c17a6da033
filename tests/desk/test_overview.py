"""The overview: every figure is the rows behind its link, trends compare facts that are kept, nothing is invented."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import figures as written
from accounts.enums import Role
from accounts.figures import AtLeast
from accounts.lists import counting
from commodities.enums import Sector
from companies.enums import CompanyStatus
from corridor.models import TradeFlow
from desk.overview.funnel import Rung
from matching.enums import MatchState, RunState
from matching.figures.worth import Worth
from matching.models import Allocation, RunDifference
from tests.factories import CommodityFactory, CorridorFactory, ExchangeRateFactory, FreightQuoteFactory
from tests.matching.book import capacity, company, need, open_corridor, port, town
from tests.matching.found import facts_of_price, finished_run, found, near_miss
from tests.matching.run_differences.kept import figure, figures
from tests.people import person

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def staff(client):
    client.force_login(person(Role.STAFF))
    return client


def home(client, address: str = "/") -> dict:
    response = client.get(address)
    assert response.status_code == 200
    return response.context


def rows_of(client, address: str) -> int:
    return home(client, address)["page"].paginator.count


def a_day(run) -> None:
    """One of everything that the overview counts, and two of what it counts by the row."""
    palm, fish = CommodityFactory(sector=Sector.PALM_OIL), CommodityFactory(sector=Sector.FISHERIES)
    today = timezone.localdate()
    for goods, state in (
        (palm, MatchState.NEW),
        (palm, MatchState.SHORTLISTED),
        (fish, MatchState.PROPOSED),
        (fish, MatchState.DISMISSED),
    ):
        found(run, need(goods), capacity(goods), state=state, planned_kg=20_000)
    found(run, need(palm), capacity(palm))
    found(run, need(palm), capacity(palm), state=MatchState.PROPOSED, failed=("price",), planned_kg=40_000)
    near_miss(run, need(fish, valid_until=today + 3 * DAY), capacity(fish, valid_until=today + 14 * DAY))
    capacity(fish, valid_until=today + 15 * DAY)
    company("ID", status=CompanyStatus.SUBMITTED, submitted_at=timezone.now())
    FreightQuoteFactory(at=port(), valid_to=today + 29 * DAY)
    FreightQuoteFactory(at=port(), valid_to=today + 30 * DAY)


def figures_and_links(shown: dict) -> dict[str, tuple[int, str]]:
    """Each exact figure of the overview that leads somewhere."""
    cards = {
        "strong": (shown["strong"]["count"], f"/matches/{shown['strong']['query']}"),
        "waiting": (shown["waiting"]["count"], shown["waiting"]["url"]),
        "proposed": (shown["proposed"]["count"], f"/matches/{shown['proposed']['query']}"),
        "near": (shown["near"]["count"], "/near-misses/"),
        "unmet": (shown["unmet"]["count"], "/needs/unmet/"),
        "unused": (shown["unused"]["count"], "/capacities/unused/"),
        "needs": (shown["listings"].needs.count, "/needs/ending/"),
        "capacities": (shown["listings"].capacities.count, "/capacities/ending/"),
        "quotes": (shown["quotes"].count, f"/corridor/quotes/{shown['quotes'].query}"),
    }
    flows = [*shown["plan"].directions, *(one for way in shown["plan"].directions for one in way.sectors)]
    rungs = [rung for rung in shown["rungs"] if rung.pairs is not None]
    return (
        cards
        | {flow.query: (flow.pairs, f"/matches/{flow.query}") for flow in flows}
        | {str(rung.label): (rung.pairs, f"/matches/{rung.query}") for rung in rungs}
    )


def test_every_figure_of_the_overview_is_the_count_of_the_rows_behind_its_link(staff):
    open_corridor()
    a_day(finished_run())

    figures = figures_and_links(home(staff))

    assert {name: count for name, (count, _url) in figures.items()} == {
        "strong": 2,
        "waiting": 1,
        "proposed": 2,
        "near": 1,
        "unmet": 2,
        "unused": 3,
        "needs": 1,
        "capacities": 1,
        "quotes": 1,
        "?plan=in&direction=ID-KZ": 4,
        "?plan=in&direction=ID-KZ&sector=palm_oil": 2,
        "?plan=in&direction=ID-KZ&sector=fisheries": 2,
        "fit: no rule stands in the way": 5,
        "in the newest plan": 4,
        "shortlisted": 3,
        "proposed to both sides": 2,
    }
    assert {name: rows_of(staff, url) for name, (_count, url) in figures.items()} == {
        name: count for name, (count, _url) in figures.items()
    }


def test_overview_costs_the_same_queries_for_one_of_everything_and_for_three(staff):
    open_corridor()
    run = finished_run()
    CorridorFactory(origin="KZ", destination="ID")
    home(staff)
    counts = []
    for _days in (1, 2):
        for _more in range(_days):
            a_day(run)
        with CaptureQueriesContext(connection) as asked:
            home(staff)
        counts.append(len(asked))

    assert counts[0] == counts[1]


# What the plan moves


def test_plan_is_worth_what_is_known_and_says_of_how_many_pairs_it_is_not(staff):
    open_corridor()
    run, goods = finished_run(), CommodityFactory(sector=Sector.PALM_OIL)
    found(run, need(goods), capacity(goods), planned_kg=50_000)
    unknown = {
        "landed_low_usd_per_t": None,
        "landed_high_usd_per_t": None,
        "facts": {"price": facts_of_price(ask=None)},
    }
    found(run, need(goods), capacity(goods), planned_kg=10_000, **unknown)

    (direction,) = home(staff)["plan"].directions

    assert (direction.origin, direction.destination, direction.way) == ("ID", "KZ", "west")
    assert Worth(**{name: getattr(direction, name) for name in Worth.__dataclass_fields__}) == Worth(
        pairs=2,
        kg=60_000,
        landed_low=Decimal(50_000),
        landed_high=Decimal(51_500),
        without_landed=1,
        asked=Decimal(40_000),
        without_asked=1,
    )
    text = staff.get("/").content.decode()
    assert "50,000–51,500" in text
    assert "not known of 1 pair" in text


def test_map_shows_the_flows_of_the_sector_that_is_asked_for(staff):
    open_corridor()
    run = finished_run()
    for sector, kg in ((Sector.PALM_OIL, 50_000), (Sector.FISHERIES, 20_000)):
        goods = CommodityFactory(sector=sector)
        found(run, need(goods), capacity(goods), planned_kg=kg)

    shown = home(staff, "/?flows=fisheries")

    # Neither place of the test has a position: what cannot be drawn is told.
    assert (shown["map"].bands, shown["map"].undrawn_kg) == ([], 20_000)
    assert [code for code, _label in shown["sectors"]] == ["fisheries", "palm_oil"]
    assert "Not drawn, since no open way is known: 20 t." in staff.get("/?flows=fisheries").content.decode()


@pytest.mark.parametrize("role", [Role.STAFF, Role.OFFICER])
def test_a_sector_that_is_none_is_not_found(client, role):
    client.force_login(person(role))

    assert client.get("/?flows=gold").status_code == 404


def test_funnel_says_at_least_where_pairs_are_counted_no_further(staff, monkeypatch):
    monkeypatch.setattr(counting, "MOST_COUNTED", 2)
    open_corridor()
    a_day(finished_run())

    rungs = home(staff)["rungs"][:4]

    assert [written.decimal(rung.pairs) for rung in rungs] == ["2+", "4", "2+", "2"]
    assert [written.decimal(rung.unplanned) for rung in rungs] == ["0+", "0", "0+", "1"]
    assert '<svg class="tm-bar"' not in render_to_string("desk/_funnel.html", {"rungs": rungs})


def test_at_least_so_many_pairs_get_nothing():
    some = Rung("", "", AtLeast(10_000), Worth(pairs=9_000))

    assert written.decimal(some.unplanned) == "1,000+"
    assert Rung("", "", 10_000, Worth(pairs=9_000)).unplanned == 1_000


def test_last_rung_says_that_nothing_records_agreements(staff):
    shown = home(staff)

    assert (str(shown["rungs"][-1].label), shown["rungs"][-1].pairs) == ("agreed", None)
    assert "not recorded yet" in staff.get("/").content.decode()


# The books of both countries


def trade_flow(reporter: str, flow: str, period: str, value: int | None, **facts) -> TradeFlow:
    partner = facts.pop("partner", "KZ" if reporter == "ID" else "ID")
    facts = {"code": f"F-{TradeFlow.objects.count()}", "period_type": "year", "currency": "USD"} | facts
    return TradeFlow.objects.create(
        reporter=reporter, partner=partner, flow=flow, period=period, value=value, source="a test", **facts
    )


def test_books_tell_the_newest_figure_of_each_reporter_and_no_balance(staff):
    trade_flow("ID", "total", "2021", 215_000_000)
    newest = trade_flow("ID", "total", "2022", 600_000_000)
    trade_flow("ID", "total", "2023", None)
    trade_flow("ID", "total", "2023", 3_800_000_000, partner="EAEU")
    trade_flow("ID", "balance", "2022", -46_000_000)
    trade_flow("ID", "export", "2021", 5, hs="1511")
    why = trade_flow("KZ", "total", "2021", 174_200_000, note="they differ because most goods pass third countries")
    quarter = trade_flow("KZ", "total", "2022-Q1", 118_000_000)

    books = home(staff)["trade"]

    assert [[(one.row, one.millions, one.silent) for one in book.officials] for book in books.books] == [
        [(newest, Decimal(600), ["2023"])],
        [(quarter, Decimal(118), [])],
    ]
    assert books.why == why
    text = staff.get("/").content.decode()
    assert "No figure was found for 2023." in text
    assert "46" not in text[text.index("What would the plan add") : text.index("The plan is not trade")]


def test_books_hold_exports_at_the_asking_price_and_imports_landed(staff):
    open_corridor()
    run, goods = finished_run(), CommodityFactory(sector=Sector.PALM_OIL)
    result = found(run, need(goods), capacity(goods), planned_kg=100_000)
    months = {"ship_month": dt.date(2027, 2, 1), "deliver_month": dt.date(2027, 3, 1)}
    Allocation.objects.create(run=run, match=result.match, quantity_kg=100_000, **months)

    books = home(staff)["trade"]

    indonesia, kazakhstan = books.books
    assert (indonesia.exports.kg, indonesia.exports.asked, indonesia.imports.kg) == (100_000, Decimal(80_000), 0)
    assert (kazakhstan.imports.kg, kazakhstan.imports.landed_high) == (100_000, Decimal(103_000))
    assert (books.first, books.last) == (months["ship_month"], months["deliver_month"])


# Trends: what is compared with what


COUNTS = {"needs": 10, "needs_with_candidate": 7, "capacities": 9, "capacities_with_candidate": 9, "near_misses": 5}
CARDS = ("strong", "waiting", "proposed", "near", "unmet", "unused")


def run_of(days_ago: int, **counts):
    at = timezone.now() - days_ago * DAY
    moments = {"started_at": at - dt.timedelta(seconds=20), "finished_at": at, "as_of": timezone.localdate(at)}
    return finished_run(counts={"matches": 1, "new_matches": 1} | COUNTS | counts, **moments)


def test_figures_are_compared_with_the_run_before_in_words(staff):
    open_corridor()
    goods = CommodityFactory()
    before = run_of(1)
    found(before, need(goods), capacity(goods))
    after = run_of(0, needs_with_candidate=8, near_misses=6)
    found(after, need(goods), capacity(goods))
    company("ID", status=CompanyStatus.SUBMITTED, submitted_at=timezone.now() - 5 * DAY)

    shown = home(staff)

    named = {"after": after.pk, "before": before.pk, "day": f"{before.as_of.day} {before.as_of:%b %Y}"}
    assert {card: shown[card]["trend"] for card in CARDS} == {
        "strong": "1 of them first came after run {before} of {day}".format(**named),
        "waiting": "0 of them since yesterday",
        "proposed": "",
        "near": "run {after} counted 6, run {before} of {day} counted 5".format(**named),
        "unmet": "run {after} counted 2, run {before} of {day} counted 3".format(**named),
        "unused": "run {after} counted 0, run {before} of {day} counted 0".format(**named),
    }
    assert shown["took"] == "it took 20 seconds, run {before} took 20".format(**named)
    assert rows_of(staff, f"/matches/{shown['strong']['since']}") == shown["strong"]["fresh"] == 1


def test_without_an_earlier_run_nothing_is_compared(staff):
    run_of(0)

    shown = home(staff)

    assert [shown[card]["trend"] for card in CARDS] == [""] * len(CARDS)
    assert (shown["changes"], shown["took"]) == (None, "it took 20 seconds")
    assert "There is no earlier run to compare with yet." in staff.get("/").content.decode()


def test_what_ended_yesterday_is_told(staff):
    goods, yesterday = CommodityFactory(), timezone.localdate() - DAY
    need(goods, valid_until=yesterday), capacity(goods, valid_until=yesterday), need(goods, valid_until=yesterday - DAY)
    FreightQuoteFactory(at=port(), valid_to=yesterday)

    shown = home(staff)

    assert (shown["listings"].count, shown["listings_trend"]) == (0, "yesterday 2 ended")
    assert (shown["quotes"].count, shown["quotes_trend"]) == (0, "yesterday 1 ended")


# What changed, and why


def difference(before, after, state: str, **found) -> RunDifference:
    return RunDifference.objects.create(
        before=before, after=after, state=state, rules_version="1", engine_version="1", figures=found
    )


def test_what_changed_since_the_run_before_is_told_with_its_causes(staff):
    before, after = run_of(1), run_of(0)
    kept = difference(
        before,
        after,
        RunState.FINISHED,
        **figures(matches=figure(10, data=5, weights=-2), median_ppm=figure(4, data=0)),
    )

    changes = home(staff)["changes"]

    told = [(c.line.label, c.line.whole, [(part.label, part.text) for part in c.parts]) for c in changes.moved]
    assert (changes.difference, told) == (kept, [("Matches", "+3", [("the data", "+5"), ("the weights", "−2")])])
    assert f"/run-differences/{kept.pk}/" in staff.get("/").content.decode()


@pytest.mark.parametrize("state", ["", RunState.FAILED])
def test_what_changed_can_be_asked_for_where_no_answer_is_kept(staff, state):
    before, after = run_of(1), run_of(0)
    if state:
        RunDifference.objects.create(before=before, after=after, state=state, reason_code="lost")

    text = staff.get("/").content.decode()

    assert f'action="/runs/{after.pk}/since/"' in text
    assert f'<input type="hidden" name="before" value="{before.pk}">' in text


def test_what_changed_says_when_it_is_still_being_reckoned(staff):
    asked = difference(run_of(1), run_of(0), RunState.RUNNING)

    text = staff.get("/").content.decode()

    assert f'<a href="/run-differences/{asked.pk}/">See how far it is</a>' in text


# The states of a page


def test_overview_of_an_empty_book_says_so_and_leads_on(staff):
    text = staff.get("/").content.decode()

    said = [
        "Nothing new that is strong.",
        "Nobody waits.",
        "Nothing is proposed.",
        "No listing expires within 14 days.",
        "No quote ends within 30 days.",
        "There is no plan yet: no run has finished.",
        "There is no earlier run to compare with yet.",
        "No open need and no open capacity is in the book.",
    ]
    assert [words for words in said if words not in text] == []


def test_overview_keeps_the_newest_figures_when_the_last_run_failed(staff):
    open_corridor()
    run, goods = finished_run(), CommodityFactory(sector=Sector.PALM_OIL)
    found(run, need(goods), capacity(goods), planned_kg=20_000)
    failed = finished_run(state=RunState.FAILED, reason_code="lost")

    shown = home(staff)

    assert (shown["runs"].run, shown["runs"].failed, shown["plan"].pairs) == (run, [failed], 1)


def test_officers_see_the_plan_and_the_books_too(client):
    open_corridor()
    ExchangeRateFactory()
    run, goods = finished_run(), CommodityFactory(sector=Sector.PALM_OIL)
    found(run, need(goods, destination=town()), capacity(goods), planned_kg=20_000)
    client.force_login(person(Role.OFFICER))

    shown = home(client)

    assert [(way.kg, way.pairs) for way in shown["plan"].directions] == [(20_000, 1)]
    assert [rung.pairs for rung in shown["rungs"]] == [1, 1, 0, 0, None]
    assert len(shown["trade"].books) == 2
