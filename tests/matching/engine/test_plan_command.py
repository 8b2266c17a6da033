"""`solve_plan FILE`: what it reads, what it refuses and in which words, and that no digit is lost."""

import json
import re
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from matching.management.commands._plan_numbers import written_out


def solve(tmp_path, content, *options):
    """What the command prints for a file with this content."""
    file, out = tmp_path / "plan.json", StringIO()
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    call_command("solve_plan", str(file), *options, stdout=out)
    return out.getvalue()


def solve_json(tmp_path, content):
    """The answer, with its decimals kept."""
    return json.loads(solve(tmp_path, content, "--json"), parse_float=Decimal)


def one_pair(pair=None, **changes):
    """Balikpapan has 10 kg, Almaty wants 8 kg, a kilogram is worth 3."""
    pair = {"supply": "Balikpapan", "demand": "Almaty", "value": 3, **(pair or {})}
    return {"supplies": {"Balikpapan": 10}, "demands": {"Almaty": 8}, "pairs": [pair], **changes}


def test_solve_plan_answers_with_value_bound_gap_and_sorted_flows(tmp_path):
    problem = {
        "sense": "max",
        "ship_all": False,
        "supplies": {"b": 5, "a": 5},
        "demands": {"y": 4, "x": 4},
        "pairs": [
            {"supply": "b", "demand": "y", "value": 2},
            {"supply": "b", "demand": "x", "value": "1.25"},
            {"supply": "a", "demand": "y", "value": 1.5, "max_kg": 3, "lot_kg": 2, "smallest_share_kg": None},
            {"supply": "a", "demand": "x", "value": 2, "max_kg": 2},
        ],
        "pins": [],
        "bans": [],
    }

    answer = solve(tmp_path, problem, "--json")

    assert answer == (
        "{\n"
        '  "status": "optimal",\n'
        '  "value": 13.5,\n'
        '  "bound": 13.5,\n'
        '  "gap": 0,\n'
        '  "flows": [\n'
        '    {"supply": "a", "demand": "x", "kg": 2},\n'
        '    {"supply": "a", "demand": "y", "kg": 2},\n'
        '    {"supply": "b", "demand": "x", "kg": 2},\n'
        '    {"supply": "b", "demand": "y", "kg": 2}\n'
        "  ]\n"
        "}\n"
    )


def test_solve_plan_tells_a_reader_at_a_terminal(tmp_path):
    assert solve(tmp_path, one_pair()) == "value 24, bound 24, gap 0\nBalikpapan to Almaty: 8 kg\n"


def test_solve_plan_answers_the_example_of_the_documentation_as_printed_there(tmp_path):
    page = Path(settings.BASE_DIR, "docs", "plan.md").read_text(encoding="utf-8")
    problem, answer = re.findall(r"```json\n(.*?)```", page, flags=re.DOTALL)

    assert solve(tmp_path, problem, "--json") == answer


def test_solve_plan_of_nothing_is_nothing(tmp_path):
    answer = solve_json(tmp_path, {"supplies": {}, "demands": {}, "pairs": []})

    assert answer == {"status": "optimal", "value": 0, "bound": 0, "gap": 0, "flows": []}


def test_solve_plan_keeps_names_of_any_script_and_quotes(tmp_path):
    pair = {"supply": 'Астық "1"', "demand": 2, "value": 1}

    answer = solve_json(tmp_path, {"supplies": {'Астық "1"': 1}, "demands": {"2": 1}, "pairs": [pair]})

    assert answer["flows"] == [{"supply": 'Астық "1"', "demand": "2", "kg": 1}]


@pytest.mark.parametrize(
    ("pair", "changes", "kg"),
    [
        ({}, {"pins": [{"supply": "Balikpapan", "demand": "Almaty"}], "sense": "min"}, 1),
        ({"lot_kg": 4}, {"pins": [{"supply": "Balikpapan", "demand": "Almaty"}], "sense": "min"}, 4),
        ({}, {"pins": [{"supply": "Balikpapan", "demand": "Almaty", "kg": 6}], "sense": "min"}, 6),
        ({}, {"bans": [{"supply": "Balikpapan", "demand": "Almaty"}]}, 0),
        ({"smallest_share_kg": 9}, {}, 0),
        ({"max_kg": 5.0}, {}, 5),
        ({"max_kg": "5"}, {}, 5),
        ({"max_kg": 5e0}, {"sense": "min", "ship_all": False}, 0),
    ],
)
def test_solve_plan_keeps_pins_bans_and_minima(tmp_path, pair, changes, kg):
    answer = solve_json(tmp_path, one_pair(pair, **changes))

    assert (answer["value"], sum(flow["kg"] for flow in answer["flows"])) == (3 * kg, kg)


def test_solve_plan_loses_no_digit(tmp_path):
    value, kg = "0.1234567890123456789012345678901234567890", 10**30 + 1
    pair = {"supply": "a", "demand": "b", "value": value}

    answer = solve_json(tmp_path, {"supplies": {"a": kg}, "demands": {"b": kg}, "pairs": [pair]})

    assert Fraction(answer["value"]) == Fraction(value) * kg
    assert answer["flows"] == [{"supply": "a", "demand": "b", "kg": kg}]


@pytest.mark.parametrize("value", ["1e40", "-1e-40", "1" * 900, "0." + "1" * 900])
def test_solve_plan_takes_values_of_any_size(tmp_path, value):
    answer = solve_json(tmp_path, one_pair({"value": value}, ship_all=True))

    assert answer["value"] == answer["bound"]
    assert len(answer["flows"]) == 1


@given(number=st.integers(-(10**30), 10**30), decimals=st.integers(0, 40))
def test_written_out_says_the_same_number_without_an_exponent(number, decimals):
    text = written_out(number, decimals)

    assert Decimal(text) == Decimal(f"{number}e-{decimals}")
    assert "E" not in text
    assert not ("." in text and text.endswith("0"))


REFUSALS = [
    (one_pair(supplies={"Balikpapan": -10}), 'supplies["Balikpapan"] must be at least 0 kg, not -10.'),
    (one_pair(supplies={"Balikpapan": 1.5}), 'supplies["Balikpapan"] must be whole kilograms, not 1.5.'),
    (one_pair(supplies={"Balikpapan": "ten"}), 'supplies["Balikpapan"] must be a number, not "ten".'),
    (one_pair(supplies={"Balikpapan": True}), 'supplies["Balikpapan"] must be a number, not true.'),
    (one_pair(supplies={"Balikpapan": None}), 'supplies["Balikpapan"] must be a number, not null.'),
    (one_pair(supplies=[10]), '"supplies" must be an object of kilograms by name.'),
    (one_pair({"value": "1,5"}), 'pairs[0].value must be a number, not "1,5".'),
    (one_pair({"value": "NaN"}), 'pairs[0].value must be a number, not "NaN".'),
    (one_pair({"value": float("nan")}), "pairs[0].value must be a number, not NaN."),
    (one_pair({"value": float("inf")}), "pairs[0].value must be a number, not Infinity."),
    (one_pair({"value": "1e1000"}), "pairs[0].value has more than 1000 digits when written out."),
    (one_pair({"lot_kg": 0.5}), "pairs[0].lot_kg must be whole kilograms, not 0.5."),
    (one_pair({"max_kg": -1}), "pairs[0].max_kg must be at least 0 kg, not -1."),
    (one_pair({"supply": "Surabaya"}), 'pairs[0] names the unknown supply "Surabaya".'),
    (one_pair({"demand": ["Almaty"]}), 'pairs[0] names the unknown demand ["Almaty"].'),
    (one_pair({"max": 3}), 'pairs[0] has the unknown key "max"'),
    (one_pair(sens="min"), 'the file has the unknown key "sens"'),
    (one_pair(sense="least"), '"sense" must be "max" or "min", not "least".'),
    (one_pair(ship_all="yes"), '"ship_all" must be true or false, not "yes".'),
    (one_pair(pairs={}), '"pairs" must be a list.'),
    (one_pair(pairs=[3]), "pairs[0] must be an object, not 3."),
    (one_pair(pairs=[{"supply": "Balikpapan", "demand": "Almaty"}]), 'pairs[0] lacks "value".'),
    (one_pair(pairs=one_pair()["pairs"] * 2), 'pairs[1] names supply "Balikpapan" and demand "Almaty" a second time.'),
    (one_pair(pins=[{"supply": "Balikpapan", "demand": "Almaty", "kg": 0.5}]), "pins[0].kg must be whole kilograms"),
    (one_pair(pairs=[], bans=[{"supply": "Balikpapan", "demand": "Almaty"}]), 'which "pairs" does not list.'),
    ({"supplies": {}, "demands": {}}, 'the file lacks "pairs".'),
    ([], "the file must be an object, not []."),
    ('{"supplies": {"a": 1, "a": 2}, "demands": {}, "pairs": []}', '"a" stands twice in one object.'),
    ('{"supplies": {"a": 1e99999999999999999999}, "demands": {}, "pairs": []}', "is too long a number."),
    ('{"supplies": ', "line 1, column 14 is not JSON: Expecting value."),
    ("[" * 200_000, "is nested too deeply to be a plan."),
    (b"\xff\xfe{", "is not UTF-8 text."),
]


@pytest.mark.parametrize(("content", "says"), REFUSALS, ids=[says for _content, says in REFUSALS])
def test_solve_plan_refuses_in_one_sentence_that_names_the_place(tmp_path, content, says):
    with pytest.raises(CommandError) as refusal:
        solve(tmp_path, content)

    assert says in str(refusal.value)
    assert str(refusal.value).startswith(str(tmp_path / "plan.json"))
    assert "\n" not in str(refusal.value)
    assert refusal.value.returncode == 1


def test_solve_plan_says_when_there_is_no_such_file(tmp_path):
    with pytest.raises(CommandError, match=r"none\.json cannot be read: No such file or directory"):
        call_command("solve_plan", str(tmp_path / "none.json"))


PIN = {"supply": "Balikpapan", "demand": "Almaty"}
IMPOSSIBLE = [
    (one_pair(pins=[PIN], bans=[PIN]), "Supply Balikpapan and demand Almaty are both pinned and banned."),
    (one_pair(pins=[{**PIN, "kg": 9}]), "The pin of supply Balikpapan and demand Almaty needs more than the pair"),
    (one_pair({"max_kg": 7}, ship_all=True), "No plan can ship all"),
    (
        one_pair(
            demands={"Almaty": 8, "Aktau": 8},
            pairs=[{**PIN, "value": 1}, {"supply": "Balikpapan", "demand": "Aktau", "value": 1}],
            pins=[{**PIN, "kg": 6}, {"supply": "Balikpapan", "demand": "Aktau", "kg": 6}],
        ),
        "The pins of supply Balikpapan need more than it has.",
    ),
]


@pytest.mark.parametrize(("content", "says"), IMPOSSIBLE, ids=[says for _content, says in IMPOSSIBLE])
def test_solve_plan_says_why_there_is_no_plan(tmp_path, content, says):
    with pytest.raises(CommandError) as refusal:
        solve(tmp_path, content, "--json")

    assert says in str(refusal.value)
    assert refusal.value.returncode == 2
