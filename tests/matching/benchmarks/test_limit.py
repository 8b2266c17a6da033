import numpy as np
import pytest

from matching.benchmarks.kernel import limit
from matching.benchmarks.making import Sizes

SMALL = Sizes(needs=300, capacities=400, headings=2)


def test_c_loop_answers_every_lane_as_the_kernel_does():
    blocks = limit.blocks_of(SMALL, seed=3, n_needs=20, n_blocks=4)
    library, _reason = limit.compiled()
    loops = [limit.our_loop(blocks)] + ([limit.c_loop(library, blocks)] if library else [])

    answers = []
    for loop in loops:
        fails, best = np.zeros(64, np.int32), np.zeros(64, np.float32)
        answers.append((loop(fails, best), fails.tolist(), best.tolist()))

    assert len(set(answers[0][1])) > 5
    assert answers == [answers[0]] * len(answers)


@pytest.mark.parametrize("program", [None, "/bin/false"])
def test_without_a_compiler_the_loop_is_left_out_with_a_sentence(monkeypatch, program):
    monkeypatch.setattr(limit.shutil, "which", lambda _name: program)
    monkeypatch.setattr(limit, "ROUNDS", 1)

    told = limit.limit(SMALL, seed=3)

    assert told.c_ns is told.ratio is None
    assert told.ours_ns > 0
    assert told.reason.endswith("left out.")
