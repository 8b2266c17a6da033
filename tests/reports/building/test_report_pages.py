"""Reports that are there: who finds them, what their page tells, how files are taken away, what is done with them."""

import hashlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from reports.enums import Failure, Format, ReportState
from reports.models import Report, ReportDownload
from tests.people import person
from tests.reports.building.kept import CONTENT, ordered_report, ready_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = person(Role.OFFICER, name="Dewi")
    client.force_login(user)
    return user


@pytest.fixture
def colleague():
    return person(Role.STAFF, name="Agus")


def page_of(client, report: Report):
    return client.get(f"/reports/{report.public_id}/")


def test_the_list_holds_ones_own_and_what_is_shared_and_nothing_else(client, officer, colleague):
    own = ready_report(officer)
    shared = ready_report(colleague, name="For Monday")
    shared.shared_with.add(officer)
    ready_report(colleague)

    shown = client.get("/reports/").context["page"].object_list
    of_others = client.get("/reports/?whose=shared").context["page"].object_list

    assert ([report.pk for report in shown], [report.pk for report in of_others]) == ([shared.pk, own.pk], [shared.pk])


def test_the_list_is_narrowed_by_state_and_refuses_nonsense(client, officer):
    ready_report(officer)
    waiting = ordered_report(officer)

    shown = client.get("/reports/?state=queued&sort=-rows").context["page"].object_list
    refused = client.get("/reports/?state=perhaps")

    assert ([report.pk for report in shown], refused.status_code) == ([waiting.pk], 400)


def test_the_list_costs_the_same_for_one_and_for_three(client, officer, colleague):
    costs = []
    client.get("/reports/")
    for number in (1, 2):
        for _more in range(number):
            ready_report(officer, files=(("pdf", ["ru"]), ("xlsx", ["id", "ru"]))).shared_with.add(colleague)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/reports/")
        costs.append(len(asked))

    assert costs[0] == costs[1]


def test_an_empty_list_says_what_to_do(client, officer):
    assert 'href="/reports/new/"' in client.get("/reports/").content.decode()


def test_a_file_is_sent_as_it_is_and_written_down(client, officer):
    report = ready_report(officer)
    file = report.files.get()

    sent = client.get(f"/reports/{report.public_id}/files/{file.pk}/")

    assert b"".join(sent.streaming_content) == CONTENT
    names = ("Content-Type", "Content-Disposition", "Content-Length", "Cache-Control", "X-Content-Type-Options")
    assert [sent[name] for name in names] == [
        "application/pdf",
        'attachment; filename="tradematch-matches-ru.pdf"',
        str(len(CONTENT)),
        "max-age=0, no-cache, no-store, must-revalidate, private",
        "nosniff",
    ]
    log = ReportDownload.objects.values_list("report", "file_name", "sha256", "taken_by")
    assert list(log) == [(report.pk, file.name, hashlib.sha256(CONTENT).hexdigest(), officer.pk)]


@pytest.mark.parametrize("role", [Role.STAFF, Role.ADMIN, Role.BUSINESS])
def test_others_find_neither_report_nor_file(client, role):
    report = ready_report(person(Role.OFFICER))
    file = report.files.get()
    client.force_login(person(role))
    base = f"/reports/{report.public_id}/"

    asked = [base, f"{base}progress/", f"{base}anew/", f"{base}files/{file.pk}/"]
    done = [f"{base}{act}/" for act in ("files", "share", "cancel", "again", "remove")]

    answers = [client.get(address) for address in asked] + [client.post(address) for address in done]
    assert {answer.status_code for answer in answers} == {404}


def test_a_file_under_the_address_of_another_report_is_not_found(client, officer):
    one, other = ready_report(officer), ready_report(officer)

    assert client.get(f"/reports/{one.public_id}/files/{other.files.get().pk}/").status_code == 404


def test_a_colleague_reads_and_takes_and_does_nothing_else(client, officer, colleague):
    report = ready_report(colleague)
    report.shared_with.add(officer)
    base = f"/reports/{report.public_id}/"

    shown = page_of(client, report)
    done = [client.post(f"{base}{act}/").status_code for act in ("share", "cancel", "again", "remove")]
    taken = client.get(f"{base}files/{report.files.get().pk}/").status_code

    assert (shown.status_code, "sharing" in shown.context, done, taken) == (200, False, [404] * 4, 200)


def test_the_page_tells_what_it_rests_on_in_the_readers_language(client, officer):
    client.cookies["django_language"] = "ru"
    officer.language = "ru"
    officer.save(update_fields=["language"])

    assert page_of(client, ready_report(officer)).context["about"] == [
        ("Run (ру)", "7"),
        ("Filter (ру)", "Palm oil (ру)"),
    ]


@pytest.mark.parametrize(
    ("facts", "seen"),
    [
        ({}, "queued-0-0-0-1"),
        ({"state": ReportState.MAKING, "done": 4, "total": 9}, "making-4-9-0-1"),
    ],
)
def test_progress_asks_again_until_something_changes(client, officer, facts, seen):
    report = ordered_report(officer, **facts)
    address = f"/reports/{report.public_id}/progress/"

    same, other = client.get(address, {"seen": seen}), client.get(address, {"seen": "queued-0-0-0-0"})

    assert (same.status_code, other.status_code) == (204, 200)
    assert f'hx-get="{address}?seen={seen}"' in other.content.decode()


def test_progress_of_a_report_that_is_over_asks_no_more(client, officer):
    report = ready_report(officer)

    shown = client.get(f"/reports/{report.public_id}/progress/").content.decode()

    assert ("hx-get" in shown, f"/files/{report.files.get().pk}/" in shown) == (False, True)


def test_a_failure_is_told_in_words_and_made_again(client, officer):
    report = ordered_report(officer, state=ReportState.FAILED, failure=Failure.TOO_LONG)

    page = page_of(client, report).content.decode()
    client.post(f"/reports/{report.public_id}/again/")

    report.refresh_from_db()
    assert ("It took longer than a report may take." in page, report.state) == (True, ReportState.QUEUED)


def test_waiting_is_ended(client, officer):
    report = ordered_report(officer)

    client.post(f"/reports/{report.public_id}/cancel/")

    report.refresh_from_db()
    assert report.state == ReportState.CANCELLED


def test_another_file_of_the_same_figures_is_asked_for(client, officer):
    report = ready_report(officer)
    address = f"/reports/{report.public_id}/files/"

    refused = client.post(address, {"format": "pdf", "language": "id", "beside": "id"})
    client.post(address, {"format": "pdf", "language": "id", "beside": "ru"})

    assert (refused.status_code, refused.context["further"].errors) == (
        400,
        {"beside": ["Choose another language than the first."]},
    )
    assert [(file.format, file.languages) for file in report.files.all()] == [
        (Format.PDF, ["ru"]),
        (Format.PDF, ["id", "ru"]),
    ]


def test_a_report_is_shared_by_name_and_no_longer(client, officer, colleague):
    report = ready_report(officer)
    base = f"/reports/{report.public_id}/share/"
    offered = [str(label) for _key, label in page_of(client, report).context["sharing"].fields["people"].choices]

    client.post(base, {"people": [colleague.pk]})
    seen_by = list(report.shared_with.all())
    client.post(f"{base}{colleague.pk}/end/")

    assert (offered, seen_by, list(report.shared_with.all())) == (["Agus, city staff"], [colleague], [])


def test_business_users_are_never_offered(client, officer):
    business = person(Role.BUSINESS)
    report = ready_report(officer)

    refused = client.post(f"/reports/{report.public_id}/share/", {"people": [business.pk]})

    assert refused.status_code == 400
    assert not report.shared_with.exists()


def test_a_removed_report_keeps_what_it_rested_on_and_its_log(client, officer):
    report = ready_report(officer)
    file = report.files.get()
    client.get(f"/reports/{report.public_id}/files/{file.pk}/")

    client.post(f"/reports/{report.public_id}/remove/")
    page = page_of(client, report)
    gone = client.get(f"/reports/{report.public_id}/files/{file.pk}/")

    assert (page.status_code, len(page.context["taken"]), gone.status_code) == (200, 1, 404)
