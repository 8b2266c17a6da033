"""That somebody sends the letters: the clock asks for it, and the workers listen where it asks."""

import re

import pytest
from django.conf import settings
from django.core import mail

from accounts.enums import LetterRhythm, Role
from launcher.places import ROOT
from notices.enums import NoticeKind
from notices.services import tell
from notices.tasks import send_letters
from tests.people import person
from tradematch.celery import app


def test_clock_asks_only_for_tasks_that_there_are():
    app.loader.import_default_modules()

    asked_for = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert {"notices.tasks.send_letters", "desk.tasks.tell_followers"} <= asked_for <= set(app.tasks)


def test_letters_have_a_queue_of_their_own_that_the_embedded_worker_takes_from():
    command = (ROOT / "launcher" / "services.py").read_text(encoding="utf-8")
    taken = re.search(r'"--queues", "([^"]+)"', command)[1].split(",")

    assert app.amqp.router.route({}, "notices.tasks.send_letters")["queue"].name == "mail"
    assert "mail" in taken


@pytest.mark.django_db
def test_send_letters_sends_what_is_due():
    user = person(Role.STAFF, letters=LetterRhythm.AT_ONCE)
    tell(users=[user], kind=NoticeKind.RUN_FAILED, event="run:7:failed", facts={"run": 7})

    send_letters()
    send_letters()

    assert [message.subject for message in mail.outbox] == ["TradeMatch: Run 7 failed."]
