"""Drill: PostgreSQL is restarted, then killed, under 20 readers and 2 writers. No lost write, clear pages, no hands."""

import os
import re
import signal
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import pytest

from launcher import processes
from tests.outages.house import Answer, DrillHouse, Visitor

pytestmark = pytest.mark.slow

READERS, WRITERS = 20, 2
# Before, between and after the two outages everybody is served this often: that is when the next thing happens.
READ, WRITTEN = 2, 5
RECOVERED_WITHIN_S = 120  # the queue of a slow machine included; on an idle one it is about a second
PAGES = ("/", "/matches/", "/runs/", "/notices/")
NOTHING_SAVED = "Nothing of your last step was saved."


@dataclass
class Worker:
    """A thread that asks for pages, or writes, until the drill is over."""

    visitor: Visitor
    over: threading.Event
    answers: list[tuple[float, Answer]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def work(self) -> None:
        number = 0
        while not self.over.is_set():
            try:
                answer = self.ask(number)
            except OSError as fault:  # no answer at all
                self.faults.append(repr(fault))
            else:
                self.answers.append((time.monotonic(), answer))
            number += 1

    def ask(self, number: int) -> Answer:
        return self.visitor.get(PAGES[number % len(PAGES)])

    def done_since(self, moment: float) -> int:
        return sum(at > moment and answer.is_done for at, answer in list(self.answers))

    def first_done_after(self, moment: float) -> float:
        """Seconds until this one was served again."""
        return min((at - moment for at, answer in self.answers if at > moment and answer.is_done), default=float("inf"))


@dataclass
class Writer(Worker):
    """Decides on its match again and again, with a note of its own each time."""

    match: int = 0
    done: list[str] = field(default_factory=list)
    denied: list[str] = field(default_factory=list)  # of which the page said that nothing was saved

    def ask(self, number: int) -> Answer:
        note = f"drill {self.match}-{number}"
        answer = self.visitor.post(f"/matches/{self.match}/decide/", state="shortlisted", note=note)
        if answer.is_done:
            self.done.append(note)
        elif NOTHING_SAVED in answer.text:
            self.denied.append(note)
        return answer


def test_database_is_restarted_and_killed_under_load(house, tell):
    staff = Visitor(house.address)
    entry = house.sign_ins()["staff"]
    assert staff.sign_in(entry["email"], entry["password"]).location == "/"
    matches = [pk for (pk,) in matched(house, staff)]
    over = threading.Event()
    readers = [Worker(staff.like_me(), over) for _ in range(READERS)]
    writers = [Writer(staff.like_me(), over, match=pk) for pk in matches[:WRITERS]]
    everybody = [*readers, *writers]
    threads = [threading.Thread(target=one.work, daemon=True) for one in everybody]

    for thread in threads:
        thread.start()
    wait_until_everybody_is_served(readers, writers)
    back_at, away_s = [], []
    for end in (house.postgres.stop, lambda: kill_the_database(house)):
        began = time.monotonic()
        end()
        house.postgres.start()
        back_at.append(time.monotonic())
        away_s.append(back_at[-1] - began)
        wait_until_everybody_is_served(readers, writers)
    over.set()
    for thread in threads:
        thread.join(180)

    # Every question was answered, with the page itself or with one that says what is the matter.
    assert [fault for one in everybody for fault in one.faults] == []
    answers = [answer for one in everybody for _at, answer in one.answers]
    statuses = Counter(answer.status for answer in answers)
    refused = [answer for answer in answers if answer.status == 503]
    assert set(statuses) <= {200, 302, 503}
    assert refused != []
    for answer in refused:
        assert re.findall("<h1>(.*)</h1>", answer.text) == ["Not available for a moment"]
        assert f'<b id="request-number">{answer.number}</b>' in answer.text
    # What was said to be saved is there; what was said not to be is not.
    notes = {note for (note,) in house.asked("SELECT note FROM matching_decision WHERE note LIKE 'drill %%'")}
    done = {note for writer in writers for note in writer.done}
    denied = {note for writer in writers for note in writer.denied}
    assert done - notes == set()
    assert denied & notes == set()
    assert len(done) >= 3 * WRITTEN * WRITERS
    # Everybody is served again, without anybody's hands.
    recovered_s = [max(one.first_done_after(moment) for one in everybody) for moment in back_at]
    assert max(recovered_s) < RECOVERED_WITHIN_S

    tell(f"PostgreSQL restarted and killed under {READERS} readers and {WRITERS} writers: {dict(statuses)}")
    tell(f"  {len(done)} writes answered as saved, 0 lost; {len(denied)} refused, of which 0 saved")
    for gone_s, later_s in zip(away_s, recovered_s, strict=True):
        tell(f"  away for {gone_s:.1f} s; everybody was served again {later_s:.1f} s later")


def wait_until_everybody_is_served(readers: list[Worker], writers: list[Writer]) -> None:
    began = time.monotonic()
    wished = [*((one, READ) for one in readers), *((one, WRITTEN) for one in writers)]
    while any(one.done_since(began) < times for one, times in wished):
        assert time.monotonic() < began + 2 * RECOVERED_WITHIN_S, "somebody is not served any more"
        time.sleep(0.05)


def matched(house: DrillHouse, staff: Visitor) -> list[tuple]:
    """Matches to decide upon; the book is matched first where it was not."""
    question = "SELECT id FROM matching_match WHERE is_current ORDER BY id LIMIT 2"
    if not house.asked(question):
        staff.post("/runs/start/")
        house.wait_until(question, what="the book is matched")
    return house.asked(question)


def kill_the_database(house: DrillHouse) -> None:
    mark, _port = house.postgres.running()
    os.kill(mark.pid, signal.SIGKILL)
    assert processes.wait_until_dead(mark, 30)
