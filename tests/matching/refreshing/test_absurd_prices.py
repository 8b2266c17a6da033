"""A price that nobody can mean, in the book from before it was refused: runs and refreshes end well for everybody."""

from decimal import Decimal

import numpy as np
import pytest
from django.urls import reverse

from accounts.enums import Role
from matching import services
from matching.enums import RunState
from matching.models import ListedMatch, Match, MatchResult
from matching.services import results
from matching.services.decimals import MOST_KEPT, is_kept
from matching.services.refreshing import snapshots
from matching.told_facts import facts_of
from tests.matching.book import AS_OF, capacity, need
from tests.matching.refreshing.edits import official, refresh_all, refreshed
from tests.people import person

pytestmark = pytest.mark.django_db

ABSURD = {"price_amount": Decimal(999_999_999_999), "price_unit": "kg"}
NO_LIMIT = {"price_amount": None, "price_currency": "", "price_unit": "", "price_basis": ""}
LANDED = [999_999_999_999_200, 999_999_999_999_230]  # by what its lane costs


@pytest.fixture
def wanted(goods):
    return need(goods, **NO_LIMIT)


@pytest.fixture
def offered(goods):
    return capacity(goods, **ABSURD)


def compared(result: MatchResult) -> list[float]:
    """The landed cost that the rules compared."""
    facts = facts_of([result])[result.pk]
    return [facts["price"][f"landed_{end}_usd_per_t"] for end in ("low", "high")]


def kept_of(match: Match) -> tuple:
    """What the result and its row in the list keep of the landed cost."""
    listed = ListedMatch.objects.get(match=match)
    return match.latest.landed_low_usd_per_t, match.latest.landed_high_usd_per_t, listed.landed_high_usd_per_t


@pytest.mark.parametrize("kept", [0, 5000])
def test_official_run_ends_well_and_keeps_the_cost_among_facts_alone(goods, wanted, offered, monkeypatch, kept):
    monkeypatch.setattr(results, "FACTS_KEPT", kept)
    usual = capacity(goods)

    run = official()

    assert run.state == RunState.FINISHED
    found = {match.capacity: match for match in Match.objects.current()}
    assert set(found) == {offered, usual}
    assert kept_of(found[offered]) == (None, None, None)
    assert compared(found[offered].latest) == pytest.approx(LANDED, abs=1)
    assert kept_of(found[usual]) == (Decimal(1000), Decimal(1030), Decimal(1030))


def test_refresh_ends_well_and_finds_nothing_otherwise_afterwards(goods, wanted, offered):
    services.ask_for_refresh(wanted, as_of=AS_OF)
    refresh_all()
    match = Match.objects.current().get()
    assert kept_of(match) == (None, None, None)
    assert compared(match.latest) == pytest.approx(LANDED, abs=1)

    refreshed(capacity(goods))

    assert MatchResult.objects.filter(match=match).count() == 1


@pytest.mark.usefixtures("compiled", "place")
def test_refresh_through_the_snapshot_ends_well(wanted, offered, asked):
    official()
    assert snapshots.make_snapshot()

    run = refreshed(offered, lead_days=12)

    assert (asked, run.state) == ([run.pk], RunState.FINISHED)
    assert kept_of(Match.objects.current().get()) == (None, None, None)


def test_pages_of_such_a_match_open_and_do_not_say_that_its_cost_has_changed(client, wanted, offered):
    official()
    client.force_login(person(Role.STAFF))

    listed = client.get(reverse("matching:match-list"), {"sort": "-landed"})
    page = client.get(reverse("matching:match-detail", args=[Match.objects.get().pk]))

    assert (listed.status_code, page.status_code) == (200, 200)
    assert page.context["cost_differs"] is False


def test_landed_cost_is_kept_with_both_ends_or_not_at_all():
    low = np.array([1.0, 1.0, MOST_KEPT, MOST_KEPT, -2.0 * MOST_KEPT, np.nan, np.nan])
    high = np.array([2.0, 2e15, MOST_KEPT, MOST_KEPT + 0.5, 1.0, np.nan, 2e15])

    assert is_kept(low, high).tolist() == [True, False, True, False, False, True, False]
    assert [bool(is_kept(*ends)) for ends in zip(low, high, strict=True)] == is_kept(low, high).tolist()
