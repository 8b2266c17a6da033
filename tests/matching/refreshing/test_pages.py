"""What pages and exports say after a refresh: of which run the plan is, and refreshes apart from runs."""

from decimal import Decimal

import pytest
from django.test import Client

from accounts.enums import Role
from matching import services
from matching.models import Match
from reports.cutting.matches import cut
from reports.enums import Subject
from reports.orders import Order
from reports.unkept import frozen_once
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor
from tests.matching.refreshing.edits import edit, official, refresh_all
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def refreshed():
    """A pair that an official run found and a refresh looked at again: the need, both runs and the match."""
    open_corridor()
    goods = CommodityFactory()
    wanted = need(goods)
    capacity(goods)
    first = official()
    edit(wanted, quantity_kg=60_000, price_amount=Decimal(1140))
    (run,) = refresh_all()
    return wanted, first, run, Match.objects.get()


def page(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().replace("\xa0", " ").split())


def test_match_page_says_of_which_run_the_plan_is(client, refreshed):
    _wanted, first, _run, match = refreshed
    client.force_login(person(Role.STAFF))

    text = page(client, f"/matches/{match.pk}/")

    assert f"By run {first.pk}, on the book of " in text
    assert "The next run will see it." not in text


def test_export_says_of_which_run_the_plan_is(refreshed):
    _wanted, first, _run, _match = refreshed

    with frozen_once(lambda put: cut(Order(subject=Subject.MATCHES), person(Role.STAFF), put)) as frozen:
        told = {line.label["en"]: line.value["en"] for line in frozen.document.about}

    assert told["Run"] == str(first.pk)
    assert told["After edits"].endswith(f"What is planned is of run {first.pk}.")


def test_list_of_runs_shows_refreshes_apart(client, refreshed):
    wanted, first, run, _match = refreshed
    client.force_login(person(Role.STAFF))

    whole, apart = page(client, "/runs/"), page(client, "/runs/?kind=refresh")

    assert (f"/runs/{first.pk}/" in whole, f"/runs/{run.pk}/" in whole) == (True, False)
    assert (f"/runs/{first.pk}/" in apart, f"/runs/{run.pk}/" in apart) == (False, True)
    assert f"an edit of need {wanted.reference}" in apart
    assert f"an edit of need {wanted.reference}" in page(client, f"/runs/{run.pk}/")
    assert client.get("/runs/?kind=nonsense").status_code == 400


def test_decision_says_when_a_refresh_came_out_otherwise(client, refreshed):
    wanted, _first, _run, match = refreshed
    client.force_login(person(Role.STAFF))
    services.decide(match=match, state="shortlisted", decided_by=person(Role.STAFF))
    edit(wanted, price_amount=Decimal(5000))
    refresh_all()

    assert "the pair has come out differently since" in page(client, f"/matches/{match.pk}/")
