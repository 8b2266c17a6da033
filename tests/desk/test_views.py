"""What each role sees first: figures that are the rows behind them."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.enums import Role
from companies.enums import CompanyStatus, ListingStatus
from corridor.models import Corridor
from matching.enums import MatchState
from matching.figures.balance import balances
from tests.factories import CommodityFactory, CommodityGroupFactory, CorridorFactory
from tests.matching.book import AS_OF, capacity, company, need, open_corridor, port, town
from tests.matching.found import finished_run, found, near_miss, some_matches
from tests.people import person

pytestmark = pytest.mark.django_db
JANUARY = dt.date(2027, 1, 1)


@pytest.fixture
def staff(client):
    client.force_login(person(Role.STAFF))
    return client


def context(client, address: str = "/") -> dict:
    response = client.get(address)
    assert response.status_code == 200
    return response.context


def test_strong_matches_of_the_overview_are_the_rows_behind_its_link(staff):
    goods = CommodityFactory()
    open_corridor()
    run = finished_run()
    strong = [found(run, need(goods), capacity(goods), score_ppm=ppm) for ppm in (700_000, 950_000)]
    found(run, need(goods), capacity(goods), score_ppm=699_999)
    found(run, need(goods), capacity(goods), score_ppm=900_000, unknown=("price", "time", "law"))
    found(run, need(goods), capacity(goods), score_ppm=900_000, state=MatchState.PROPOSED)

    card = context(staff)["strong"]

    behind = context(staff, f"/matches/{card['query']}")["page"]
    assert card["count"] == behind.paginator.count == 2
    assert [result.pk for result in card["rows"]] == [result.pk for result in behind] == [strong[1].pk, strong[0].pk]


def test_unmet_and_unused_of_the_overview_are_the_rows_behind_their_links(staff):
    goods = CommodityFactory()
    (result,) = some_matches(goods, 1)
    unmet = [need(goods), need(goods)]
    need(goods, status=ListingStatus.CLOSED)
    need(goods, valid_until=timezone.localdate() - dt.timedelta(days=1))
    unused = [capacity(goods)]
    found(result.run, unmet[0], unused[0], failed=("price",))

    shown = context(staff)

    assert shown["unmet"]["count"] == 2
    assert list(context(staff, "/needs/unmet/")["page"]) == unmet
    assert shown["unused"]["count"] == 1
    assert list(context(staff, "/capacities/unused/")["page"]) == unused


def test_lists_of_unmet_and_unused_count_what_stands_now(staff):
    open_corridor()
    result = found(finished_run(), need(CommodityFactory()), capacity(CommodityFactory()))
    wanted, offered = [need(CommodityFactory()) for _time in range(2)], [capacity(CommodityFactory())]

    def counted() -> list[int]:
        lists = ("/needs/unmet/", "/capacities/unused/", "/needs/ending/")
        return [context(staff, address)["page"].paginator.count for address in lists]

    assert counted() == counted() == [2, 1, 0]
    result.match.delete()
    type(offered[0]).objects.filter(pk=offered[0].pk).update(status=ListingStatus.PAUSED)
    type(wanted[0]).objects.filter(pk=wanted[0].pk).update(valid_until=timezone.localdate())
    assert counted() == [3, 1, 1]


def test_rows_of_unmet_and_unused_lead_to_their_listings_and_name_units_in_the_language_of_the_reader(staff):
    goods = CommodityFactory()
    open_corridor()
    wanted, offered = need(goods), capacity(goods)
    staff.cookies["django_language"] = "ru"

    pages = [staff.get(address).content.decode() for address in ("/needs/unmet/", "/capacities/unused/")]

    assert [f'href="/needs/{wanted.pk}/"' in pages[0], f'href="/capacities/{offered.pk}/"' in pages[1]] == [True, True]
    assert ["USD/т" in page for page in pages] == [True, True]


def test_near_misses_of_the_overview_are_the_rows_behind_their_links(staff):
    goods = CommodityFactory()
    open_corridor()
    run = finished_run()
    for _pair in range(2):
        near_miss(run, need(goods), capacity(goods))
    near_miss(run, need(goods), capacity(goods), rule="payment", change={"code": "accept_term", "term": "documents"})

    near = context(staff)["near"]

    assert (near["count"], near["rules"]) == (3, [{"rule": "price", "count": 2}, {"rule": "payment", "count": 1}])
    for rule in near["rules"]:
        assert context(staff, f"/near-misses/?rule={rule['rule']}")["page"].paginator.count == rule["count"]


def test_companies_that_wait_are_shown_the_longest_waiting_first(staff):
    CorridorFactory()
    first, second = (company("ID", status=CompanyStatus.SUBMITTED) for _number in range(2))
    company("ID", status=CompanyStatus.DRAFT)
    company("ID", status=CompanyStatus.SUBMITTED, is_hidden=True)

    waiting = context(staff)["waiting"]

    assert waiting["count"] == 2
    assert [(row["company"], row["days"]) for row in waiting["rows"]] == [(first, 0), (second, 0)]


def test_overview_tells_of_a_newer_run_that_failed(staff):
    good = finished_run()
    bad = finished_run(state="failed", reason_code="lost")

    runs = context(staff)["runs"]

    assert (runs.run, runs.latest, runs.failed) == (good, bad, [bad])


def test_balance_counts_every_month_of_a_listing_and_every_offer_that_suits(staff):
    olein, stearin, idle = (CommodityFactory(name_en=name) for name in ("Olein", "Stearin", "Sulphur"))
    oils = CommodityGroupFactory(name_en="Oils", members=[olein, stearin])
    open_corridor()
    window = {"window_from": dt.date(2027, 1, 15), "window_until": dt.date(2027, 3, 2)}
    wanted = need(olein, period="monthly", quantity_kg=10_000, **window)
    need(stearin)
    of_any = need(quantity_kg=70_000)
    of_any.accepted.create(group=oils, position=0)
    capacity(olein, quantity_kg=20_000)
    capacity(stearin, quantity_kg=5_000)
    capacity(idle, quantity_kg=1_000)
    run = finished_run()
    result = found(run, wanted, capacity(olein, quantity_kg=7_000))
    run.allocations.create(match=result.match, ship_month="2027-01-01", deliver_month="2027-02-01", quantity_kg=15_000)

    rows = context(staff, "/balance/")["balances"]

    assert [
        (row.node.name, row.origin, row.destination, row.wanted_kg, row.offered_kg, row.planned_kg) for row in rows
    ] == [
        ("Stearin", "ID", "KZ", 100_000, 5_000, 0),
        ("Oils", "ID", "KZ", 70_000, 32_000, 0),
        ("Olein", "ID", "KZ", 30_000, 27_000, 15_000),
        ("Sulphur", "ID", "KZ", 0, 1_000, 0),
    ]
    assert [(row.covered_ppm, row.open_ppm) for row in rows] == [
        (0, 1_000_000),
        (0, 1_000_000),
        (500_000, 500_000),
        (0, 0),
    ]


def test_balance_puts_what_is_most_open_first_also_where_a_part_is_covered(staff):
    coal, salt, tea = (CommodityFactory(name_en=name) for name in ("Coal", "Salt", "Tea"))
    open_corridor()
    run = finished_run()
    need(coal, quantity_kg=50_000)
    for goods, wanted_kg, planned_kg in ((salt, 100_000, 40_000), (tea, 30_000, 30_000)):
        match = found(run, need(goods, quantity_kg=wanted_kg), capacity(goods)).match
        run.allocations.create(match=match, ship_month=JANUARY, deliver_month=JANUARY, quantity_kg=planned_kg)

    rows = context(staff)["balances"]

    assert [(row.node.name, row.open_kg, row.covered_ppm) for row in rows] == [
        ("Salt", 60_000, 400_000),
        ("Coal", 50_000, 0),
        ("Tea", 0, 1_000_000),
    ]


def test_overview_shows_the_largest_open_goods_and_some_that_are_partly_covered(staff):
    open_corridor()
    run = finished_run()
    for number in range(1, 15):
        need(CommodityFactory(name_en=f"Open {number:02}"), quantity_kg=number * 1_000_000)
    for number in range(1, 7):
        goods = CommodityFactory(name_en=f"Covered {number}")
        match = found(run, need(goods, quantity_kg=number * 1_000), capacity(goods)).match
        run.allocations.create(match=match, ship_month=JANUARY, deliver_month=JANUARY, quantity_kg=500)

    shown = context(staff)

    assert [row.node.name for row in shown["balances"]] == [
        *(f"Open {number:02}" for number in range(14, 6, -1)),
        *(f"Covered {number}" for number in range(6, 2, -1)),
    ]
    assert shown["balance_count"] == 20


def test_balance_has_a_row_for_each_corridor_and_goes_by_the_place_of_delivery(staff):
    """A Kazakh company may take delivery in Indonesia, where Kazakh goods go."""
    goods = CommodityFactory(name_en="Sulphur")
    open_corridor()
    CorridorFactory(origin="KZ", destination="ID")
    need(goods)
    here = need(goods, destination=port(), quantity_kg=70_000)
    offered = capacity(goods, company=company("KZ"), origin_country="KZ", place=town(), quantity_kg=30_000)
    run = finished_run()
    match = found(run, here, offered).match
    run.allocations.create(match=match, ship_month=JANUARY, deliver_month=JANUARY, quantity_kg=30_000)

    rows = context(staff, "/balance/")["balances"]

    assert [(row.origin, row.destination, row.wanted_kg, row.offered_kg, row.planned_kg) for row in rows] == [
        ("ID", "KZ", 100_000, 0, 0),
        ("KZ", "ID", 70_000, 30_000, 30_000),
    ]


def test_balance_keeps_corridors_that_end_in_one_country_apart():
    """Corridors are rows of data: a second one to Kazakhstan does not take the place of the first."""
    goods = CommodityFactory()
    open_corridor()
    Corridor.objects.bulk_create([Corridor(origin="MY", destination="KZ")])
    run = finished_run()
    match = found(run, need(goods), capacity(goods, quantity_kg=50_000)).match
    run.allocations.create(match=match, ship_month=JANUARY, deliver_month=JANUARY, quantity_kg=20_000)

    rows = balances(person(Role.STAFF), AS_OF, run)

    assert [(row.origin, row.destination, row.wanted_kg, row.offered_kg, row.planned_kg) for row in rows] == [
        ("MY", "KZ", 100_000, 0, 0),
        ("ID", "KZ", 100_000, 50_000, 20_000),
    ]


def test_overview_without_anything_says_so(staff):
    text = staff.get("/").content.decode()

    assert "No open need and no open capacity is in the book." in text
    assert "No run has finished yet." in text


@pytest.mark.parametrize("role", [Role.STAFF, Role.OFFICER, Role.ADMIN])
def test_overview_offers_to_run_the_matching_to_those_who_may(client, role):
    client.force_login(person(role))

    assert ('action="/runs/start/"' in client.get("/").content.decode()) == (role != Role.OFFICER)


@pytest.mark.parametrize("address", ["/needs/unmet/?page=2", "/needs/unmet/?colour=blue", "/capacities/unused/?sort=x"])
def test_lists_of_listings_refuse_nonsense(staff, address):
    assert staff.get(address).status_code == 400
