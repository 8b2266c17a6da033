"""`match` and `start_run` at the terminal, with a real worker."""

import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from companies.models import Capacity, Need
from matching import services
from matching.management.commands.match import limit_lines
from matching.models import Match, Run
from tests.matching.book import STARTING_WEIGHTS, small_book
from tests.matching.faults import start

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

AS_OF = ("--as-of", "2027-01-04")


@pytest.fixture
def match(live_worker, capsys):
    """Type `match` with these arguments; what it prints."""
    small_book(headings=2)
    live_worker()

    def typed(*arguments: str) -> str:
        capsys.readouterr()
        call_command("match", *AS_OF, *arguments)
        return capsys.readouterr().out

    return typed


def test_match_prints_the_same_bytes_twice_whatever_unit_was_typed(match):
    first = match("--json")
    second = match("--json")
    for listing in Need.objects.all():
        listing.quantity_typed, listing.quantity_unit = Decimal(listing.quantity_kg), "kg"
        listing.price_amount, listing.price_unit = listing.price_amount / 1000, "kg"
        listing.save()
    in_kilograms = match("--json")

    assert first == second == in_kilograms
    report = json.loads(first)
    assert sorted(report) == [
        *("allocations", "as_of", "corridor_version", "counts", "engine_version", "input_hash"),
        *("matches", "near_misses", "plan", "rules_version", "weights"),
    ]
    assert len(report["matches"]) == Match.objects.current().count() == 4
    assert {tuple(sorted(row["need"])) for row in report["matches"]} == {("company", "id", "reference")}
    assert Run.objects.official().finished().count() == 3


def test_what_if_of_a_listing_shows_it_alone_and_changes_nothing(match, tmp_path):
    match()
    before = list(Match.objects.order_by("pk").values())
    weights = tmp_path / "weights.json"
    weights.write_text(json.dumps(dict.fromkeys(STARTING_WEIGHTS, 0) | {"trust": 1}))
    need = Need.objects.first()
    capacity = Capacity.objects.first()

    report = json.loads(
        match(
            *("--json", "--what-if", "--weights", str(weights)),
            *("--need", f"{need.company.code}/{need.reference}", "--capacity", str(capacity.pk)),
        )
    )

    assert [(row["need"]["id"], row["capacity"]["id"], row["score_ppm"]) for row in report["matches"]] == [
        (need.pk, capacity.pk, 300_000)
    ]
    assert report["counts"]["shards"] == 1
    assert list(Match.objects.order_by("pk").values()) == before


def test_match_shows_the_best_matches_to_a_person(match):
    lines = match("--language", "en").splitlines()

    best = Match.objects.order_by("-latest__score_ppm", "pk").first()
    assert lines[0] == f"Run {Run.objects.get().pk}. Needs: 4; capacities: 4; matches: 4; near misses: 4."
    assert len(lines) == 5
    assert lines[1].startswith(f"{best.latest.score_ppm / 1e6:.3f}  {best.capacity.company.code}/")


def test_start_run_if_none_runs_once(live_worker):
    small_book(headings=1)
    live_worker()

    call_command("start_run", "--if-none", "--wait")
    call_command("start_run", "--if-none", "--wait")

    assert Run.objects.official().finished().count() == Run.objects.count() == 1


@pytest.mark.parametrize("how_far", ["queued", "cut", "solved"])
def test_start_run_if_none_goes_on_with_one_that_was_left_behind(how_far, live_worker):
    small_book(headings=2)
    left_behind = start()
    if how_far != "queued":
        for shard in services.cut_book(left_behind.pk).shards:
            if how_far == "solved":
                services.carry_out_shard(shard)
    live_worker()

    call_command("start_run", "--if-none", "--wait")

    left_behind.refresh_from_db()
    assert (Run.objects.count(), left_behind.state) == (1, "finished")


REFUSALS = {
    "a need that is not there": (["--need", "77"], "There is no need 77."),
    "a reference that is not there": (["--capacity", "nobody/1"], "There is no capacity nobody/1."),
    "a number out of this world": (["--need", "9" * 40], "There is no need " + "9" * 40 + "."),
    "a file that is not there": (
        ["--weights", "missing.json"],
        "missing.json cannot be read: No such file or directory.",
    ),
    "weights that are no JSON": (["--weights", "{file}"], "{file} is not JSON."),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_match_refuses(case, tmp_path):
    small_book(headings=1)
    arguments, why = REFUSALS[case]
    file = tmp_path / "weights.json"
    file.write_text("price = 1")

    with pytest.raises(CommandError) as refusal:
        call_command("match", *(argument.format(file=file) for argument in arguments))

    assert str(refusal.value) == why.format(file=file)
    assert Run.objects.count() == 0


@pytest.mark.parametrize("weights", ['{"price": 1}', "[1]", '{"price": "much"}'])
def test_match_refuses_weights_that_make_no_sense(weights, tmp_path):
    small_book(headings=1)
    file = tmp_path / "weights.json"
    file.write_text(weights)

    with pytest.raises(CommandError, match=r"cannot be used|must hold an object"):
        call_command("match", "--weights", str(file))

    assert Run.objects.count() == 0


def test_match_refuses_a_day_that_is_none():
    with pytest.raises(CommandError, match=r"05/12/2026” can be 5 December 2026 or 12 May 2026"):
        call_command("match", "--as-of", "05/12/2026")


def test_match_refuses_while_a_run_is_under_way():
    small_book(headings=1)
    start()

    with pytest.raises(CommandError, match=r"A run is under way already\."):
        call_command("match")


def test_match_tells_what_a_cap_and_a_floor_cost():
    counts = {
        "plan_value": "60000000000",
        "plan_cost_of_cap": "30000000000",
        "plan_cost_of_floor": "10000000000",
        "micro_kg": "20000",
        "micro_floor_kg": "25000",
        "micro_floor_missing_kg": "5000",
        "plan_parts_without_limits": "2",
    }

    assert list(limit_lines(counts)) == [
        "The cap on one supplier costs 30.0 full points x tonnes, 30.00 % of the plan.",
        "The floor for micro companies costs 10.0 full points x tonnes, 10.00 % of the plan.",
        "Micro companies supply 20000 kg; 25000 kg were asked of them, 5000 kg are missing.",
        "2 parts of the book have too many pairs for a cap or a floor: their plans are without them.",
    ]
    assert list(limit_lines({"plan_value": "60000000000"})) == []
