"""The page for whoever holds a paper: what a stranger reads, and what not."""

import hashlib
from dataclasses import replace

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reports.cutting.cut import Cut
from reports.services.storing import pieces_of
from tests.matching.book import company
from tests.matching.found import finished_run
from tests.people import person
from tests.reports.making.small import JSON_RU, ORDER, XLSX_BOTH, colleague, made, names_of, officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]
PAGE = "/verify/"
SECRETS = ("Qazaq", "Kazyna", "Balikpapan Nikel", "sector=metals", "metals", "Of the secret meeting", "Dina")


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()


def report():
    company("KZ", name_registered="Qazaq Metals", city="Astana")
    company("ID", name_registered="PT Balikpapan Nikel", city="Balikpapan")
    order = replace(ORDER, query="sector=metals", recipient="Kazyna Trade")
    return made(JSON_RU, XLSX_BOTH, user=officer(name="Dina"), order=order, name="Of the secret meeting")


def text_of(response) -> str:
    return response.content.decode()


def test_stranger_is_told_what_it_was_and_learns_no_name(client, small):
    run = finished_run()
    small(cut=lambda order, user, put: Cut(names_of(put, has_examples=True, left_out=3), run))
    one = report()
    finished_run()

    pages = [text_of(client.get(PAGE, {"of": asked})) for asked in (str(one.public_id), one.files.first().sha256)]

    for page in pages:
        said = ("Summary by sector", "Asked again today, it would say the same in every row.", "3 fields that may not")
        assert [
            words for words in (*said, str(one.public_id), "There is a newer official run") if words not in page
        ] == []
        assert [name for name in SECRETS if name in page.replace("Government of Balikpapan", "")] == []
        assert f"/reports/{one.public_id}/" not in page


@pytest.mark.parametrize(
    ("who", "is_led"), [(officer, True), (lambda: colleague(2), True), (lambda: colleague(3), False)]
)
def test_whoever_may_open_the_report_is_led_to_it(client, who, is_led):
    one = report()
    one.shared_with.add(colleague(2))
    client.force_login(who())

    page = text_of(client.get(PAGE, {"of": str(one.public_id)}))

    assert (f'href="/reports/{one.public_id}/"' in page) is is_led


def test_business_is_told_what_a_stranger_is(client):
    one = report()
    client.force_login(person("business"))

    page = text_of(client.get(PAGE, {"of": str(one.public_id)}))

    assert ("TradeMatch made a report with this number." in page, f'"/reports/{one.public_id}/"' in page) == (
        True,
        False,
    )


def test_file_that_is_brought_is_known_and_one_of_another_bit_is_not(client):
    one = report()
    content = b"".join(pieces_of(one.files.get(format="xlsx")))

    known = client.post(PAGE, {"file": SimpleUploadedFile("copy.xlsx", content)}, follow=True)
    altered = client.post(PAGE, {"file": SimpleUploadedFile("a.xlsx", content[:-1] + b"\x01")}, follow=True)

    assert "TradeMatch made exactly this file." in text_of(known)
    assert "TradeMatch knows neither a file nor a report by this." in text_of(altered)


def test_large_file_is_counted_without_being_kept(client, monkeypatch):
    content = bytes(range(256)) * 16_000  # 4 MB: more than Django holds in memory
    large = SimpleUploadedFile("large.pdf", content)

    def written(*arguments, **named):
        raise AssertionError("nothing is written")

    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", written)
    monkeypatch.setattr("django.core.files.uploadedfile.InMemoryUploadedFile.__init__", written)
    response = client.post(PAGE, {"file": large})

    assert response["Location"] == f"{PAGE}?of={hashlib.sha256(content).hexdigest()}"


def test_file_over_the_limit_is_refused_unread(client):
    response = client.post(PAGE, {}, CONTENT_LENGTH=str(settings.VERIFIED_FILE_MAX_SIZE + 200_000))

    assert response.status_code == 413


def test_other_pages_take_no_large_file_of_strangers(client):
    response = client.post("/accounts/login/", {}, CONTENT_LENGTH="3000000")

    assert response.status_code == 413


@pytest.mark.parametrize("sent", [{}, {"file": SimpleUploadedFile("empty.csv", b"")}])
def test_nothing_or_an_empty_file_is_refused_in_words(client, sent):
    response = client.post(PAGE, sent)

    words = "This file is empty." if sent else "Fill this in."
    assert (response.status_code, words in text_of(response)) == (400, True)


def test_file_without_the_token_of_the_form_is_refused():
    response = Client(enforce_csrf_checks=True).post(PAGE, {"file": SimpleUploadedFile("a.csv", b"1")})

    assert response.status_code == 403


def test_what_was_typed_stays_when_it_is_refused(client):
    response = client.get(PAGE, {"of": "palm <oil>"})

    assert (response.status_code, 'value="palm &lt;oil&gt;"' in text_of(response)) == (400, True)


def test_strangers_ask_so_often_and_no_more(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"paper_verified": "2/h/ip"}
    one = report()

    statuses = [client.get(PAGE, {"of": str(one.public_id)}).status_code for _number in range(3)]
    client.force_login(colleague(3))

    assert statuses == [200, 200, 400]
    assert client.get(PAGE, {"of": str(one.public_id)}).status_code == 200


def test_empty_page_asks_the_database_nothing_of_reports(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(5) as asked:
        client.get(PAGE)

    assert isinstance(asked, CaptureQueriesContext)
    assert [query["sql"] for query in asked.captured_queries if "reports_" in query["sql"]] == []
