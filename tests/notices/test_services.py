"""Telling people of events: each once, and only those who may still come in."""

import pytest

from accounts.enums import Role
from notices.enums import NoticeKind
from notices.models import Notice
from notices.services import tell
from tests.people import person

pytestmark = pytest.mark.django_db
RUN = {"kind": NoticeKind.RUN_FAILED, "event": "run:7:failed", "facts": {"run": 7}, "address": "/runs/7/"}


def kept() -> list[tuple]:
    return list(Notice.objects.order_by("user__email", "pk").values_list("user__email", "event", "facts", "address"))


def test_tell_keeps_a_notice_for_each_person():
    people = [person(Role.STAFF), person(Role.ADMIN)]

    told = tell(users=people, **RUN)

    assert told == 2
    assert kept() == [
        ("admin@example.test", "run:7:failed", {"run": 7}, "/runs/7/"),
        ("staff@example.test", "run:7:failed", {"run": 7}, "/runs/7/"),
    ]


def test_tell_tells_an_event_to_a_person_once():
    staff, admin = person(Role.STAFF), person(Role.ADMIN)
    tell(users=[staff], **RUN)

    told = tell(users=[staff, staff, admin, admin], **RUN)

    assert told == 1
    assert [email for email, *_facts in kept()] == ["admin@example.test", "staff@example.test"]


def test_tell_tells_two_events_to_the_same_person():
    staff = person(Role.STAFF)

    tell(users=[staff], **RUN)
    tell(users=[staff], **RUN | {"event": "run:8:failed"})

    assert [event for _email, event, *_facts in kept()] == ["run:7:failed", "run:8:failed"]


def test_tell_leaves_closed_accounts_out():
    closed = person(Role.STAFF, is_active=False)

    told = tell(users=[closed, person(Role.ADMIN)], **RUN)

    assert told == 1
    assert [email for email, *_facts in kept()] == ["admin@example.test"]


def test_tell_refuses_a_notice_whose_sentence_would_lack_a_fact():
    with pytest.raises(ValueError, match="needs \\['run'\\]"):
        tell(users=[person(Role.STAFF)], kind=NoticeKind.RUN_FAILED, event="run:7:failed", facts={"company": "A"})

    assert kept() == []


@pytest.mark.parametrize(
    "address", ["https://elsewhere.test/", "//elsewhere.test/", "/\\elsewhere.test/", "javascript:alert(1)", "runs/7/"]
)
def test_tell_refuses_an_address_that_leads_elsewhere(address):
    with pytest.raises(ValueError, match="leads to a page of this product"):
        tell(users=[person(Role.STAFF)], **RUN | {"address": address})

    assert kept() == []


def test_notices_are_visible_to_their_person_alone():
    staff, admin = person(Role.STAFF), person(Role.ADMIN)
    tell(users=[staff], **RUN)
    notice = Notice.objects.get()

    assert list(Notice.objects.visible_to(staff)) == [notice]
    assert list(Notice.objects.visible_to(admin)) == []
