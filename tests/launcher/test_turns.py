import json

import pytest

from launcher.console import Console
from launcher.turns import Turn, take, turns

BOTH = [Turn("Side by side", ["-q"]), Turn("Apart", ["-q"])]
GOOD = {"counts": {"passed": 5812, "skipped": 4, "failed": 0, "error": 0}, "names": [], "seconds": 751.4}
BAD = {"counts": {"passed": 10, "failed": 1}, "names": ["FAILED tests/a.py::test_a[1]"], "seconds": 9}


def called(answers: list[tuple[int, dict]], planned=BOTH, *, folder) -> tuple[int, list[list[str]], str]:
    """The code, how pytest was called each time (without the file it tells into), and what was said."""
    calls = []

    def run(arguments: list[str]) -> int:
        code, told = answers[len(calls)]
        if "--tell" in arguments and told:
            (folder / arguments[-1]).write_text(json.dumps(told))
        calls.append([argument for argument in arguments if not argument.startswith(str(folder))])
        return code

    with (folder / "said").open("w+") as paper:
        code = take(planned, run, folder=folder, console=Console(paper))
        paper.seek(0)
        return code, calls, paper.read()


@pytest.mark.parametrize(
    ("arguments", "processors", "told"),
    [
        ([], 2, [["-n", "2", "--dist", "loadfile", "--apart", "never"], ["--apart", "only"]]),
        (
            ["--require-browser", "-x", "--durations=9"],
            16,
            [
                ["-n", "4", "--dist", "loadfile", "--apart", "never", "--require-browser", "-x", "--durations=9"],
                ["--apart", "only", "--require-browser", "-x", "--durations=9"],
            ],
        ),
        ([], 1, [[]]),
        (["tests/matching"], 2, [["tests/matching"]]),
        (["-k", "plan"], 2, [["-k", "plan"]]),
        (["--pdb"], 2, [["--pdb"]]),
    ],
)
def test_all_tests_take_two_turns_and_a_few_use_one_process(arguments, processors, told):
    assert [turn.arguments for turn in turns(arguments, processors)] == told


def test_two_good_turns_are_summed_up_in_the_last_line(tmp_path):
    code, calls, said = called([(0, GOOD), (0, GOOD | {"seconds": 60})], folder=tmp_path)

    assert (code, calls) == (0, [["-q", "--tell"], ["-q", "--tell"]])
    assert said == (
        "\nSide by side\n\nApart\n\n"
        "Side by side: 5812 passed, 4 skipped in 12 min 31 s\n"
        "Apart: 5812 passed, 4 skipped in 1 min 0 s\n"
        "All in all: 11624 passed, 8 skipped in 13 min 31 s\n"
    )


@pytest.mark.parametrize("codes", [(1, 0), (0, 1), (1, 1)])
def test_failure_of_either_turn_is_a_failure_and_both_are_taken(codes, tmp_path):
    answers = [(code, BAD if code else GOOD) for code in codes]

    code, calls, said = called(answers, folder=tmp_path)

    assert (code, len(calls)) == (1, 2)
    assert said.count("FAILED tests/a.py::test_a[1]") == sum(codes)
    assert said.splitlines()[-1].startswith(f"All in all: {sum(codes)} failed, ")


@pytest.mark.parametrize("code", [2, 3, 4, 5, 130, 137])
def test_a_turn_that_did_not_get_through_is_the_last_one(code, tmp_path):
    """Interrupted, without any test, or killed before it could tell anything."""
    answer, calls, said = called([(code, {})], folder=tmp_path)

    assert (answer, len(calls)) == (code, 1)
    assert said.splitlines()[-3:] == [
        "Side by side: no test was run in 0 min 0 s",
        "Apart: not taken",
        "All in all: no test was run in 0 min 0 s",
    ]


def test_the_second_turn_without_a_test_is_a_failure(tmp_path):
    assert called([(0, GOOD), (5, {})], folder=tmp_path)[0] == 5


def test_whoever_wants_to_stop_at_the_first_failure_stops_there(tmp_path):
    planned = [Turn("Side by side", ["-x"]), Turn("Apart", ["-x"])]

    code, calls, said = called([(1, BAD)], planned, folder=tmp_path)

    assert (code, len(calls)) == (1, 1)
    assert "Apart: not taken" in said


def test_chosen_tests_are_summed_up_by_pytest_alone(tmp_path):
    code, calls, said = called([(5, {})], [Turn("", ["-k", "nothing"])], folder=tmp_path)

    assert (code, calls, said) == (5, [["-k", "nothing"]], "")
