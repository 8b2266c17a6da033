"""`match --against` at the terminal, with a real worker."""

import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from companies.models import Capacity, Need
from matching.enums import Failure, RunKind, RunState
from matching.models import Match, Run, RunDifference
from tests.matching.book import STARTING_WEIGHTS, small_book
from tests.matching.found import finished_run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

AS_OF = ("--as-of", "2027-01-04")


@pytest.fixture
def match(live_worker, capsys):
    """Type `match` with these arguments; what it prints."""
    small_book(headings=1)
    live_worker()

    def typed(*arguments: str) -> str:
        capsys.readouterr()
        call_command("match", *arguments)
        return capsys.readouterr().out

    return typed


def test_match_tells_what_is_otherwise_and_the_second_time_at_once(match):
    match(*AS_OF)
    first = Run.objects.get()
    Capacity.objects.update(price_amount=Decimal(820))

    report = json.loads(match(*AS_OF, "--against", str(first.pk), "--json"))

    second = Run.objects.first()
    told = report["difference"]
    figure = told["figures"]["usd_low_cents"]
    assert figure["after"] - figure["before"] == figure["parts"]["data"] != 0
    assert {cause for cause, part in figure["parts"].items() if part} == {"data"}
    assert told["before"]["input_hash"] == first.input_hash != told["after"]["input_hash"] == second.input_hash
    assert {tuple(sorted(pair["need"])) for pair in told["pairs"]} == {("company", "id", "reference")}
    assert json.loads(match("--run", str(second.pk), "--against", str(first.pk), "--json")) == report
    assert RunDifference.objects.get().attempt == 1


def test_what_if_of_other_weights_freight_and_day_is_told_against_the_official_run(match, tmp_path):
    match(*AS_OF)
    official = Run.objects.get()
    before = list(Match.objects.order_by("pk").values())
    weights = tmp_path / "weights.json"
    weights.write_text(json.dumps(dict.fromkeys(STARTING_WEIGHTS, 0) | {"trust": 1}))

    lines = match(
        *("--what-if", "--as-of", "2027-01-20", "--weights", str(weights), "--freight-percent", "60"),
        *("--need", str(Need.objects.first().pk), "--against", str(official.pk)),
    ).splitlines()

    assert f"Since run {official.pk}:" in lines
    assert any(line.startswith("Median score: ") and "the weights" in line for line in lines)
    assert Run.objects.first().kind == RunKind.WHAT_IF
    assert list(Match.objects.order_by("pk").values()) == before


def test_match_refuses_what_cannot_be_compared_before_it_begins(match):
    match(*AS_OF)
    run, failed = str(Run.objects.get().pk), finished_run(state=RunState.FAILED, reason_code=Failure.ERROR)
    refusals = {
        ("--against", str(failed.pk)): f"Run {failed.pk} has not come to its end, or followed an edit.",
        ("--against", "0"): "There is no run 0.",
        ("--run", "99999", "--against", run): "There is no run 99999.",
        ("--run", run, "--against", run): "These are one run. Choose another one.",
        ("--run", run, "--what-if"): ("A run that has ended is shown as it was: leave out what is to be otherwise."),
    }

    for arguments, why in refusals.items():
        with pytest.raises(CommandError) as refusal:
            match(*arguments)

        assert str(refusal.value) == why
    assert Run.objects.count() == 2


def test_match_says_so_where_nothing_is_otherwise(match):
    match(*AS_OF)

    lines = match(*AS_OF, "--against", str(Run.objects.get().pk)).splitlines()

    assert lines[-1] == "Nothing is otherwise."
