"""`python3 run.py`: everything up, the book matched, the address on the screen."""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from launcher import environment, foreground, processes, setting_up
from launcher.console import Console
from launcher.failures import Failure, Stopped, last_line, last_lines
from launcher.house import House, data_folder
from launcher.places import PYTHON, Places
from launcher.ports import HOST
from launcher.processes import PidFile

LOOK_EVERY_S = 0.5
ROLES = {"business": "business user", "officer": "embassy officer", "staff": "city staff", "admin": "administrator"}


def serve(data: Path, *, wished_port: int, with_sample_book: bool, console: Console) -> NoReturn:
    """Serve the pages until somebody stops us."""
    places = data_folder(data)
    with only_server_of(places):
        environment.prepare(console, places.logs / "install.log")
        house = House(places, console)
        with house.open():
            try:
                keep_serving(house, wished_port, with_sample_book)
            except Stopped:
                console.say("Stopping ...")
                raise


def keep_serving(house: House, wished_port: int, with_sample_book: bool) -> NoReturn:
    """Set up, start, match, greet; then start again whatever dies, for as long as we are left to."""
    everything = [*house.databases, house.worker, house.web]

    def look_after() -> None:
        house.keep_up(everything)

    house.web.listen(wished_port)  # only now: what a killed start left behind no longer holds the port
    tell_where(house.places, house.web.port)
    setting_up.set_up_everything(house, with_sample_book=with_sample_book)
    house.start(house.worker)
    house.start(house.web)
    # The worker matches while the web server comes up.
    house.worker.wait_until_ready(look_after)
    if with_sample_book:
        match_the_book(house, look_after)
    house.web.wait_until_ready(look_after)
    greet(house)
    while True:
        time.sleep(LOOK_EVERY_S)
        look_after()


@contextmanager
def only_server_of(places: Places) -> Iterator[None]:
    """One `run.py` a folder: a second one is told where the first one is."""
    lock = (places.run / "serve.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _, facts = server_file(places).read() or (None, {})
        where = f" at http://{HOST}:{facts['port']}/" if facts.get("port") else ""
        raise Failure(
            f"TradeMatch already runs from {places.data}{where}: use that one, stop it first, "
            "or start a second one with --data ANOTHER_FOLDER."
        ) from None
    with lock:
        try:
            yield
        finally:
            server_file(places).forget()


def server_file(places: Places) -> PidFile:
    return PidFile(places.run / "run.pid")


def tell_where(places: Places, port: int) -> None:
    if mark := processes.mark_of(os.getpid()):
        server_file(places).write(mark, port=port)


def match_the_book(house: House, look_after: Callable[[], None]) -> None:
    """Have the worker match the book, unless that was done at an earlier start."""
    if setting_up.is_done(house, "first run"):
        return
    log = house.places.log("first-run")
    command = [PYTHON, "manage.py", "start_run", "--if-none", "--wait"]
    with log.open("wb") as output, house.console.step("Matching the book", lambda: last_line(log)):
        exit_code = foreground.run(command, environ=house.environ(), look_after=look_after, output=output)
    if exit_code:
        # The pages work without it, and the page of runs starts another one.
        house.console.say(f"The matching did not end well; {log} tells all, and it ends:{last_lines(log)}")
    else:
        setting_up.remember(house, {"first run": "done"})


def greet(house: House) -> None:
    say = house.console.say
    say()
    say(f"TradeMatch is ready: http://{HOST}:{house.web.port}/")
    if sign_ins := sample_sign_ins(house.places):
        say()
        say("Sample sign-ins, one for each role (for trying out; kept in sample_sign_ins.json of the data folder):")
        rows = [(ROLES.get(entry["role"], entry["role"]), entry["email"], entry["password"]) for entry in sign_ins]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            say("  " + "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
        if house.is_trial:
            say("These need no second factor here; everybody else of the city and the embassy sets one up.")
    say()
    if "EMAIL_URL" not in house.given:
        say(f"Mail is kept in {house.places.mail}, one letter a file, until EMAIL_URL says where to send it.")
    say("Ctrl-C stops everything.")


def sample_sign_ins(places: Places) -> list[dict[str, str]]:
    try:
        return json.loads((places.data / "sample_sign_ins.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
