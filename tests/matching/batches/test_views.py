"""Deciding about many matches from the list, and taking it back from there or from the page of the batch."""

import re

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from matching import services
from matching.enums import MatchState
from matching.models import DecisionBatch, Match
from tests.factories import CommodityFactory
from tests.matching.found import some_matches
from tests.people import member_of, person

pytestmark = pytest.mark.django_db
DECIDE = "/matches/decide/"


@pytest.fixture
def matches() -> list[Match]:
    return [result.match for result in some_matches(CommodityFactory(), 3)]


@pytest.fixture
def staff(client):
    user = person(Role.STAFF)
    client.force_login(user)
    return user


def states() -> list[str]:
    return list(Match.objects.order_by("pk").values_list("state", flat=True))


def said(response) -> list[str]:
    """Messages without their links."""
    return [re.sub(r"<[^>]*>", "", str(message)) for message in get_messages(response.wsgi_request)]


def test_the_chosen_matches_are_decided_and_the_list_stands_as_it_was(client, matches, staff):
    back = "/matches/?sector=palm_oil&sort=-score"
    chosen = [f"{match.pk}:new" for match in matches[:2]]

    response = client.post(DECIDE, {"state": "shortlisted", "match": chosen, "next": back})

    assert (response.status_code, response["Location"]) == (302, back)
    assert states() == [MatchState.SHORTLISTED, MatchState.SHORTLISTED, MatchState.NEW]
    assert said(response) == ["2 matches are decided. See them, or take it back"]


def test_what_others_decided_meanwhile_is_named(client, matches, staff):
    services.decide(match=matches[0], state=MatchState.PROPOSED, decided_by=person(Role.OFFICER))
    services.decide(match=matches[1], state=MatchState.SHORTLISTED, decided_by=person(Role.OFFICER))

    response = client.post(DECIDE, {"state": "shortlisted", "match": [f"{match.pk}:new" for match in matches]})

    assert said(response) == [
        "1 match is decided. See them, or take it back",
        "1 match stood so already.",
        f"Somebody else decided about 1 match meanwhile. It is left as it is: № {matches[0].pk}",
    ]


def test_a_dismissal_without_reason_keeps_what_was_chosen_and_typed(client, matches, staff):
    sent = {"state": "dismissed", "match": f"{matches[1].pk}:new", "note": "ask again", "next": "/matches/?sort=days"}

    response = client.post(DECIDE, sent)

    page = response.content.decode()
    assert (response.status_code, states()) == (400, [MatchState.NEW] * 3)
    assert re.findall(r'name="match" value="([^"]+)"( checked)?', page) == [(f"{matches[1].pk}:new", " checked")]
    assert "ask again" in page
    assert 'name="next" value="/matches/?sort=days"' in page
    assert response.context["form"].errors == {"reason": ["Say why the matches are dismissed."]}


@pytest.mark.parametrize("match", [[], ["x:new"], ["1:gone"], ["99999999999999999999:new"], ["0:new"], ["²:new"]])
def test_without_a_match_nothing_is_decided(client, matches, staff, match):
    response = client.post(DECIDE, {"state": "shortlisted", "match": match})

    assert (response.status_code, states()) == (400, [MatchState.NEW] * 3)
    assert response.context["form"].non_field_errors() == ["Choose at least one match."]


def test_more_than_the_bound_are_refused_in_words(client, matches, staff, monkeypatch):
    monkeypatch.setattr("matching.services.batches.MOST_AT_ONCE", 2)
    monkeypatch.setattr("matching.views.batches.MOST_AT_ONCE", 2)

    response = client.post(DECIDE, {"state": "shortlisted", "match": [f"{match.pk}:new" for match in matches]})

    assert (response.status_code, states()) == (400, [MatchState.NEW] * 3)
    assert response.context["form"].non_field_errors() == ["At most 2 matches are decided at once: choose fewer."]


def test_choices_that_are_not_seen_count_for_the_bound_and_none_is_dropped_unsaid(client, matches, staff, monkeypatch):
    monkeypatch.setattr("matching.services.batches.MOST_AT_ONCE", 3)
    monkeypatch.setattr("matching.views.batches.MOST_AT_ONCE", 3)
    unseen = [f"{matches[-1].pk + number}:new" for number in (1000, 1001)]

    chosen = [*unseen, *(f"{match.pk}:new" for match in matches)]
    response = client.post(DECIDE, {"state": "shortlisted", "match": chosen})

    assert (response.status_code, states()) == (400, [MatchState.NEW] * 3)
    assert response.context["form"].non_field_errors() == ["At most 3 matches are decided at once: choose fewer."]


@pytest.mark.parametrize("elsewhere", ["https://example.test/", "//example.test/matches/", "/people/", "/matches/1/"])
def test_the_way_back_is_the_list_and_nowhere_else(client, matches, staff, elsewhere):
    response = client.post(DECIDE, {"state": "shortlisted", "match": f"{matches[0].pk}:new", "next": elsewhere})

    assert response["Location"] == "/matches/"


def test_every_row_of_a_filter_can_be_chosen(client, matches, staff):
    services.decide(match=matches[2], state=MatchState.SHORTLISTED, decided_by=staff)

    response = client.get(DECIDE, {"state": "new"})

    chosen = re.findall(r'name="match" value="([^"]+)" checked', response.content.decode())
    assert chosen == [f"{matches[0].pk}:new", f"{matches[1].pk}:new"]
    assert response.context["next"] == "/matches/?state=new"


def test_a_filter_with_more_rows_than_the_bound_is_cut_and_says_so(client, matches, staff, monkeypatch):
    monkeypatch.setattr("matching.views.batches.MOST_AT_ONCE", 2)

    response = client.get(DECIDE)

    assert [match.pk for match in response.context["matches"]] == [matches[0].pk, matches[1].pk]
    assert "The first 2 rows of the filter, in its order" in response.content.decode()


def test_a_filter_that_makes_no_sense_is_refused(client, staff):
    assert client.get(DECIDE, {"sort": "nothing"}).status_code == 400


def test_the_last_batch_is_taken_back_from_the_list_once(client, matches, staff):
    client.post(DECIDE, {"state": "shortlisted", "match": f"{matches[0].pk}:new"})
    batch = DecisionBatch.objects.get()
    undo = f"/matches/batches/{batch.pk}/undo/"

    first, again = (client.post(undo, {"next": "/matches/?page=1"}) for _time in range(2))

    assert states() == [MatchState.NEW] * 3
    assert (first["Location"], said(first)[-1]) == ("/matches/?page=1", "1 match stands again as before.")
    assert again["Location"] == f"/matches/batches/{batch.pk}/"
    assert said(again)[-1] == "This was taken back already."


def test_whoever_may_decide_takes_back_what_a_colleague_decided(client, matches, staff):
    seen = {match.pk: MatchState.NEW for match in matches}
    batch = services.decide_many(seen=seen, state=MatchState.SHORTLISTED, decided_by=person(Role.OFFICER)).batch
    services.decide(match=matches[1], state=MatchState.PROPOSED, decided_by=person(Role.OFFICER))

    response = client.post(f"/matches/batches/{batch.pk}/undo/")

    assert states() == [MatchState.NEW, MatchState.PROPOSED, MatchState.NEW]
    assert said(response) == [
        "2 matches stand again as before.",
        f"1 match was decided upon again since. It is left as it is: № {matches[1].pk}",
    ]


def test_who_knows_of_a_proposal_that_was_taken_back_is_counted(client, matches, staff):
    reader = member_of(matches[0].need.company)
    client.post(DECIDE, {"state": "proposed", "match": f"{matches[0].pk}:new"})
    reader.notices.update(read_at="2027-01-05T08:00Z")

    response = client.post(f"/matches/batches/{DecisionBatch.objects.get().pk}/undo/")

    assert said(response)[-1] == (
        "1 person of these companies has read of the proposal, or has it by letter: tell them that it does not stand."
    )


@pytest.mark.parametrize("is_undone", [False, True])
def test_page_of_a_batch_shows_each_match_once_and_how_it_stands(client, matches, staff, is_undone):
    client.post(DECIDE, {"state": "shortlisted", "match": [f"{match.pk}:new" for match in matches]})
    batch = DecisionBatch.objects.get()
    if is_undone:
        services.undo_batch(batch=batch, undone_by=staff)

    response = client.get(f"/matches/batches/{batch.pk}/")

    stands = MatchState.NEW if is_undone else MatchState.SHORTLISTED
    assert [(row.match.pk, row.match.state) for row in response.context["decisions"]] == [
        (match.pk, stands) for match in matches
    ]
    assert ("Take it back" in response.content.decode()) is not is_undone


def test_page_of_a_batch_costs_the_same_for_one_match_as_for_three(client, matches, staff, django_assert_num_queries):
    one, three = (
        services.decide_many(
            seen={match.pk: match.state for match in Match.objects.filter(pk__in=pks)}, state=state, decided_by=staff
        ).batch
        for pks, state in (
            ([matches[0].pk], MatchState.SHORTLISTED),
            ([match.pk for match in matches], MatchState.PROPOSED),
        )
    )
    client.get(f"/matches/batches/{one.pk}/")
    with CaptureQueriesContext(connection) as of_one:
        client.get(f"/matches/batches/{one.pk}/")

    with django_assert_num_queries(len(of_one)):
        client.get(f"/matches/batches/{three.pk}/")
