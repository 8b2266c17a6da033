"""Transportation and assignment problems of textbooks, through `solve_plan`, against the optimum the books print."""

import json
from decimal import Decimal
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from scipy.optimize import linprog

PROBLEMS = json.loads(Path(__file__).with_name("problems.json").read_text(encoding="utf-8"))


@pytest.fixture(params=PROBLEMS, ids=[problem["name"] for problem in PROBLEMS])
def published(request):
    return request.param


def test_there_are_at_least_ten_with_a_source_each():
    assert len(PROBLEMS) >= 10
    assert all(problem["source"] for problem in PROBLEMS)


def test_solve_plan_reaches_the_published_optimum_with_gap_zero(published, tmp_path):
    file, out = tmp_path / "problem.json", StringIO()
    file.write_text(json.dumps(published["problem"]), encoding="utf-8")

    call_command("solve_plan", str(file), "--json", stdout=out)

    answer = json.loads(out.getvalue(), parse_float=Decimal)
    optimum = Decimal(published["optimum"])
    assert (answer["status"], answer["value"], answer["bound"], answer["gap"]) == ("optimal", optimum, optimum, 0)
    worth = {(pair["supply"], pair["demand"]): Decimal(pair["value"]) for pair in published["problem"]["pairs"]}
    assert sum(worth[flow["supply"], flow["demand"]] * flow["kg"] for flow in answer["flows"]) == optimum


def test_the_published_optimum_is_the_one_of_the_data_as_we_copied_them(published):
    problem = published["problem"]
    supplies, demands, pairs = list(problem["supplies"]), list(problem["demands"]), problem["pairs"]
    ends = np.zeros((len(supplies) + len(demands), len(pairs)))
    for at, pair in enumerate(pairs):
        ends[supplies.index(pair["supply"]), at] = 1
        ends[len(supplies) + demands.index(pair["demand"]), at] = 1
    limits = [*problem["supplies"].values(), *problem["demands"].values()]
    all_kg = min(sum(problem["supplies"].values()), sum(problem["demands"].values()))

    answer = linprog(
        [float(pair["value"]) for pair in pairs], ends, limits, A_eq=np.ones((1, len(pairs))), b_eq=[all_kg]
    )

    assert answer.fun == pytest.approx(float(published["optimum"]), abs=1e-6)
