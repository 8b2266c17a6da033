"""Drill: Valkey is stopped, or hangs, while people work. Pages and forms come as before, and nothing is lost."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator

import pytest

from tests.outages.house import DrillHouse, Visitor, pages_of

pytestmark = pytest.mark.slow

# One question to a server that hangs is given up after a second (docs/operations.md); no page or form asks more than
# twice; a product that waits for the answer, or tries again and again, takes 19 s and more. The bound lies between the
# two, so that a busy machine decides nothing. That each is asked once is counted in tests/tradematch/test_cache.py and
# tests/tradematch/test_broker.py.
BOUND_S = 10


@contextlib.contextmanager
def stopped(house: DrillHouse) -> Iterator[None]:
    house.valkey.stop()
    try:
        yield
    finally:
        house.valkey.start()


@contextlib.contextmanager
def hanging(house: DrillHouse) -> Iterator[None]:
    """It takes connections and says nothing: worse than being gone."""
    mark, _facts = house.valkey.pid_file.running()
    os.kill(mark.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(mark.pid, signal.SIGCONT)


@pytest.mark.parametrize("outage", [stopped, hanging])
def test_pages_and_forms_come_without_valkey_and_nothing_is_lost(house, tell, outage):
    visitors = {}
    for role in ("business", "staff"):
        entry = house.sign_ins()[role]
        visitors[role] = Visitor(house.address)
        assert visitors[role].sign_in(entry["email"], entry["password"]).location == "/"
    pages = {role: pages_of(visitor, most=20) for role, visitor in visitors.items()}
    before = {(role, page): visitors[role].get(page) for role in visitors for page in pages[role]}

    with outage(house):
        during = {(role, page): visitors[role].get(page) for role, page in before}
        forms = fill_forms(house, visitors["staff"])

    # Pages: the same answers, and nobody waits for what does not come.
    assert {asked: answer.status for asked, answer in during.items()} == dict.fromkeys(before, 200)
    added = {asked: answer.seconds - before[asked].seconds for asked, answer in during.items()}
    assert {asked: round(s, 2) for asked, s in added.items() if s > BOUND_S} == {}
    # Forms: all of them do what they should.
    assert {name: answer.status for name, answer in forms.items()} == dict.fromkeys(forms, 302)
    assert {name: round(answer.seconds, 2) for name, answer in forms.items() if answer.seconds > BOUND_S} == {}
    # The run that was started meanwhile is carried out once Valkey is back, though its message was never sent.
    run = int(forms["start a run"].location.strip("/").rpartition("/")[2])
    took_s = house.wait_until(
        "SELECT 1 FROM matching_run WHERE id = %s AND state = 'finished'", run, what="the run is carried out"
    )

    slowest_page, slowest_form = (max(some.values(), key=lambda answer: answer.seconds) for some in (during, forms))
    tell(f"Valkey {outage.__name__}: {len(during)} pages, slowest {slowest_page.seconds:.2f} s")
    tell(f"  forms: {', '.join(f'{name} {answer.seconds:.2f} s' for name, answer in forms.items())}")
    tell(f"  slowest form {slowest_form.seconds:.2f} s; the run was carried out {took_s:.1f} s after Valkey was back")


def test_worker_that_has_a_run_in_hand_outlives_a_broker_that_is_stopped(house):
    entry = house.sign_ins()["staff"]
    staff = Visitor(house.address)
    assert staff.sign_in(entry["email"], entry["password"]).location == "/"
    # One process of the worker holds on to its task, the other one waits for the broker: the moment at which kombu 5.7
    # tries to give the task back to a broker that is gone.
    with house.held_up("matching_runshard"):
        run = int(staff.post("/runs/start/").location.strip("/").rpartition("/")[2])
        house.wait_until("SELECT 1 FROM matching_run WHERE id = %s AND state = 'running'", run, what="it runs")
        with stopped(house):
            time.sleep(2)  # the worker sees that it is gone

    house.wait_until("SELECT 1 FROM matching_run WHERE id = %s AND state = 'finished'", run, what="it is carried out")


def fill_forms(house: DrillHouse, staff: Visitor) -> dict:
    """What people send while it is away: each once, the first one by somebody who was not here before."""
    business = house.sign_ins()["business"]
    newcomer = Visitor(house.address)
    newcomer.get("/accounts/login/")
    return {
        "sign in": newcomer.post("/accounts/login/", login=business["email"], password=business["password"]),
        "choose a language": newcomer.post("/i18n/setlang/", language="kk", next="/"),
        "forgotten password": stranger(house).post("/accounts/password/reset/", email="nobody@example.test"),
        "start a run": staff.post("/runs/start/"),
    }


def stranger(house: DrillHouse) -> Visitor:
    visitor = Visitor(house.address)
    visitor.get("/accounts/password/reset/")
    return visitor
