"""`python3 run.py manage COMMAND`: one command, on the servers of a data folder."""

from collections.abc import Sequence
from pathlib import Path

from launcher import console, environment, foreground
from launcher.house import House, data_folder
from launcher.places import PYTHON
from launcher.setting_up import set_up_the_database

# Commands that leave work to the worker and wait for it.
NEED_A_WORKER = ("match", "start_run")
# Commands that bring all tables with them: what the set-up makes would only be thrown away.
NEED_NO_TABLES = ("restore",)


def run_command(data: Path, command: Sequence[str]) -> int:
    """Run the command with the person's own input and output, and hand its exit code on."""
    to_person = console.on_stderr()
    places = data_folder(data)
    environment.prepare(to_person, places.logs / "install.log")
    house = House(places, to_person)
    with house.open():
        if command[0] not in NEED_NO_TABLES:
            set_up_the_database(house)
        needed = list(house.databases)
        if command[0] in NEED_A_WORKER:
            needed.append(house.worker)
            house.start(house.worker)
            house.worker.wait_until_ready(lambda: house.keep_up(needed))
        return foreground.run(
            [PYTHON, "manage.py", *command], environ=house.environ(), look_after=lambda: house.keep_up(needed)
        )
