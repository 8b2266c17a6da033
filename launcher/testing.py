"""`python3 run.py test`: every test, on servers of their own that are thrown away afterwards."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from launcher import console as consoles
from launcher import environment, foreground
from launcher.browser import see_to_a_browser
from launcher.console import Console
from launcher.house import SAMPLES_LET_OFF, House, data_folder
from launcher.places import PYTHON, Places, default_data_folder
from launcher.setting_up import COMPILE_CATALOGUES, carry_out
from launcher.turns import take, turns

# The tests never touch the servers of DATABASE_URL and REDIS_URL: those may hold somebody's trade. Where the embedded
# ones cannot run, these two name servers that may be written to and emptied.
TEST_SERVERS = {"DATABASE_URL": "TM_TEST_DATABASE_URL", "REDIS_URL": "TM_TEST_REDIS_URL"}


def run_tests(arguments: Sequence[str]) -> int:
    """Run pytest with these arguments and hand its exit code on."""
    to_person = consoles.on_stderr()
    kept = data_folder(default_data_folder())
    environment.prepare(to_person, kept.logs / "install.log", development=True)
    see_to_a_browser(to_person, required="--require-browser" in arguments, everything=not arguments)
    with throw_away_folder(kept, to_person) as places:
        given = {name: os.environ[ours] for name, ours in TEST_SERVERS.items() if os.environ.get(ours)}
        house = House(places, to_person, given=given, durable=False)
        try:
            with house.open():
                carry_out(house, [COMPILE_CATALOGUES])
                return take(
                    turns(arguments, os.cpu_count() or 1),
                    lambda chosen: foreground.run(
                        [PYTHON, "-m", "pytest", *chosen],
                        environ=environ_of_tests(house),
                        look_after=lambda: house.keep_up(house.databases),
                    ),
                    folder=places.data,
                    console=consoles.on_stdout(),
                )
        finally:
            house.postgres.remove() if house.postgres in house.databases else None


def environ_of_tests(house: House) -> dict[str, str]:
    """What pytest gets: the servers, but not yet the settings: tests/conftest.py prepares them before they are read."""
    environ = house.environ()
    del environ["DJANGO_SETTINGS_MODULE"]
    environ.pop(SAMPLES_LET_OFF, None)  # the rules of a city
    return environ


@contextmanager
def throw_away_folder(kept: Places, console: Console) -> Iterator[Places]:
    """A data folder for this run of the tests alone, so that several can go on at once."""
    parent = kept.data / "test"
    parent.mkdir(mode=0o700, exist_ok=True)
    remove_leftovers(parent, console)
    places = data_folder(Path(tempfile.mkdtemp(dir=parent)))
    with (places.run / "test.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (places.data / "static").mkdir()  # empty: the tests serve static files from where they are written
        try:
            yield places
        finally:
            shutil.rmtree(places.data, ignore_errors=True)


def remove_leftovers(parent: Path, console: Console) -> None:
    """Stop and remove what killed runs of the tests left behind; a folder that is in use is locked."""
    for folder in parent.iterdir():
        try:
            lock = (folder / "run" / "test.lock").open("r+")
        except FileNotFoundError:
            continue  # another run is just making it
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            console.say("Removing what an interrupted run of the tests left behind.")
            house = House(Places(folder), console, given={}, durable=False)
            for server in (house.worker, house.valkey, house.postgres):
                server.stop()
            house.postgres.remove()
            shutil.rmtree(folder, ignore_errors=True)
