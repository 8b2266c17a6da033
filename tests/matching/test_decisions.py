"""What people decide about matches, and which matches they see."""

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from companies.models import Company
from matching import services
from matching.enums import DismissReason, MatchState
from matching.lists import newest_near_misses
from matching.models import Decision, Match, NearMiss
from tests.factories import CommodityFactory
from tests.matching.found import some_matches
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def match() -> Match:
    (result,) = some_matches(CommodityFactory(), 1)
    return result.match


def test_the_same_decision_twice_is_one(match):
    staff = person(Role.STAFF)
    facts = {"match": match, "state": MatchState.SHORTLISTED, "note": "call them", "decided_by": staff}

    first, second = services.decide(**facts), services.decide(**facts)

    assert (second.pk, Decision.objects.count()) == (first.pk, 1)


def test_another_decision_is_kept_beside_the_first(match):
    staff = person(Role.STAFF)
    services.decide(match=match, state=MatchState.SHORTLISTED, decided_by=staff)
    services.decide(match=match, state=MatchState.DISMISSED, reason=DismissReason.PRICE, decided_by=staff)

    match.refresh_from_db()
    assert match.state == MatchState.DISMISSED
    assert [decision.state for decision in match.decisions.all()] == [MatchState.DISMISSED, MatchState.SHORTLISTED]


def test_a_dismissal_wants_a_reason(match):
    with pytest.raises(ValidationError, match="why"):
        services.decide(match=match, state=MatchState.DISMISSED, decided_by=person(Role.STAFF))

    assert Decision.objects.count() == 0


@pytest.mark.parametrize("side", ["need", "capacity"])
def test_nobody_sees_a_match_or_near_miss_of_a_hidden_company(match, side):
    NearMiss.objects.create(
        run=match.latest.run,
        need=match.need,
        capacity=match.capacity,
        rule="price",
        side="seller",
        change={},
        effort=1,
        score_ppm=1,
        is_current=True,
    )
    staff = person(Role.STAFF)
    seen_before = (Match.objects.visible_to(staff).count(), newest_near_misses(staff).count())

    Company.objects.filter(pk=getattr(match, side).company_id).update(is_hidden=True)

    assert seen_before == (1, 1)
    assert (Match.objects.visible_to(staff).count(), newest_near_misses(staff).count()) == (0, 0)


def test_what_somebody_decided_meanwhile_is_not_overruled_unseen(client, match):
    client.force_login(person(Role.STAFF))
    page = f"/matches/{match.pk}/"
    seen = client.get(page).context["seen"]
    services.decide(
        match=match, state=MatchState.DISMISSED, reason=DismissReason.PRICE, decided_by=person(Role.OFFICER)
    )

    response = client.post(f"{page}decide/", {"state": "proposed", "note": "call them", "seen": seen})

    match.refresh_from_db()
    assert (response.status_code, match.state) == (400, MatchState.DISMISSED)
    assert "Meanwhile somebody decided: dismissed" in response.content.decode()
    assert "call them" in response.content.decode()


def test_decision_that_was_seen_may_be_overruled(client, match):
    client.force_login(person(Role.STAFF))
    services.decide(
        match=match, state=MatchState.DISMISSED, reason=DismissReason.PRICE, decided_by=person(Role.OFFICER)
    )
    seen = client.get(f"/matches/{match.pk}/").context["seen"]

    response = client.post(f"/matches/{match.pk}/decide/", {"state": "shortlisted", "seen": seen})

    match.refresh_from_db()
    assert (response.status_code, match.state) == (302, MatchState.SHORTLISTED)
