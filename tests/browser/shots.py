"""Pictures of every page in every state: 1280 and 390 px, light and dark, four languages.

    python -m tests.browser.shots                        all of it, into var/shots/
    python -m tests.browser.shots --only run --languages en,kk --widths 390 --themes dark --reuse-db

What it does not know goes to pytest.

Pages come from the table of permissions, each as one of those who may open it (with the world of its tests), and from
the states of `tests/browser/states.py`. `index.html` in the same folder shows them side by side.
"""

import argparse
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES, WIDTHS, THEMES = "en,id,ru,kk", "1280,390", "light,dark"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.shots", description=__doc__.partition("\n")[0])
    parser.add_argument("--into", default="var/shots", help="folder, from the root of the project")
    parser.add_argument("--only", default="", help="pages and states whose name holds this")
    parser.add_argument("--languages", default=LANGUAGES)
    parser.add_argument("--widths", default=WIDTHS)
    parser.add_argument("--themes", default=THEMES)
    chosen, for_pytest = parser.parse_known_args(arguments)
    for name, value in vars(chosen).items():
        os.environ[f"TM_SHOTS_{name.upper()}"] = value
    # The pictures are taken by tests, for they have a server, a book of their own and people who are signed in.
    pictures = str(ROOT / "tests" / "browser" / "keep_shots.py")
    return pytest.main([pictures, "-q", "--require-browser", "--no-header", *for_pytest])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
