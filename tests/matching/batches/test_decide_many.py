"""One decision about many matches, and taking it back."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from matching import services
from matching.enums import DismissReason, MatchState
from matching.models import Decision, DecisionBatch, Match
from notices.models import Notice
from tests.factories import CommodityFactory
from tests.matching.found import some_matches
from tests.people import member_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def matches() -> list[Match]:
    return [result.match for result in some_matches(CommodityFactory(), 3)]


@pytest.fixture
def staff():
    return person(Role.STAFF)


def states() -> list[str]:
    return list(Match.objects.order_by("pk").values_list("state", flat=True))


def seen_as_they_are(matches: list[Match]) -> dict[int, str]:
    return {match.pk: match.state for match in matches}


def test_one_decision_about_many_matches_is_one_batch(matches, staff):
    done = services.decide_many(
        seen=seen_as_they_are(matches),
        state=MatchState.DISMISSED,
        reason=DismissReason.PRICE,
        note="too dear",
        decided_by=staff,
    )

    assert states() == [MatchState.DISMISSED] * 3
    assert (done.decided, done.already, done.left) == (matches, [], [])
    rows = Decision.objects.order_by("match").values_list("match", "reason", "note", "result", "batch", "decided_by")
    assert list(rows) == [
        (match.pk, DismissReason.PRICE, "too dear", match.latest_id, done.batch.pk, staff.pk) for match in matches
    ]


def test_what_somebody_else_decided_meanwhile_is_left_alone(matches, staff):
    seen = seen_as_they_are(matches)
    services.decide(match=matches[0], state=MatchState.PROPOSED, decided_by=person(Role.OFFICER))
    services.decide(match=matches[1], state=MatchState.SHORTLISTED, decided_by=person(Role.OFFICER))

    done = services.decide_many(seen=seen, state=MatchState.SHORTLISTED, decided_by=staff)

    assert states() == [MatchState.PROPOSED, MatchState.SHORTLISTED, MatchState.SHORTLISTED]
    assert (done.decided, done.already, done.left) == ([matches[2]], [matches[1]], [matches[0]])


def test_where_nothing_is_left_to_decide_there_is_no_batch(matches, staff):
    services.decide_many(seen=seen_as_they_are(matches), state=MatchState.SHORTLISTED, decided_by=staff)

    done = services.decide_many(
        seen=dict.fromkeys([match.pk for match in matches], "shortlisted"),
        state=MatchState.SHORTLISTED,
        decided_by=staff,
    )

    assert (done.batch, DecisionBatch.objects.count(), Decision.objects.count()) == (None, 1, 3)


def test_dismissing_many_wants_a_reason(matches, staff):
    with pytest.raises(ValidationError, match="Say why"):
        services.decide_many(seen=seen_as_they_are(matches), state=MatchState.DISMISSED, decided_by=staff)

    assert states() == [MatchState.NEW] * 3


def test_more_than_the_bound_are_refused(staff):
    seen = dict.fromkeys(range(services.MOST_AT_ONCE + 1), "new")

    with pytest.raises(ValidationError, match="choose fewer"):
        services.decide_many(seen=seen, state=MatchState.SHORTLISTED, decided_by=staff)


def test_taken_back_each_match_has_the_state_it_had(matches, staff):
    services.decide(match=matches[0], state=MatchState.DISMISSED, reason=DismissReason.TRUST, decided_by=staff)
    matches[0].refresh_from_db()
    batch = services.decide_many(seen=seen_as_they_are(matches), state=MatchState.SHORTLISTED, decided_by=staff).batch
    other = person(Role.OFFICER)

    done = services.undo_batch(batch=batch, undone_by=other)

    assert (done.restored, done.left, done.told) == (matches, [], 0)
    assert states() == [MatchState.DISMISSED, MatchState.NEW, MatchState.NEW]
    rows = Decision.objects.filter(decided_by=other).order_by("match").values_list("state", "reason", "batch")
    assert list(rows) == [("dismissed", "trust", batch.pk), ("new", "", batch.pk), ("new", "", batch.pk)]
    batch.refresh_from_db()
    assert (batch.undone_by, batch.undone_at is not None) == (other, True)


def test_what_was_decided_again_since_is_left_when_a_batch_is_taken_back(matches, staff):
    batch = services.decide_many(seen=seen_as_they_are(matches), state=MatchState.SHORTLISTED, decided_by=staff).batch
    services.decide(match=matches[1], state=MatchState.PROPOSED, decided_by=person(Role.OFFICER))

    done = services.undo_batch(batch=batch, undone_by=staff)

    assert states() == [MatchState.NEW, MatchState.PROPOSED, MatchState.NEW]
    assert (done.restored, done.left) == ([matches[0], matches[2]], [matches[1]])


def test_a_batch_is_taken_back_once(matches, staff):
    batch = services.decide_many(seen=seen_as_they_are(matches), state=MatchState.SHORTLISTED, decided_by=staff).batch
    services.undo_batch(batch=batch, undone_by=staff)

    with pytest.raises(ValidationError, match="taken back already"):
        services.undo_batch(batch=batch, undone_by=staff)

    assert Decision.objects.count() == 6


def test_proposals_taken_back_are_unsaid_to_whoever_has_not_read_of_them(matches, staff):
    unread, read, by_letter = (member_of(match.need.company) for match in matches)
    batch = services.decide_many(seen=seen_as_they_are(matches), state=MatchState.PROPOSED, decided_by=staff).batch
    told = set(Notice.objects.values_list("user", flat=True))
    Notice.objects.filter(user=read).update(read_at=timezone.now())
    Notice.objects.filter(user=by_letter).update(letter_taken_at=timezone.now())

    done = services.undo_batch(batch=batch, undone_by=staff)

    assert told == {unread.pk, read.pk, by_letter.pk}
    assert set(Notice.objects.values_list("user", flat=True)) == {read.pk, by_letter.pk}
    assert done.told == 2


def test_proposed_again_after_it_was_taken_back_is_told_again(matches, staff):
    user = member_of(matches[0].need.company)
    seen = {matches[0].pk: MatchState.NEW}
    batch = services.decide_many(seen=seen, state=MatchState.PROPOSED, decided_by=staff).batch
    services.undo_batch(batch=batch, undone_by=staff)

    services.decide_many(seen=seen, state=MatchState.PROPOSED, decided_by=staff)

    assert list(Notice.objects.values_list("user", flat=True)) == [user.pk]


def test_thirty_proposals_cost_as_many_queries_as_three(staff):
    def queries(count: int) -> int:
        matches = [result.match for result in some_matches(CommodityFactory(), count)]
        people = [member_of(side.company) for match in matches for side in (match.need, match.capacity)]
        with CaptureQueriesContext(connection) as captured:
            services.decide_many(seen=seen_as_they_are(matches), state=MatchState.PROPOSED, decided_by=staff)
        assert Notice.objects.filter(user__in=people).count() == 2 * count
        return len(captured)

    assert queries(30) == queries(3)
