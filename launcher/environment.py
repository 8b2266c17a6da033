"""The Python environment `.venv`: made when it is missing, brought up to date when a lock file changed."""

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from launcher.console import Console
from launcher.failures import DISK_FULL, Failure, last_lines, says_disk_is_full
from launcher.places import PYTHON, ROOT, VENV

INSTALLER = ROOT / "requirements-installer.txt"
RUNTIME = ROOT / "requirements.txt"
DEVELOPMENT = ROOT / "requirements-dev.txt"
STAMP = VENV / "tradematch.json"

NEEDED_MB = {"runtime": 800, "development": 1200}

# What would send the packages somewhere else than into the environment.
MISLEADING = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")


def prepare(console: Console, log: Path, *, development: bool = False) -> None:
    """See to it that `.venv` holds exactly what the lock files say; at once done when it does."""
    with _one_at_a_time(console) as guard:
        installed = _installed()
        # Once there, the development packages stay: `run.py` after `run.py test` need not take them out again.
        locks = [RUNTIME, DEVELOPMENT] if development or DEVELOPMENT.name in installed else [RUNTIME]
        wanted = {lock.name: _digest(lock) for lock in locks}
        if installed == wanted:
            return
        _refuse_a_small_disk("development" if development else "runtime")
        if not installed:
            _make(console)
        _install(locks, console, log, guard)
        STAMP.write_text(json.dumps({"python": _python_version(), "locks": wanted}), encoding="utf-8")


@contextlib.contextmanager
def _one_at_a_time(console: Console) -> Iterator[int]:
    """Two first starts in one checkout would install over each other. The lock is on a file that is always there.

    Yields what holds the lock; an installer that shares it is waited for even when its launcher was killed.
    """
    with (ROOT / "run.py").open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with console.step("Waiting for another command that installs the packages"):
                fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


def _installed() -> dict[str, str]:
    """Digest of each lock file that was installed into a Python that still runs; empty when there is nothing of use."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
        return dict(stamp["locks"]) if stamp["python"] == _python_version() else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _python_version() -> str:
    return subprocess.run([PYTHON, "-c", "import sys; print(sys.version)"], capture_output=True, text=True).stdout


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _refuse_a_small_disk(what: str) -> None:
    free_mb = shutil.disk_usage(ROOT).free // 1_000_000
    if free_mb < NEEDED_MB[what]:
        raise Failure(
            f"The packages need about {NEEDED_MB[what]} MB and only {free_mb} MB are free in {ROOT}: "
            "free some space, then start again."
        )


def _make(console: Console) -> None:
    if not importlib.util.find_spec("venv") or not importlib.util.find_spec("ensurepip"):
        raise Failure(
            "This Python comes without its venv module: install it with "
            f"`sudo apt-get install python3-venv` (or python{sys.version_info[0]}.{sys.version_info[1]}-venv), "
            "then start again."
        )
    with console.step("Making the Python environment"):
        shutil.rmtree(VENV, ignore_errors=True)
        # In a process of its own: it can be stopped, and its questions and answers stay off the screen.
        told = subprocess.run(
            [sys.executable, "-m", "venv", VENV], env=_environ(), capture_output=True, text=True, check=False
        )
    if told.returncode:
        reason = told.stdout + told.stderr
        if says_disk_is_full(reason):
            raise Failure(DISK_FULL.format(place=ROOT))
        if "ensurepip" in reason:
            raise Failure(
                "This Python cannot make an environment: install the rest of it with "
                "`sudo apt-get install python3-venv`, then start again."
            )
        raise Failure(f"The Python environment {VENV} could not be made: {reason.strip().splitlines()[-1]}")


def _install(locks: Sequence[Path], console: Console, log: Path, guard: int) -> None:
    count = sum(len(re.findall(r"^[A-Za-z0-9]", lock.read_text(encoding="utf-8"), re.MULTILINE)) for lock in locks)
    log.unlink(missing_ok=True)
    with console.step(f"Installing {count} packages", _how_many_are_in_place):
        if _uv_installs(locks, log, guard):
            return
        reading = [part for lock in locks for part in ("-r", lock)]
        if not _run([PYTHON, "-m", "pip", "install", "--require-hashes", "--retries", "2", *reading], log, guard):
            raise _failure_told_by(log)


def _uv_installs(locks: Sequence[Path], log: Path, guard: int) -> bool:
    """Whether uv, many times faster than pip, could do it. It does not read pip's configuration, so we tell it."""
    uv = VENV / "bin" / "uv"
    pip = [PYTHON, "-m", "pip", "install", "--require-hashes", "--retries", "2", "-r", INSTALLER]
    if not _run(pip, log, guard) or not uv.exists():
        return False
    cache = VENV / ".cache"
    environ = {} if _home_is_usable() else {"UV_CACHE_DIR": str(cache)}
    try:
        command = [uv, "pip", "sync", "--require-hashes", "--python", PYTHON, *locks]
        return _run(command, log, guard, environ | _as_pip_is_told())
    finally:
        shutil.rmtree(cache, ignore_errors=True)


def _as_pip_is_told() -> dict[str, str]:
    """Where pip was told to look for packages, in the words of uv."""
    told = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, env=_environ(), check=False
    ).stdout
    # The environment (`:env:`) is listed before the files (`global.`) and overrules them.
    values: dict[str, str] = {}
    for name, value in re.findall(r"^(?::env:|\w+)\.([\w-]+)='(.*)'$", told, re.MULTILINE):
        values.setdefault(name, value)
    words = {}
    if "index-url" in values:
        words["UV_DEFAULT_INDEX"] = values["index-url"]
    if values.get("no-index", "").lower() in ("1", "true", "yes"):
        words["UV_NO_INDEX"] = "1"
    links = [link for link in values.get("find-links", "").split() if "://" in link or Path(link).is_dir()]
    if links:
        words["UV_FIND_LINKS"] = ",".join(links)
    return {name: value for name, value in words.items() if name not in os.environ}


def _home_is_usable() -> bool:
    home = os.environ.get("HOME")
    return bool(home) and os.access(home, os.W_OK | os.X_OK)


def _environ() -> dict[str, str]:
    environ = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    if not _home_is_usable():
        environ["PIP_NO_CACHE_DIR"] = "1"
    return environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "LC_ALL": "C.UTF-8"}


def _run(
    command: Sequence[str | Path], log: Path, guard: int, environ: Mapping[str, str] = MappingProxyType({})
) -> bool:
    """Run an installer to its end, its words going to the log; when we are stopped, so is it."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=_environ() | dict(environ),
            pass_fds=[guard],
        )
        try:
            return process.wait() == 0
        except BaseException:
            process.terminate()
            process.wait()
            raise


def _how_many_are_in_place() -> str:
    return f"({len(list(VENV.glob('lib/python3*/site-packages/*.dist-info')))} in place)"


NO_NETWORK = (
    "Temporary failure in name resolution",
    "Name or service not known",
    "Failed to establish a new connection",
    "Network is unreachable",
    "No matching distribution found",
    "Connection refused",
    "timed out",
)


def _failure_told_by(log: Path) -> Failure:
    """One sentence for what the installers wrote."""
    told = log.read_text(encoding="utf-8", errors="replace")[-20_000:]
    if says_disk_is_full(told):
        return Failure(DISK_FULL.format(place=ROOT))
    if "do not match the hashes" in told.lower() or "hash mismatch" in told.lower():
        return Failure(
            "A package differs from the one that was locked, so nothing was installed: somebody changed it on the way "
            "or in a mirror; use another package index (PIP_INDEX_URL), or lock again if you changed requirements.in."
        )
    if any(words in told for words in NO_NETWORK):
        return Failure(
            "The packages could not be fetched: connect this machine to the Internet, or set PIP_INDEX_URL to a mirror "
            "or PIP_FIND_LINKS to a folder with the wheels, then start again."
        )
    return Failure(f"The packages could not be installed; {log} tells all, and it ends:{last_lines(log)}")
