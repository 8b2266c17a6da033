"""The page that tells what changed between two runs, and the form that asks for it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from companies.models import Company
from matching.enums import Failure, RunKind, RunState
from matching.models import RunDifference
from matching.tasks import differ
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor
from tests.matching.found import finished_run
from tests.matching.run_differences.kept import NOTHING, ended, figure, figures, row
from tests.people import person

pytestmark = pytest.mark.django_db

KEPT = {"counts": {"shards": 0, "needs": 0, "capacities": 0}}


@pytest.fixture
def officer(client):
    open_corridor()
    client.force_login(person(Role.OFFICER))
    return client


@pytest.fixture
def queued(monkeypatch) -> list[int]:
    """The differences whose work was queued."""
    found = []
    monkeypatch.setattr(differ, "delay_on_commit", lambda *, difference_id: found.append(difference_id))
    return found


def text_of(response) -> str:
    """What is read, with one blank between words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode().replace("\xa0", " ")))


def test_page_of_a_run_offers_the_official_run_before_it_first(officer):
    older, before, what_if = finished_run(**KEPT), finished_run(**KEPT), finished_run(kind=RunKind.WHAT_IF, **KEPT)
    finished_run(kind=RunKind.REFRESH, **KEPT)
    run = finished_run(**KEPT)

    page = officer.get(f"/runs/{run.pk}/").content.decode()

    offered = re.findall(r'<option value="(\d+)"( selected)?', page)
    assert offered == [(str(what_if.pk), ""), (str(before.pk), " selected"), (str(older.pk), "")]


@pytest.mark.parametrize("facts", [{"kind": RunKind.REFRESH}, {"state": RunState.RUNNING}])
def test_page_of_a_run_that_cannot_be_compared_offers_nothing(officer, facts):
    finished_run(**KEPT)

    page = officer.get(f"/runs/{finished_run(**KEPT | facts).pk}/").content.decode()

    assert "What changed since another run?" not in page


def test_start_asks_once_and_leads_to_what_is_known_the_second_time(officer, queued):
    before, after = finished_run(**KEPT), finished_run(**KEPT)

    first = officer.post(f"/runs/{after.pk}/since/", {"before": before.pk})
    second = officer.post(f"/runs/{after.pk}/since/", {"before": before.pk})

    asked = RunDifference.objects.get()
    assert first["Location"] == second["Location"] == f"/run-differences/{asked.pk}/"
    assert (queued, asked.asked_by) == ([asked.pk], person(Role.OFFICER))
    assert "Waiting for a worker." in text_of(officer.get(first["Location"]))


@pytest.mark.parametrize(
    ("before", "why"),
    [
        (lambda run: run.pk, "These are one run. Choose another one."),
        (lambda run: finished_run(kind=RunKind.REFRESH).pk, "saw a part of the book only"),
        (lambda run: finished_run(state=RunState.RUNNING).pk, "has not come to its end"),
        (lambda run: finished_run().pk, "does not keep its facts any more"),
        (lambda run: 10**30, "Choose one of the runs."),
        (lambda run: "x\x00", "Choose one of the runs."),
        (lambda run: "", "Choose one of the runs."),
    ],
)
def test_start_refuses_in_words_on_the_page_of_the_run(officer, queued, before, why):
    run = finished_run(**KEPT)

    response = officer.post(f"/runs/{run.pk}/since/", {"before": before(run)}, follow=True)

    assert response.redirect_chain == [(f"/runs/{run.pk}/", 302)]
    assert why in text_of(response)
    assert (queued, RunDifference.objects.count()) == ([], 0)


def test_page_tells_each_part_and_links_it_to_the_pairs(officer):
    goods = CommodityFactory()
    pair = need(goods), capacity(goods)
    told = figures(
        {"new": 1, "gone": 1},
        {str(goods.pk): figure(100_000, data=20_500, corridor=-40_000)},
        matches=figure(10, data=2, corridor=-3),
        new=figure(0, data=2),
        gone=figure(0, corridor=3),
        median_ppm=figure(700_000, weights=12_345),
        plan_value=figure(10**14, data=5 * 10**12),
        usd_low_cents=figure(123_456, corridor=-6),
    )
    rows = [row("new", *pair), row("gone", *pair, cause="corridor"), row("changed", *pair, cause="weights")]
    difference = ended(finished_run(), *rows, figures=told)

    response = officer.get(f"/run-differences/{difference.pk}/")

    page, text = response.content.decode(), text_of(response)
    assert '<a href="?cause=data#new">+2</a>' in page
    assert '<a href="?cause=corridor#gone">+3</a>' in page
    assert "The data +2 +2 0 0 0 0" in text
    assert "The corridor \u22123 0 +3 0 0 0" in text
    assert "The weights 0 0 0 0 +1.2345 0" in text
    assert "Worth of the plan, as tonnes at full score 100,000 +5,000 0 0 0 0 105,000" in text
    assert "USD, at the low end 1,234.56 0.00 \u22120.06 0.00 0.00 0.00 1,234.50" in text
    assert f"{goods.name}, t 100 +20.5 \u221240 0 0 0 80.5" in text
    assert "another order of the steps would give other parts" in text
    assert text.count("Which matches") == 3


def test_page_of_one_cause_lists_its_pairs_only(officer):
    goods = CommodityFactory()
    sides = need(goods), capacity(goods)
    others = need(goods), capacity(goods)
    difference = ended(finished_run(), row("new", *sides), row("new", *others, cause="weights"))

    page = officer.get(f"/run-differences/{difference.pk}/?cause=weights").content.decode()
    unknown = officer.get(f"/run-differences/{difference.pk}/?cause=%00").content.decode()

    assert [f"/needs/{wanted.pk}/" in page for wanted in (sides[0], others[0])] == [False, True]
    assert [f"/needs/{wanted.pk}/" in unknown for wanted in (sides[0], others[0])] == [True, True]


def test_page_says_so_where_only_one_input_moved_anything(officer):
    difference = ended(finished_run(), figures=figures(matches=figure(1, data=1, code=1)))

    text = text_of(officer.get(f"/run-differences/{difference.pk}/"))

    assert "the order of the steps does not matter" in text


def test_page_says_so_where_data_and_corridor_are_one_part(officer):
    parts = {"data_and_corridor": 1} | {cause: 0 for cause in NOTHING if cause not in ("data", "corridor")}
    told = figures() | {"is_apart": False}
    told["figures"] = {name: {"before": 0, "after": 1, "parts": parts} for name in told["figures"]}
    difference = ended(finished_run(), figures=told)

    text = text_of(officer.get(f"/run-differences/{difference.pk}/"))

    assert "The data and the corridor +1" in text
    assert "cannot be told apart and are one part" in text


def test_page_of_a_failed_difference_says_why_and_lets_try_again(officer):
    difference = ended(finished_run(), state=RunState.FAILED, reason_code=Failure.TOO_LONG, figures={})

    page = officer.get(f"/run-differences/{difference.pk}/").content.decode()

    assert f'action="/runs/{difference.after_id}/since/"' in page
    assert f'name="before" value="{difference.before_id}"' in page


def test_progress_is_silent_while_nothing_changes_and_ends_by_itself(officer):
    difference = ended(finished_run(), state=RunState.RUNNING, figures={}, done=3, total=12)
    address = f"/run-differences/{difference.pk}/progress/"

    part = officer.get(f"{address}?seen=running-2-12")

    assert "Matched 3 of 12 listings." in text_of(part)
    assert f'hx-get="{address}?seen=running-3-12"' in part.content.decode()
    assert officer.get(f"{address}?seen=running-3-12").status_code == 204
    RunDifference.objects.update(state=RunState.FINISHED, figures=figures())
    assert "hx-get" not in officer.get(f"{address}?seen=running-3-12").content.decode()


def test_listing_that_was_hidden_since_is_not_shown(officer):
    goods = CommodityFactory()
    difference = ended(finished_run(), row("new", need(goods), capacity(goods)))
    Company.objects.update(is_hidden=True)

    text = text_of(officer.get(f"/run-differences/{difference.pk}/"))

    assert "they or their companies were hidden since" in text


def test_page_costs_the_same_queries_for_one_pair_as_for_three(officer):
    goods = CommodityFactory()

    def page_of(count: int) -> str:
        pairs = [row(kind, need(goods), capacity(goods)) for kind in ("new", "gone", "changed") for _ in range(count)]
        return f"/run-differences/{ended(finished_run(), *pairs).pk}/"

    one, three = page_of(1), page_of(3)
    officer.get(one)
    with CaptureQueriesContext(connection) as few:
        officer.get(one)

    with CaptureQueriesContext(connection) as many:
        officer.get(three)

    assert len(many) == len(few)
