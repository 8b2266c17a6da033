"""The Dockerfile, read; and what it does while it builds, done here without a container."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DOCKERFILE = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} (.*)$", DOCKERFILE, re.MULTILINE)


def test_image_is_built_from_a_python_that_the_product_runs_on():
    versions = [re.match(r"python:(\d+)\.(\d+)-slim\b", base) for base in instructions("FROM")]

    assert [(int(found[1]), int(found[2])) >= (3, 11) for found in versions] == [True, True]


def test_image_installs_only_what_was_locked():
    installs = [command for command in instructions("RUN") if "pip install" in command]

    assert len(installs) == 1
    assert "--require-hashes" in installs[0]
    assert "-r requirements.txt" in installs[0]


def test_programs_do_not_run_as_root():
    assert instructions("USER") == ["10001"]
    assert DOCKERFILE.index("\nUSER ") > DOCKERFILE.rindex("\nRUN ")


@pytest.mark.parametrize("path", [".env", ".git", ".venv", "var"])
def test_secrets_and_local_files_stay_out_of_the_image(path):
    assert path in IGNORED


def test_what_the_containers_run_is_not_left_out_of_the_image():
    assert {"manage.py", "tradematch", "launcher", "data", "locale", "static", "templates"} & set(IGNORED) == set()


def test_image_serves_pages_unless_told_otherwise():
    command = json.loads(instructions("CMD")[0])

    assert command[:2] == ["gunicorn", "tradematch.wsgi"]


@pytest.mark.slow
def test_static_files_can_be_collected_as_the_image_does_it(tmp_path):
    """With the storage of production, which refuses a style sheet that names a missing picture."""
    build = next(command for command in instructions("RUN") if "collectstatic" in command)
    given = dict(part.split("=", 1) for part in shlex.split(build) if re.match(r"[A-Z_]+=", part))
    environ = {"PATH": os.environ["PATH"], "TM_DATA_DIR": str(tmp_path), **given}

    told = subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
    )

    assert told.returncode == 0, told.stderr
    assert (tmp_path / "static" / "staticfiles.json").exists()
