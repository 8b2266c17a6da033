"""The notices page: one's own, unread first; opening leads to what it is about; marking as read."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from notices.enums import NoticeKind
from notices.models import Notice
from notices.services import tell
from tests.people import person

pytestmark = pytest.mark.django_db
THEN = dt.datetime(2026, 11, 25, 8, 0, tzinfo=dt.UTC)


def notice_for(user, run: int, *, address: str = "/runs/", **facts) -> Notice:
    event = f"run:{run}:failed"
    tell(users=[user], kind=NoticeKind.RUN_FAILED, event=event, facts={"run": run}, address=address)
    notice = Notice.objects.get(user=user, event=event)
    for name, value in facts.items():
        setattr(notice, name, value)
    notice.save()
    return notice


@pytest.fixture
def staff(client):
    user = person(Role.STAFF)
    client.force_login(user)
    return user


def test_notices_ask_a_stranger_to_sign_in(client):
    assert client.get("/notices/")["Location"] == "/accounts/login/?next=/notices/"


def test_notices_are_listed_unread_first_and_then_the_newest(client, staff):
    notices = [notice_for(staff, 1), notice_for(staff, 2, read_at=THEN), notice_for(staff, 3)]

    rows = client.get("/notices/").context["rows"]

    assert [row["pk"] for row in rows] == [notices[2].pk, notices[0].pk, notices[1].pk]
    assert [row["sentence"] for row in rows] == ["Run 3 failed.", "Run 1 failed.", "Run 2 failed."]
    assert [row["is_unread"] for row in rows] == [True, True, False]


def test_notices_of_others_are_neither_listed_nor_counted_nor_opened(client, staff):
    theirs = notice_for(person(Role.ADMIN), 987_654)

    page = client.get("/notices/").content.decode()

    assert "987654" not in page
    assert "tm-count" not in page
    for answer in (client.get(f"/notices/{theirs.pk}/"), client.post(f"/notices/{theirs.pk}/read/")):
        assert answer.status_code == 404
    client.post("/notices/read/", {"newest": theirs.pk})
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_notices_without_any_say_so(client, staff):
    assert "Nothing has happened yet that concerns you." in client.get("/notices/").content.decode()


def test_opening_a_notice_marks_it_read_and_leads_to_its_page(client, staff):
    notice, other = notice_for(staff, 1, address="/runs/1/"), notice_for(staff, 2)

    answer = client.get(f"/notices/{notice.pk}/")

    assert (answer.status_code, answer["Location"]) == (302, "/runs/1/")
    assert [n.pk for n in Notice.objects.unread()] == [other.pk]


def test_opening_a_notice_again_keeps_when_it_was_read_first(client, staff):
    notice = notice_for(staff, 1, read_at=THEN)

    client.get(f"/notices/{notice.pk}/")

    notice.refresh_from_db()
    assert notice.read_at == THEN


@pytest.mark.parametrize("address", ["", "//elsewhere.test/", "https://elsewhere.test/"])
def test_opening_a_notice_never_leads_out_of_the_product(client, staff, address):
    notice = notice_for(staff, 1, address="")
    Notice.objects.update(address=address)

    assert client.get(f"/notices/{notice.pk}/")["Location"] == "/notices/"


def test_one_notice_is_marked_as_read(client, staff):
    notice, other = notice_for(staff, 1), notice_for(staff, 2)

    answer = client.post(f"/notices/{notice.pk}/read/")

    assert answer["Location"] == "/notices/"
    assert [n.pk for n in Notice.objects.unread()] == [other.pk]


def test_marking_all_as_read_leaves_what_came_after_the_page_was_made(client, staff):
    notice_for(staff, 1), notice_for(staff, 2)
    shown = client.get("/notices/").context["unread"]
    later = notice_for(staff, 3)

    client.post("/notices/read/", {"newest": shown["newest"]})

    assert shown["count"] == 2
    assert [n.pk for n in Notice.objects.unread()] == [later.pk]


@pytest.mark.parametrize("newest", ["", "x", "-1", "9" * 30])
def test_marking_all_as_read_takes_no_nonsense(client, staff, newest):
    notice_for(staff, 1)

    answer = client.post("/notices/read/", {"newest": newest})

    assert answer["Location"] == "/notices/"
    assert Notice.objects.unread().count() == 1


@pytest.mark.parametrize("address", ["/notices/read/", "/notices/{pk}/read/"])
def test_marking_as_read_is_only_done_on_purpose(client, staff, address):
    notice = notice_for(staff, 1)

    assert client.get(address.format(pk=notice.pk)).status_code == 405
    assert Notice.objects.unread().count() == 1


def test_header_counts_the_unread_ones_on_every_page(client, staff):
    notice_for(staff, 1), notice_for(staff, 2, read_at=timezone.now()), notice_for(staff, 3)

    assert '<span class="tm-count">2<span' in client.get("/needs/unmet/").content.decode()


def test_notices_cost_the_same_queries_for_one_row_and_for_three(client, staff):
    client.get("/notices/")  # the first page of a visit notes that one is here
    counts = []
    for run in (1, 2, 3):
        notice_for(staff, run)
        with CaptureQueriesContext(connection) as asked:
            client.get("/notices/")
        counts.append(len(asked))

    assert counts[0] == counts[2]


@pytest.mark.parametrize("query", ["?page=2", "?page=x", "?sort=kind", "?colour=blue"])
def test_notices_refuse_nonsense_in_the_address(client, staff, query):
    assert client.get(f"/notices/{query}").status_code == 400


@pytest.mark.parametrize("kind", [NoticeKind.COMPANY_SENT_BACK, "of another version"])
def test_notice_that_lacks_what_its_sentence_names_takes_no_page_down(client, kind):
    staff = person(Role.STAFF)
    client.force_login(staff)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE notices_notice DROP CONSTRAINT notice_kind_is_known")
    Notice.objects.create(user=staff, kind=kind, event="odd", facts={})

    pages = [client.get(address).status_code for address in ("/", "/notices/")]

    assert pages == [200, 200]
