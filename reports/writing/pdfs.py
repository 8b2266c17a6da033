"""A report on paper: a tagged PDF (PDF/UA-1), set by Typst from a template that reads plain data and nothing else.

Nothing of a report is ever markup: the template gets one JSON text, all words and figures of which are written in
`reports.writing.paper`. It may read its own folder alone; fonts are those of that folder. See docs/reports-paper.md.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from django.core.exceptions import ValidationError

from reports.enums import Failure
from reports.frozen import Frozen
from reports.writing.paper.blocks import Setter
from reports.writing.paper.head import around
from reports.writing.paper.speech import Speech

TYPESETTING = Path(__file__).with_name("typesetting.py")
LONGEST = 120  # s; the largest report that is printed takes some 15
# Of the processor, in s: it ends also where the worker that would have ended it is gone.
MOST_CPU_S = 120
MOST_BYTES = 2_000_000_000  # of addresses; the largest report that is printed takes some 600 MB
# All that the process finds in its environment. The worker's own holds passwords; and with as many threads as there are
# processors, each with memory put by, the bound would mean something else on every machine.
ENVIRONMENT = {"RAYON_NUM_THREADS": "2", "MALLOC_ARENA_MAX": "2"}
ENDED_AT_A_BOUND = {-signal.SIGXCPU, -signal.SIGABRT}  # Rust aborts where it gets no memory


def write(path: Path, frozen: Frozen, languages: Sequence[str]) -> None:
    """Write the PDF of a report in one language, or in two of which the second stands below the first, smaller."""
    path.write_bytes(compiled(paper(frozen, languages)))


def paper(frozen: Frozen, languages: Sequence[str]) -> dict:
    """All that the template is told."""
    speech = Speech(languages)
    setter = Setter(frozen, speech)
    blocks = setter.blocks()
    return around(frozen, speech) | {
        "is_brief": frozen.document.subject == "pair",
        "across": setter.across,
        "blocks": blocks,
    }


class NotSetError(RuntimeError):
    """Typst refused: the template is wrong, or what it was told."""


def compiled(told: dict) -> bytes:
    """The PDF of it, set in a process of its own: see typesetting.py."""
    # The program and its arguments are ours; what people wrote goes in as data. -I: nothing of the surroundings.
    program = [sys.executable, "-I", str(TYPESETTING), str(MOST_BYTES), str(MOST_CPU_S)]
    data = json.dumps(told, ensure_ascii=False).encode()
    try:
        done = subprocess.run(program, input=data, capture_output=True, timeout=LONGEST, env=ENVIRONMENT)
    except subprocess.TimeoutExpired as late:
        raise too_large() from late
    if done.returncode in ENDED_AT_A_BOUND:
        raise too_large()
    if done.returncode:
        raise NotSetError(done.stderr.decode(errors="replace"))
    return done.stdout


def too_large() -> ValidationError:
    return ValidationError(Failure.TOO_LARGE.label, code="too_large")
