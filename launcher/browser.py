"""A browser for the tests that need one. Python packages bring none, the system's packages do."""

import os
import shutil
import subprocess

from launcher.console import Console
from launcher.failures import Failure

NAMES = ("chromium", "chromium-browser", "google-chrome")
REMEDY = "install it with `sudo apt-get install chromium`, or set TM_CHROMIUM to the program"


def find_browser() -> str | None:
    """The browser to drive: the one named in TM_CHROMIUM, else the first one on PATH."""
    named = os.environ.get("TM_CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


def see_to_a_browser(console: Console, *, required: bool, everything: bool) -> None:
    """Install Chromium where that is asked for and we may; else say what will not be tested."""
    if find_browser():
        return
    may_install = os.geteuid() == 0 and shutil.which("apt-get")
    if may_install and (required or everything):
        with console.step("Installing Chromium for the browser tests"):
            _apt_get_installs("chromium")
    if find_browser():
        return
    if required:
        raise Failure(f"The browser tests are asked for and there is no Chromium: {REMEDY}.")
    console.say(f"Without Chromium the browser tests are not run: {REMEDY}.")


def _apt_get_installs(package: str) -> None:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", package]):
        subprocess.run(
            ["apt-get", "-qq", *arguments], env=environ, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
