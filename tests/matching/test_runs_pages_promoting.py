"""From a what-if to the next version of the weights: what is kept, what is refused, and that nothing is half done."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.enums import Role
from matching import services
from matching.enums import RunKind, RunState
from matching.models import Run, Weights
from matching.services import results
from tests.matching.book import AS_OF, STARTING_WEIGHTS, open_corridor
from tests.matching.found import finished_run
from tests.people import person

pytestmark = pytest.mark.django_db

ON_TRUST = STARTING_WEIGHTS | {"price": 0.1, "trust": 0.3}
STALE = "Version 2 of the weights is in force by now. Look at it below, then say again."


@pytest.fixture(autouse=True)
def _starting_weights():
    open_corridor()
    finished_run()


def tried(**facts) -> Run:
    facts = {"kind": RunKind.WHAT_IF, "options": {"weights": ON_TRUST}} | facts
    return finished_run(**facts)


def promote(run: Run, *, reason: str = "Trust first.", seen: int | None = 1) -> tuple[Weights, Run]:
    return services.promote_weights(what_if=run, reason=reason, promoted_by=person(Role.STAFF), seen=seen)


def test_promotion_makes_the_next_version_and_starts_an_official_run_with_it():
    what_if = tried()

    weights, run = promote(what_if, reason="  Trust first. ")

    kept = Weights.objects.in_force()
    assert (kept, kept.version, kept.values, kept.reason) == (weights, 2, ON_TRUST, "Trust first.")
    assert (kept.changed_by, kept.promoted_from) == (person(Role.STAFF), what_if)
    assert (run.kind, run.state, run.weights, run.started_by) == ("official", "queued", weights, person(Role.STAFF))
    assert run.options == {}


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"options": {"freight_percent": "10"}}, "Only weights that a what-if has tried can be put in force."),
        ({"kind": RunKind.OFFICIAL}, "Only weights that a what-if has tried can be put in force."),
        ({"state": RunState.RUNNING}, "This what-if has not come to its end: nobody knows yet what its weights do."),
        (
            {"options": {"weights": ON_TRUST, "need": 1}},
            "These weights were tried on a part of the book only. Try them on the whole book first.",
        ),
        ({"options": {"weights": STARTING_WEIGHTS}}, "These weights are in force already, as version 1."),
    ],
)
def test_promotion_refuses_what_was_not_tried(facts, why):
    refuse(tried(**facts), [why])


def test_promotion_refuses_without_a_reason():
    refuse(tried(), ["Say why these weights are better: it is kept with them."], reason=" ")


@pytest.mark.parametrize("seen", [1, None])
def test_promotion_asks_again_where_other_weights_are_in_force_by_now(seen):
    what_if = tried()
    Weights.objects.create(version=2, values=STARTING_WEIGHTS | {"price": 0.2, "time": 0.2}, reason="a colleague")

    refuse(what_if, [STALE], seen=seen)
    weights, _run = promote(what_if, seen=2)

    assert (weights.version, weights.values) == (3, ON_TRUST)


def test_second_promotion_of_the_same_what_if_changes_nothing():
    what_if = tried()
    promote(what_if)

    refuse(what_if, [STALE])
    refuse(what_if, ["These weights are in force already, as version 2."], seen=2)


def test_promotion_waits_for_an_official_run_that_is_under_way():
    services.start_run(as_of=AS_OF)

    refuse(tried(), ["A run is under way already."])


def refuse(what_if: Run, why: list[str], **said) -> None:
    """Nothing of it is kept: neither a version nor a run."""
    before = list(Weights.objects.values()), list(Run.objects.values())

    with pytest.raises(ValidationError) as refusal:
        promote(what_if, **said)

    assert refusal.value.messages == why
    assert (list(Weights.objects.values()), list(Run.objects.values())) == before


def test_what_if_writes_nothing_official_whoever_asks_it_to():
    with pytest.raises(ValueError, match="nothing that is official"):
        results.save(tried(), results.Summary())


# --- starting one


def test_start_what_if_records_who_tries_what():
    run, is_new = services.start_what_if(
        started_by=person(Role.STAFF), options={"weights": ON_TRUST, "freight_percent": "10"}, as_of=AS_OF
    )

    assert (is_new, run.kind, run.state, run.as_of) == (True, RunKind.WHAT_IF, RunState.QUEUED, AS_OF)
    assert run.options == {"weights": ON_TRUST, "freight_percent": "10"}
    assert (run.started_by, run.weights.version) == (person(Role.STAFF), 1)


def test_start_what_if_finds_the_one_that_a_first_click_started():
    asked = {"started_by": person(Role.STAFF), "options": {"freight_percent": "10"}}
    first, _is_new = services.start_what_if(**asked)

    assert services.start_what_if(**asked) == (first, False)
    assert services.start_what_if(**asked | {"options": {"freight_percent": "11"}})[1] is True
    assert services.start_what_if(**asked | {"started_by": person(Role.ADMIN)})[1] is True


def test_start_what_if_refuses_one_in_which_nothing_is_otherwise():
    with pytest.raises(ValidationError, match="Nothing is otherwise"):
        services.start_what_if(started_by=person(Role.STAFF), options={})

    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assert services.start_what_if(started_by=person(Role.STAFF), options={}, as_of=tomorrow)[1] is True


def test_start_what_if_refuses_more_than_a_few_at_a_time():
    for percent in ("1", "2", "3"):
        services.start_what_if(started_by=person(Role.STAFF), options={"freight_percent": percent})

    with pytest.raises(ValidationError, match="Several what-ifs are under way already"):
        services.start_what_if(started_by=person(Role.STAFF), options={"freight_percent": "4"})
