"""The pages of runs: start one, watch it, see what came of it."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from matching.enums import RunKind, RunState
from matching.models import Run
from matching.tasks import carry_out_run
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor
from tests.matching.found import facts_of_price, finished_run, found
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    open_corridor()
    client.force_login(person(Role.STAFF))
    return client


@pytest.fixture
def queued(monkeypatch) -> list[int]:
    """The runs whose first step was queued."""
    found = []
    monkeypatch.setattr(carry_out_run, "delay_on_commit", lambda *, run_id: found.append(run_id))
    return found


def text_of(response) -> str:
    return response.content.decode().replace("\xa0", " ")


def running(**facts) -> Run:
    return finished_run(**{"state": RunState.RUNNING, "finished_at": None, "counts": {}, "timings": {}} | facts)


def test_start_records_who_asked_and_queues_the_run(staff, queued):
    response = staff.post("/runs/start/")

    run = Run.objects.get()
    assert response["Location"] == f"/runs/{run.pk}/"
    assert (run.state, run.started_by, queued) == (RunState.QUEUED, person(Role.STAFF), [run.pk])
    assert "Waiting for a worker." in text_of(staff.get(response["Location"]))


def test_start_leads_to_the_run_that_is_under_way_already(staff, queued):
    first = running()

    response = staff.post("/runs/start/", follow=True)

    assert response.redirect_chain == [(f"/runs/{first.pk}/", 302)]
    assert "A run is under way already." in text_of(response)
    assert (Run.objects.count(), queued) == (1, [])


def test_start_is_not_a_link(staff, queued):
    assert staff.get("/runs/start/").status_code == 405
    assert queued == []


@pytest.mark.django_db(transaction=True)
def test_start_is_kept_though_the_broker_is_away(client, monkeypatch):
    from kombu.exceptions import OperationalError

    open_corridor()
    client.force_login(person(Role.STAFF))

    def refuse(**arguments):
        raise OperationalError("no broker")

    monkeypatch.setattr(carry_out_run, "delay", refuse)

    response = client.post("/runs/start/")

    run = Run.objects.get()
    assert (response.status_code, run.state, run.published_at) == (302, RunState.QUEUED, None)


def test_page_of_a_running_run_asks_for_its_progress(staff):
    run = running(done=30, total=120)

    text = text_of(staff.get(f"/runs/{run.pk}/"))

    assert "Matched 30 of 120 listings." in text
    assert f'hx-get="/runs/{run.pk}/progress/?seen=running-30-120"' in text
    assert '<progress class="tm-progress tm-mt3" max="120" value="30"' in text
    assert '<noscript><meta http-equiv="refresh" content="4"></noscript>' in text


def test_progress_is_quiet_while_nothing_changes(staff):
    run = running(done=30, total=120)

    assert staff.get(f"/runs/{run.pk}/progress/?seen=running-30-120").status_code == 204
    changed = staff.get(f"/runs/{run.pk}/progress/?seen=running-20-120")
    assert changed.status_code == 200
    assert "<html" not in text_of(changed)


def test_progress_stops_asking_when_the_run_is_over(staff):
    run = finished_run(counts={"needs": 99, "capacities": 87, "matches": 149, "near_misses": 45, "pairs": 2450})

    text = text_of(staff.get(f"/runs/{run.pk}/progress/?seen=running-0-0"))

    assert "hx-get" not in text
    for figure in ("149", "45", "2,450", "99", "87"):
        assert f"<dd>{figure}</dd>" in text


def test_page_of_a_run_says_on_what_it_rests(staff):
    run = finished_run(input_hash="97410865d08699a2" + "0" * 48, started_by=person(Role.STAFF, name="Ratna W."))

    text = text_of(staff.get(f"/runs/{run.pk}/"))

    for fact in ("4 Jan 2027, 09:30 WITA (06:30 Astana)", "97410865d08699a2", "version 1", "Official"):
        assert fact in text
    assert "hx-get" not in text
    assert "htmx" not in text.split("<body>")[1]


def test_page_of_a_run_says_what_its_plan_moves(staff):
    run = finished_run(counts={"needs": 2, "capacities": 2, "plan_value": "80400700000", "plan_bound": "81204707001"})
    olein, flour = CommodityFactory(name_en="RBD palm olein"), CommodityFactory(name_en="Wheat flour")
    found(run, need(olein), capacity(olein), planned_kg=100_000)
    found(
        run,
        need(olein),
        capacity(olein),
        planned_kg=20_000,
        landed_low_usd_per_t=None,
        landed_high_usd_per_t=None,
    )
    found(
        run,
        need(flour),
        capacity(flour),
        planned_kg=50_000,
        landed_low_usd_per_t=None,
        landed_high_usd_per_t=None,
        facts={"price": facts_of_price(ask=None)},
    )
    found(run, need(flour), capacity(flour))  # not in the plan

    text = words_of(staff.get(f"/runs/{run.pk}/"))

    assert "Proven: no plan can be worth more than 1.1% more." in text
    assert "worth, as tonnes at full score 80.4 t proven upper bound 81.2 t" in text
    assert "all goods with a known price example 116,000\u2013119,000 USD" in text
    assert "RBD palm olein 120 t 116,000\u2013119,000 USD 20 t at the asking price" in text
    assert "Wheat flour 50 t not known" in text


def test_page_of_a_run_names_the_goods_worth_most_first(staff):
    run = finished_run(counts={"needs": 2, "capacities": 2, "plan_value": "1", "plan_bound": "1"})
    little, much = CommodityFactory(name_en="Aaa", code="aaa"), CommodityFactory(name_en="Zzz", code="zzz")
    found(run, need(little), capacity(little), planned_kg=10_000)
    found(run, need(much), capacity(much), planned_kg=90_000)

    text = words_of(staff.get(f"/runs/{run.pk}/"))

    assert 0 < text.index("Zzz 90 t") < text.index("Aaa 10 t")


def test_page_of_a_run_without_a_plan_says_so(staff):
    nothing = {"needs": 1, "capacities": 1, "plan_value": "0", "plan_bound": "0"}
    official = finished_run(counts=nothing)
    what_if = finished_run(counts=nothing, kind=RunKind.WHAT_IF)
    before = finished_run()  # carried out before plans were kept with their runs

    assert "Proven: no plan can be worth more. " in words_of(staff.get(f"/runs/{official.pk}/"))
    assert "It moves nothing." in words_of(staff.get(f"/runs/{official.pk}/"))
    assert "A what-if keeps no match." in words_of(staff.get(f"/runs/{what_if.pk}/"))
    assert "What does the plan move?" not in words_of(staff.get(f"/runs/{before.pk}/"))


def test_page_of_a_run_costs_the_same_for_a_large_plan(staff):
    goods = CommodityFactory()
    counts = {"needs": 1, "capacities": 1, "plan_value": "1", "plan_bound": "1"}
    small, large = finished_run(counts=counts), finished_run(counts=counts)
    for run, size in ((small, 1), (large, 4)):
        for _pair in range(size):
            found(run, need(goods), capacity(CommodityFactory()), planned_kg=1000)
    for run in (small, large):
        staff.get(f"/runs/{run.pk}/")  # the first page of a visit notes it, the first of a run remembers its sums

    assert queries_of(staff, small) == queries_of(staff, large)


def queries_of(client, run: Run) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/runs/{run.pk}/").status_code == 200
    return len(captured)


def words_of(response) -> str:
    """The page as it is read: without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", text_of(response)).split())


def test_page_warns_when_the_book_changed_meanwhile(staff):
    run = finished_run(counts={"needs": 1, "capacities": 1, "matches": 1, "book_changed_since": True})

    assert "The book changed while the run was under way." in text_of(staff.get(f"/runs/{run.pk}/"))


def test_list_shows_the_newest_first_and_hides_the_button_while_one_is_under_way(staff):
    older, newer = finished_run(), running(book_cut_at=None)

    response = staff.get("/runs/")

    assert list(response.context["runs"]) == [newer, older]
    assert "A run is under way." in text_of(response)
    assert 'action="/runs/start/"' not in text_of(response)


def test_officers_watch_but_do_not_start(client, queued):
    run = finished_run()
    client.force_login(person(Role.OFFICER))

    assert 'action="/runs/start/"' not in text_of(client.get("/runs/"))
    assert client.get(f"/runs/{run.pk}/").status_code == 200
    assert client.post("/runs/start/").status_code == 404
    assert queued == []


def test_times_of_a_run_are_those_of_balikpapan(staff):
    finished_run(book_cut_at=dt.datetime(2026, 12, 31, 20, 5, tzinfo=dt.UTC))

    assert "1 Jan 2027, 04:05" in text_of(staff.get("/runs/"))
