"""Pages of schedules: made from a report, changed, paused and removed; others see no more than is theirs."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from reports.models import Schedule
from tests.companies.factories import CompanyFactory
from tests.people import person
from tests.reports.building.kept import ready_report
from tests.reports.making.small import ORDER, colleague, officer
from tests.reports.schedules.coming import schedule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]
LIST = "/reports/schedules/"
SENT = {"name": "Each month", "every": "month", "day": "31", "at": "3.30", "clock": "Asia/Almaty"}


def page_of(one: Schedule, act: str = "") -> str:
    return f"{LIST}{one.pk}/{act}"


def test_schedule_is_made_from_a_report(client):
    report = ready_report(officer(), files=(("pdf", ["ru"]), ("xlsx", ["id", "kk"])))
    client.force_login(officer())
    form = client.get(f"{LIST}new/", {"report": report.public_id})

    client.post(f"{LIST}new/", SENT | {"report": report.public_id, "recipients": [colleague().pk], "only_new": "on"})

    made = Schedule.objects.get()
    assert (form.status_code, 'value="07:00"' in form.content.decode()) == (200, True)
    assert (made.name, made.every, made.day, made.weekday, made.only_new) == ("Each month", "month", 31, None, True)
    assert (made.at.isoformat(), made.clock, made.order) == ("22:30:00", "Asia/Almaty", report.order)
    assert made.files == [["pdf", ["ru"]], ["xlsx", ["id", "kk"]]]
    assert list(made.recipients.all()) == [colleague()]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"at": "25:00"}, "Write the time as 06:00, from 00:00 to 23:59."),
        ({"day": "32"}, "32 is too large. Write 31 or less."),
        ({"day": ""}, "Say on which day of the month, from 1 to 31."),
        ({"every": "week"}, "Say on which day of the week."),
        ({"name": " "}, "Fill this in."),
        ({"recipients": ["0"]}, "One of these people is no colleague any more."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, wrong, said):
    report = ready_report(officer())
    client.force_login(officer())

    response = client.post(f"{LIST}new/", SENT | {"report": report.public_id} | wrong)

    page = response.content.decode()
    assert (response.status_code, said in page, Schedule.objects.count()) == (400, True, 0)
    assert f'value="{wrong.get("at", "3.30")}"' in page


def test_owner_changes_pauses_resumes_and_removes(client):
    one = schedule(recipients=[colleague()])
    client.force_login(officer())

    client.post(page_of(one), SENT)
    changed = Schedule.objects.get()
    client.post(page_of(one, "pause/"))
    paused = Schedule.objects.get().is_paused
    client.post(page_of(one, "resume/"))
    resumed = not Schedule.objects.get().is_paused
    client.post(page_of(one, "remove/"))

    assert (changed.name, changed.every, list(changed.recipients.all())) == ("Each month", "month", [])
    assert (paused, resumed, Schedule.objects.count()) == (True, True, 0)


def test_recipient_sees_it_and_changes_nothing(client):
    one = schedule(recipients=[colleague()])
    client.force_login(colleague())

    page = client.get(page_of(one)).content.decode()
    for act in ("", "pause/", "resume/", "remove/"):
        client.post(page_of(one, act), SENT)

    assert ("Mondays" in page, "Remove this schedule" in page) == (True, False)
    assert list(Schedule.objects.values_list("name", "is_paused")) == [("Mondays", False)]


def test_page_says_what_is_asked_before_anything_came_of_it(client):
    company = CompanyFactory(name_registered="TOO Nan", name_latin="")
    order = replace(ORDER, query="sector=palm_oil&sector=metals", companies=(company.pk,))
    one = schedule(order=order)
    client.force_login(officer())

    answer = client.get(page_of(one))

    assert answer.context["asked"] == [
        ("Filter", "Sector: Palm oil, Industrial metals"),
        ("Companies", "TOO Nan"),
    ]
    assert "<dt>Companies</dt><dd>TOO Nan</dd>" in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [(lambda: colleague(3), 404), (lambda: person(Role.BUSINESS), 404), (lambda: person(Role.ADMIN), 200)],
)
def test_others_do_not_find_it_but_administrators_do(client, who, status):
    one = schedule(recipients=[colleague()])
    client.force_login(who())

    assert client.get(page_of(one)).status_code == status


def test_list_costs_the_same_queries_for_one_and_for_three(client):
    schedule()
    client.force_login(officer())
    client.get(LIST)

    with CaptureQueriesContext(connection) as of_one:
        client.get(LIST)
    schedule(name="Second", user=colleague(), recipients=[officer()])
    schedule(name="Third", user=colleague(), recipients=[officer()])
    with CaptureQueriesContext(connection) as of_three:
        page = client.get(LIST).content.decode()

    assert len(of_three) == len(of_one)
    assert [name in page for name in ("Mondays", "Second", "Third")] == [True] * 3
