"""Runs PostgreSQL for root, which PostgreSQL itself refuses.

The better way is a user namespace: the same files and processes, but inside it root looks like `nobody`. Where the
system forbids that, PostgreSQL really runs as `nobody`, in a folder that `nobody` can reach.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launcher.failures import Failure
from launcher.places import VENV

NAMESPACE = ("unshare", "--map-user=65534", "--map-group=65534", "--")
OUTSIDE = Path("/var/lib/tradematch")
NOBODY = "nobody"


@dataclass(frozen=True)
class Runner:
    """How the tools of PostgreSQL are run, and where their data folder may lie."""

    tools: Path
    home: Path
    prefix: tuple[str, ...] = ()
    user: str | None = None

    def popen_arguments(self, environ: Mapping[str, str]) -> dict[str, Any]:
        # The locale keeps the server's messages in English, whatever the person at the terminal speaks.
        arguments: dict[str, Any] = {"env": {**environ, "LC_ALL": "C.UTF-8"}, "cwd": "/"}
        if self.user:
            arguments |= {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []}
        return arguments

    def give(self, path: Path) -> None:
        """Hand a file or folder to whoever runs the server."""
        if self.user:
            # Never through a link, which whoever runs the server could have laid to a file of root's.
            person = pwd.getpwnam(self.user)
            os.chown(path, person.pw_uid, person.pw_gid, follow_symlinks=False)

    def remove(self) -> None:
        """Remove what was laid outside the data folder."""
        if self.user:
            shutil.rmtree(self.home, ignore_errors=True)


def runner_for(tools: Path, home: Path) -> Runner:
    """The way that works for this user on this machine; `home` is where the data folder is wished to be."""
    if os.geteuid() != 0:
        return Runner(tools, home)
    was_made_as_nobody = (_outside(home) / "postgres").exists()
    if namespaces_work() and not was_made_as_nobody:
        return Runner(tools, home, prefix=NAMESPACE)
    if (home / "postgres").exists():
        raise Failure(
            f"The database in {home} was made inside a user namespace, and this system no longer allows one: "
            "allow it again, or restore a backup into a new folder with --data DIR."
        )
    return _as_nobody(tools, home)


def _outside(home: Path) -> Path:
    return OUTSIDE / hashlib.sha256(str(home).encode()).hexdigest()[:16]


def namespaces_work() -> bool:
    try:
        return subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def _as_nobody(tools: Path, home: Path) -> Runner:
    """`nobody` can neither read root's home nor write beside it, so programs and data move to a folder of their own."""
    try:
        pwd.getpwnam(NOBODY)
    except KeyError:
        raise Failure(
            "PostgreSQL refuses to run as root, and this machine has no user to run it as: "
            "start TradeMatch as an ordinary user."
        ) from None
    own = _outside(home)
    for folder in (OUTSIDE, own):
        folder.mkdir(mode=0o755, exist_ok=True)
        folder.chmod(0o755)
    runner = Runner(_within_reach(tools, own), own, user=NOBODY)
    runner.give(own)
    return runner


def _within_reach(tools: Path, own: Path) -> Path:
    """The tools themselves, or a copy of them when they lie in the environment, which may be closed to `nobody`."""
    if not tools.is_relative_to(VENV):
        return tools
    package = tools.parent.parent
    copied = own / package.name / tools.relative_to(package)
    complete = own / "complete"
    if not complete.exists():
        # The libraries lie in a folder beside the package, and the programs look for them there.
        for folder in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(folder, own / folder.name, symlinks=True, dirs_exist_ok=True)
        complete.touch()
    return copied
