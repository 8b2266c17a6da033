"""The pages of legs: the list and its filters, one leg, opening and closing it."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from corridor.enums import LegStatus
from corridor.models import LegSwitch
from tests.factories import FreightQuoteFactory, LegEquipmentFactory, LegFactory, LegSwitchFactory, PlaceFactory
from tests.people import person

pytestmark = pytest.mark.django_db
LIST = reverse("corridor:leg-list")


@pytest.fixture
def staff(client):
    user = person(Role.STAFF)
    client.force_login(user)
    return user


@pytest.fixture
def leg():
    return LegFactory(
        code="L1",
        origin=PlaceFactory(code="IDX", name_en="Balikpapan"),
        destination=PlaceFactory(code="CNX", name_en="Lianyungang", country="CN"),
        mode="sea",
        distance_km=4466,
        distance_method="computed",
    )


def sent(leg, **facts) -> dict:
    usual = {"becomes": "closed", "from_day": "2026-11-25", "until": "", "reason": "Ice on the line", "seen": "0"}
    return usual | facts


def codes(response) -> list[str]:
    return re.findall(r'<span class="tm-sub">(L\d+)</span>', response.text)


def test_leg_list_tells_what_holds_today_and_why(client, staff, leg):
    LegSwitchFactory(leg=leg, is_open=False, from_day=timezone.localdate(), reason="A strike in the port")

    page = client.get(LIST).text

    for words in ("4,466", "computed", "Closed", "A strike in the port", "until it is switched again"):
        assert words in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("mode=rail", ["L2", "L3"]),
        ("state=closed", ["L3"]),
        ("state=no_days&state=closed", ["L2", "L3"]),
        ("country=CN", ["L1"]),
        ("place=IDX", ["L1"]),
        ("confidence=unsure", []),
        ("sort=-distance", ["L1", "L2", "L3"]),
        ("sort=state", ["L3", "L2", "L1"]),
    ],
)
def test_leg_list_is_filtered_and_sorted(client, staff, leg, query, found):
    LegFactory(code="L2", transit_days_low=None, transit_days_high=None)
    LegFactory(code="L3", status=LegStatus.DISRUPTED)

    assert codes(client.get(f"{LIST}?{query}")) == found


def test_leg_list_refuses_nonsense_in_words(client, staff):
    answer = client.get(f"{LIST}?place=NOWHERE")

    assert (answer.status_code, "NOWHERE is no choice here" in answer.text) == (400, True)


def test_leg_list_costs_the_same_queries_for_one_leg_and_for_three(client, staff, leg):
    LegSwitchFactory(leg=leg)
    LegEquipmentFactory(leg=leg)
    client.get(LIST)

    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for made in LegFactory.create_batch(2):
        LegSwitchFactory(leg=made)
        LegEquipmentFactory(leg=made)
    with CaptureQueriesContext(connection) as three:
        client.get(LIST)

    assert len(three) == len(one)


def test_leg_page_shows_quotes_in_force_switches_and_the_form(client, staff, leg):
    FreightQuoteFactory(code="Q-of-now", leg=leg, amount=740)
    FreightQuoteFactory(code="Q-of-old", leg=leg, valid_to=dt.date(2026, 10, 2))
    LegSwitchFactory(leg=leg, reason="Ice", switched_by=staff, until=dt.date(2026, 11, 30))

    page = client.get(reverse("corridor:leg-detail", args=[leg.pk])).text

    assert "740" in page
    assert "Q-of-now" in page
    assert "Q-of-old" not in page
    assert re.search(r"closed from 25 Nov 2026 until 30 Nov 2026</b>: Ice<small>", page)
    assert 'action="/corridor/legs/' in page


def test_switching_a_leg_keeps_it_and_goes_back_to_its_page(client, staff, leg):
    answer = client.post(reverse("corridor:leg-switch", args=[leg.pk]), sent(leg, until="2026-11-30"))

    (switch,) = LegSwitch.objects.all()
    assert answer.headers["Location"] == reverse("corridor:leg-detail", args=[leg.pk])
    assert (switch.is_open, switch.from_day, switch.until, switch.reason, switch.switched_by) == (
        False,
        dt.date(2026, 11, 25),
        dt.date(2026, 11, 30),
        "Ice on the line",
        staff,
    )


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"reason": ""}, "Fill this in."),
        ({"reason": "x" * 301}, "301"),
        ({"until": "2026-11-24"}, "The last day lies before the first, 25 Nov 2026."),
        ({"becomes": "open"}, "The leg is open on all of these days already."),
        ({"becomes": "sunk"}, "sunk is no choice here."),
        ({"from_day": "05/06/2027"}, "can be"),
        ({"seen": "7"}, "Somebody has switched this leg since you opened the page"),
        ({"seen": "nonsense"}, "Somebody has switched this leg since you opened the page"),
    ],
)
def test_switching_a_leg_is_refused_in_words_and_keeps_what_was_typed(client, staff, leg, facts, words):
    answer = client.post(reverse("corridor:leg-switch", args=[leg.pk]), sent(leg, **facts))

    assert answer.status_code == 400
    assert words in answer.text
    assert ('value="Ice on the line"' in answer.text) == ("reason" not in facts)
    assert LegSwitch.objects.count() == 0


def test_second_tab_sees_the_first_ones_switch_and_may_put_its_own_on_top(client, staff, leg):
    address = reverse("corridor:leg-switch", args=[leg.pk])
    client.post(address, sent(leg))

    refused = client.post(address, sent(leg, becomes="open", reason="Melted"))
    seen = re.search(r'name="seen" value="(\d+)"', refused.text)[1]
    again = client.post(address, sent(leg, becomes="open", reason="Melted", seen=seen))

    assert (refused.status_code, again.status_code) == (400, 302)
    assert [switch.reason for switch in leg.switches.all()] == ["Melted", "Ice on the line"]


def test_history_of_a_leg_tells_who_switched_it(client, staff, leg):
    client.post(reverse("corridor:leg-switch", args=[leg.pk]), sent(leg))

    page = client.get(reverse("desk:history", args=["leg", leg.pk])).text

    words = re.sub(r"<[^>]+>", " ", page)
    assert "opened or closed" in words.lower()
    assert "Ice on the line" in words
    assert "Lianyungang, L1" in words
