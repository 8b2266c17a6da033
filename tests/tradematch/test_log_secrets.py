"""The product at work with people's data and secrets in its hands; then its log is searched for them."""

import json
import logging
import re
from pathlib import Path

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from matching import services, tasks
from matching.models import RunShard
from tests.matching.book import small_book
from tests.matching.faults import start, started, wait_for_end, wait_until
from tests.people import PASSWORD, person
from tests.tradematch import failing_urls
from tradematch import logs

# What goes in, by the names it goes in under.
PLANTED = {
    "e-mail": "aliya.nurlanova@tilek.example",
    "password": PASSWORD,
    "wrong password": "a-wrong-one-hunter2",
    "number": "870412300123",
    "name": "Әлия Нұрланова",
    "telephone": "+7 701 555 12 34",
}


@pytest.fixture
def log(tmp_path):
    """All that is logged, at the most talkative, in the form of a server."""
    path = tmp_path / "web.log"
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logs.JsonFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield path
    root.removeHandler(handler)
    root.setLevel(level)
    handler.close()


def lines_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def found_in(text: str, *more: str) -> list[str]:
    return [secret for secret in (*PLANTED.values(), *more) if secret in text]


@pytest.mark.django_db
def test_log_of_the_pages_holds_no_secret_and_nobodys_data(log, settings, monkeypatch):
    settings.ROOT_URLCONF = "tests.tradematch.failing_urls"
    client = Client(raise_request_exception=False)
    user = person(Role.BUSINESS, email=PLANTED["e-mail"], name=PLANTED["name"])

    # Signing in, wrongly and rightly; a new password; links that somebody tries.
    for password in (PLANTED["wrong password"], PASSWORD):
        client.post("/accounts/login/", {"login": user.email, "password": password})
    client.post("/accounts/password/reset/", {"email": user.email})
    token = re.search(r"/accounts/password/reset/key/([^/\s]+)/", mail.outbox[-1].body)[1]
    for address in (f"/accounts/password/reset/key/{token}/", f"/accounts/password/reset/key/{token}x/more/"):
        client.get(address)
    session = client.cookies["sessionid"].value

    # What is mistyped: addresses with data in them, a form from elsewhere, a host that is not ours.
    client.get(f"/nowhere/{PLANTED['number']}/{PLANTED['e-mail']}/?phone={PLANTED['telephone']}")
    Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": user.email}, headers={"referer": user.email})
    client.get("/", headers={"host": PLANTED["e-mail"]})

    # What breaks with data in its hands.
    def twice(request):
        with transaction.atomic():
            User.objects.create_user(user.email, PASSWORD, role=Role.BUSINESS, name=PLANTED["name"])

    def mistyped(request):
        raise ValueError(
            f"invalid literal for int(): '{PLANTED['number']} of {PLANTED['e-mail']}', {PLANTED['telephone']}"
        )

    for wrong in (twice, mistyped):
        monkeypatch.setattr(failing_urls.urlpatterns[0], "callback", wrong)
        assert client.get("/fails/broken/").status_code == 500

    text = log.read_text(encoding="utf-8")
    lines = lines_of(log)
    assert found_in(text, token, session) == []
    assert {line["exception"] for line in lines if "exception" in line} >= {"IntegrityError", "ValueError"}
    assert [line["message"] for line in lines if line["logger"] == "tradematch.access"][:2] == [
        "POST account_login 200",
        "POST account_login 302",
    ]
    assert all(line.get("request_id") for line in lines)


@pytest.mark.django_db
def test_control_the_same_errors_do_hold_data_before_they_are_cleaned():
    """Without this the test above might look for what was never there."""
    person(Role.BUSINESS, email=PLANTED["e-mail"], name=PLANTED["name"])

    with pytest.raises(IntegrityError, match=PLANTED["e-mail"]), transaction.atomic():
        User.objects.create_user(PLANTED["e-mail"], PASSWORD, role=Role.BUSINESS)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_log_of_a_worker_is_json_and_follows_a_run_from_its_request_to_its_end(live_worker):
    small_book(headings=2)
    worker = live_worker(LOG_FORMAT="json", TM_PROCESS="worker")
    logs.request_ids.adopt("ABCDE-FGHJK")
    run = wait_for_end(started())
    poison = start()
    steps = services.cut_book(poison.pk)
    RunShard.objects.filter(pk=steps.shards[0]).update(
        market=f"no market of {PLANTED['e-mail']} {PLANTED['number']}".encode()
    )
    tasks.queue(steps)
    wait_for_end(poison)
    logs.request_ids.adopt("")
    wait_until(lambda: worker.written().count("succeeded") >= 8, "the last task is told of")

    # Its banner and its last words, which Celery prints past all logging, are the only ones that are none.
    lines = [json.loads(line) for line in worker.written().splitlines() if line.startswith("{")]
    of_tasks = [line for line in lines if "task" in line]
    assert {line["request_id"] for line in of_tasks} == {"ABCDE-FGHJK"}
    assert {line["task"] for line in of_tasks} >= {
        "matching.tasks.carry_out_run",
        "matching.tasks.match_shard",
        "matching.tasks.close_run",
    }
    assert {line["run_id"] for line in of_tasks if "run_id" in line} == {run.pk}
    assert "ValueError" in {line.get("exception") for line in of_tasks}
    assert found_in(worker.written()) == []
