"""The pages of runs for people: the list and its filters, a what-if from a form, beside the official run, promoted."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from corridor.models import Preference
from matching.enums import RunKind, RunState, ShardState
from matching.models import Run, RunShard, Weights
from matching.tasks import carry_out_run
from tests.corridor.tariffs import tariff
from tests.factories import CommodityFactory
from tests.matching.book import STARTING_WEIGHTS, capacity, need, open_corridor
from tests.matching.found import CUT_AT, finished_run, found, planned
from tests.people import person

pytestmark = pytest.mark.django_db

SCHEME = "A scheme"
POINTS = {f"weight_{name}": f"{100 * weight:.0f}" for name, weight in STARTING_WEIGHTS.items()}
ON_TRUST = STARTING_WEIGHTS | {"price": 0.1, "trust": 0.3}
FIGURES = {
    "needs": 4,
    "capacities": 4,
    "shards": 0,
    "matches": 10,
    "needs_with_candidate": 4,
    "needs_planned": 3,
    "needs_met": 2,
    "planned_kg": {"ID-KZ": 120_500, "KZ-ID": 80_000},
    "plan_value": "80400000000",
    "plan_bound": "80400000000",
}


@pytest.fixture
def staff(client):
    open_corridor()
    tariff(code="T1", hs6=CommodityFactory().hs_code, preference_scheme=SCHEME)
    finished_run()
    client.force_login(person(Role.STAFF))
    return client


@pytest.fixture
def queued(monkeypatch) -> list[int]:
    """The runs whose first step was queued."""
    found = []
    monkeypatch.setattr(carry_out_run, "delay_on_commit", lambda *, run_id: found.append(run_id))
    return found


def words_of(response) -> str:
    """The page as it is read: without tags."""
    text = response.content.decode().replace("\xa0", " ")
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def asked(**otherwise) -> dict:
    return POINTS | {"seen": "1", "freight": "", "as_of": ""} | otherwise


def tried(**facts) -> Run:
    return finished_run(**{"kind": RunKind.WHAT_IF, "options": {"weights": ON_TRUST}} | facts)


# --- the list


def test_list_is_narrowed_by_kind_and_state_and_counts_what_each_choice_shows(staff):
    official = Run.objects.get()
    what_if, failed = tried(), tried(state=RunState.FAILED, reason_code="lost")
    refresh = finished_run(kind=RunKind.REFRESH)

    whole, chosen = staff.get("/runs/"), staff.get("/runs/?kind=what_if&state=finished&state=failed")

    assert list(whole.context["runs"]) == [failed, what_if, official]
    assert list(chosen.context["runs"]) == [failed, what_if]
    assert list(staff.get("/runs/?kind=refresh").context["runs"]) == [refresh]
    counts = {
        (facet["name"], choice["value"]): choice["count"]
        for facet in whole.context["facets"]
        for choice in facet["choices"]
    }
    assert counts == {
        ("kind", "official"): 1,
        ("kind", "what_if"): 2,
        ("kind", "refresh"): 1,
        ("state", "queued"): 0,
        ("state", "running"): 0,
        ("state", "finished"): 2,
        ("state", "failed"): 1,
    }


@pytest.mark.parametrize("query", ["kind=secret", "state=%00", "page=9", "colour=red", "sort=worth"])
def test_list_refuses_an_address_that_makes_no_sense(staff, query):
    assert staff.get(f"/runs/?{query}").status_code == 400


def test_list_has_pages(staff):
    for _run in range(11):
        finished_run()

    response = staff.get("/runs/?size=10&page=2")

    assert (len(response.context["runs"]), response.context["page"].paginator.count) == (2, 12)


def test_list_costs_the_same_for_one_run_and_for_three(staff):
    staff.get("/runs/")  # the first page of a visit notes that somebody is here
    one = queries_of(staff)
    tried()
    tried()

    assert queries_of(staff) == one


def queries_of(client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/runs/").status_code == 200
    return len(captured)


def test_one_click_in_the_list_compares_with_the_run_of_the_day_before(staff):
    day = dt.timedelta(days=1)
    yesterday = finished_run(book_cut_at=CUT_AT + day)
    finished_run(book_cut_at=CUT_AT + day + dt.timedelta(hours=1), kind=RunKind.WHAT_IF)
    finished_run(book_cut_at=CUT_AT + 2 * day)
    newest = finished_run(book_cut_at=CUT_AT + 2 * day + dt.timedelta(hours=2))

    page = staff.get("/runs/").content.decode()

    found = re.findall(r'action="/runs/(\d+)/since/" method="post">.*?name="before" value="(\d+)"', page, re.S)
    assert found == [(str(newest.pk), str(yesterday.pk))]


# --- progress


def test_progress_names_the_steps_and_counts_the_parts(staff):
    run = finished_run(state=RunState.RUNNING, finished_at=None, counts={}, done=3, total=9)
    for number, state in enumerate((ShardState.DONE, ShardState.WAITING, ShardState.WAITING)):
        RunShard.objects.create(run=run, number=number, state=state, market=b"", result=b"")

    page = staff.get(f"/runs/{run.pk}/")

    assert [(step.state, step.parts_done, step.parts) for step in page.context["steps"]] == [
        ("done", None, None),
        ("now", 1, 3),
        ("later", None, None),
    ]
    assert "Match the parts 1 of 3 parts now" in words_of(page)
    assert '<li aria-current="step">' in page.content.decode()


@pytest.mark.parametrize(
    ("facts", "parts", "steps"),
    [
        ({"state": RunState.QUEUED, "book_cut_at": None}, [], ["later", "later", "later"]),
        ({"state": RunState.RUNNING, "book_cut_at": None}, [], ["now", "later", "later"]),
        ({"state": RunState.RUNNING}, [ShardState.DONE], ["done", "done", "now"]),
    ],
)
def test_progress_says_which_step_is_under_way(staff, facts, parts, steps):
    run = finished_run(**{"finished_at": None, "counts": {}} | facts)
    for number, state in enumerate(parts):
        RunShard.objects.create(run=run, number=number, state=state, market=b"", result=b"")

    page = staff.get(f"/runs/{run.pk}/")

    assert [step.state for step in page.context["steps"]] == steps


# --- trying


def test_form_begins_with_what_is_in_force(staff):
    Preference.objects.create(scheme=SCHEME, in_force_from=timezone.localdate(), legal_reference="a law")

    page = staff.get("/runs/what-if/").content.decode()

    typed = re.findall(r'name="weight_(\w+)" value="([^"]+)"', page)
    assert {name: float(points) / 100 for name, points in typed} == STARTING_WEIGHTS
    assert '<output id="weights-sum" class="tm-n" data-whole="100">100</output>' in page
    assert re.search(r'name="preferences" value="A scheme"[^>]* checked', page)


@pytest.mark.parametrize(
    ("otherwise", "options"),
    [
        ({"weight_price": "10", "weight_trust": "30"}, {"weights": ON_TRUST}),
        ({"freight": "-12.5"}, {"freight_percent": "-12.5"}),
        ({"freight": "20"}, {"freight_percent": "20"}),
        ({"share_cap": "40", "micro_floor": "12.5"}, {"share_cap_percent": "40", "micro_floor_percent": "12.5"}),
        ({"preferences": [SCHEME]}, {"preferences": [SCHEME]}),
    ],
)
def test_form_starts_a_what_if_with_what_is_otherwise_and_nothing_more(staff, queued, otherwise, options):
    response = staff.post("/runs/what-if/", asked(**otherwise))

    run = Run.objects.get(kind=RunKind.WHAT_IF)
    assert response["Location"] == f"/runs/{run.pk}/"
    assert (run.options, run.started_by, run.as_of) == (options, person(Role.STAFF), timezone.localdate())
    assert queued == [run.pk]


def test_second_click_leads_to_the_same_what_if(staff, queued):
    first, second = (staff.post("/runs/what-if/", asked(freight="5")) for _click in range(2))

    assert first["Location"] == second["Location"]
    assert (len(queued), Run.objects.filter(kind=RunKind.WHAT_IF).count()) == (1, 1)


@pytest.mark.parametrize(
    ("otherwise", "why"),
    [
        ({}, "Nothing is otherwise. Change a weight, the freight, an agreement or the day."),
        ({"weight_price": "31"}, "The weights sum to 101 instead of 100."),
        ({"weight_price": "29.5"}, "The weights sum to 99.5 instead of 100."),
        ({"weight_price": "101"}, "Price: "),
        ({"weight_price": ""}, "Price: Fill this in."),
        ({"freight": "-91"}, "Freight changes by: "),
        ({"share_cap": "0"}, "One company supplies at most: "),
        ({"share_cap": "100", "micro_floor": "0"}, "Nothing is otherwise."),
        ({"preferences": ["Nobody's"]}, "is no choice here."),
        ({"as_of": "1999-01-01"}, "The day taken as today: "),
        ({"freight": "5", "seen": "0"}, "Version 1 of the weights is in force by now."),
    ],
)
def test_form_refuses_in_words_and_keeps_what_was_typed(staff, queued, otherwise, why):
    response = staff.post("/runs/what-if/", asked(**otherwise))

    assert response.status_code == 400
    assert why in words_of(response)
    assert (queued, Run.objects.filter(kind=RunKind.WHAT_IF).count()) == ([], 0)
    for name in ("weight_price", "freight"):
        if otherwise.get(name):
            assert f'name="{name}" value="{otherwise[name]}"' in response.content.decode()


def test_officers_and_businesses_try_nothing(client, queued):
    open_corridor()
    finished_run()
    for role in (Role.OFFICER, Role.BUSINESS):
        client.force_login(person(role))
        assert client.get("/runs/what-if/").status_code == 404
        assert client.post("/runs/what-if/", asked(freight="5")).status_code == 404
    assert queued == []


# --- beside the official run


def test_what_if_stands_beside_the_official_run(staff):
    official = finished_run(counts=FIGURES)
    counts = FIGURES | {"matches": 7, "needs_met": 3, "planned_kg": {"ID-KZ": 100_000}, "plan_value": "90400000000"}
    run = tried(counts=counts, options={"weights": ON_TRUST, "freight_percent": "10"})
    open_corridor()
    goods = CommodityFactory()
    first, second = (found(official, need(goods), capacity(goods)) for _pair in range(2))
    for result in (first, second):
        planned(result)
    second.run = run
    planned(second)

    response = staff.get(f"/runs/{run.pk}/")

    told = [(line.way, line.official, line.what_if, line.difference) for line in response.context["beside"]]
    assert told == [
        (None, "10", "7", "\u22123"),
        (None, "4", "4", "0"),
        (None, "3", "3", "0"),
        (None, "2", "3", "+1"),
        (("ID", "KZ"), "2", "1", "\u22121"),
        (None, "80.4", "90.4", "+10"),
        (None, "80.4", "80.4", "0"),
    ]
    text = words_of(response)
    assert "Freight changes by +10 %" in text
    assert "Freight is a fact of the corridor: it changes with the quotes. Enter quotes" in text
    assert "Price 10.0 30.0" in text
    assert f'action="/runs/{run.pk}/since/"' in response.content.decode()
    assert f'name="before" value="{official.pk}"' in response.content.decode()


def test_figure_that_a_run_is_too_old_for_is_not_known(staff):
    run = tried(counts=FIGURES)  # beside a run from before its needs were counted

    response = staff.get(f"/runs/{run.pk}/")

    told = {line.label: (line.official, line.what_if, line.difference) for line in response.context["beside"]}
    assert told["Needs that the plan meets in full"] == (None, "2", None)
    assert "not known" in words_of(response)


def test_what_if_with_limits_tells_what_they_cost(staff):
    limits = {"share_cap_percent": "40", "micro_floor_percent": "12.5"}
    costs = {"plan_cost_of_cap": 1_500_000_000, "plan_cost_of_floor": 200_000_000, "micro_floor_missing_kg": 7_000}
    run = tried(options=limits, counts=FIGURES | costs)

    response = staff.get(f"/runs/{run.pk}/")

    text = words_of(response)
    assert f'action="/runs/{run.pk}/since/"' not in response.content.decode()  # limits are no cause it could name
    assert "One company supplies at most 40 % costs the plan 1.5 t at full score" in text
    assert "Micro companies supply at least 12.5 % costs the plan 0.2 t at full score; 7 t of it cannot be had" in text
    assert "A cap and a floor are tried only: the official plan keeps to none." in text


def test_what_if_of_one_listing_stands_beside_nothing(staff):
    run = tried(options={"weights": ON_TRUST, "need": 1})

    response = staff.get(f"/runs/{run.pk}/")

    assert (response.context["beside"], response.context["promote"]) == ([], None)
    assert "only the goods of one listing" in words_of(response)


# --- promoting


def test_promotion_leads_to_the_official_run_that_begins_with_the_weights(staff, queued):
    run = tried()

    response = staff.post(f"/runs/{run.pk}/promote/", {"reason": "Trust first.", "seen": "1"}, follow=True)

    official = Run.objects.official().unfinished().get()
    weights = Weights.objects.in_force()
    assert response.redirect_chain == [(f"/runs/{official.pk}/", 302)]
    assert (weights.version, weights.values, weights.promoted_from, weights.changed_by) == (
        2,
        ON_TRUST,
        run,
        person(Role.STAFF),
    )
    assert (official.weights, queued) == (weights, [official.pk])
    assert f"Version 2 of the weights is in force. Run {official.pk} has begun with it." in words_of(response)
    assert "The weights are in force already, as version 2." in words_of(staff.get(f"/runs/{run.pk}/"))


def test_promotion_says_that_other_weights_came_in_force_and_asks_again(staff, queued):
    run = tried()
    Weights.objects.create(version=2, values=STARTING_WEIGHTS | {"time": 0.2, "price": 0.2}, reason="Time matters.")

    stale = staff.post(f"/runs/{run.pk}/promote/", {"reason": "Trust first.", "seen": "1"})

    assert (stale.status_code, queued) == (400, [])
    assert "Version 2 of the weights is in force by now. Look at it below, then say again." in words_of(stale)
    assert "Since then version 2 was put in force: “Time matters.”" in words_of(stale)
    page = stale.content.decode()
    assert 'name="seen" value="2"' in page
    assert ">\nTrust first.</textarea>" in page
    assert staff.post(f"/runs/{run.pk}/promote/", {"reason": "Trust first.", "seen": "2"}).status_code == 302


def test_promotion_without_a_reason_is_refused_at_its_field(staff, queued):
    run = tried()

    response = staff.post(f"/runs/{run.pk}/promote/", {"reason": "  ", "seen": "1"})

    assert (response.status_code, queued, Weights.objects.count()) == (400, [], 1)
    assert "Why are these weights better? Fill this in." in words_of(response)


def test_promotion_of_an_official_run_is_refused_in_words(staff, queued):
    run = Run.objects.get()

    response = staff.post(f"/runs/{run.pk}/promote/", {"reason": "x", "seen": "1"}, follow=True)

    assert response.redirect_chain == [(f"/runs/{run.pk}/", 302)]
    assert "Only weights that a what-if has tried can be put in force." in words_of(response)
    assert queued == []


def test_officers_read_a_what_if_and_promote_nothing(client, queued):
    open_corridor()
    run = tried()
    client.force_login(person(Role.OFFICER))

    page = client.get(f"/runs/{run.pk}/")

    assert "City staff can put weights in force that a what-if has tried on the whole book." in words_of(page)
    assert client.post(f"/runs/{run.pk}/promote/", {"reason": "x", "seen": "1"}).status_code == 404
    assert (queued, Weights.objects.count()) == ([], 1)


# --- the versions


def test_page_of_the_weights_tells_each_version_with_who_when_and_why(staff):
    run = tried()
    Weights.objects.create(
        version=2, values=ON_TRUST, reason="Trust first.", changed_by=person(Role.STAFF), promoted_from=run
    )

    response = staff.get("/runs/weights/")

    text = words_of(response)
    assert [one.version for one, _weights in response.context["rows"]] == [2, 1]
    assert "Version 2 In force History 10.0 15.0 15.0 10.0 10.0 10.0 30.0 Trust first." in text
    assert f"tried in run {run.pk}" in text
    assert text.index("Version 2 In force") < text.index("Version 1 History 30.0")
