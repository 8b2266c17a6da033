"""The request number: on each answer, on each line, and on through the tasks that a request leads to."""

import re

import pytest
from django.test import RequestFactory

from tradematch import request_ids
from tradematch.celery import app

NUMBER = re.compile(r"[2-9A-HJKMNP-Z]{5}-[2-9A-HJKMNP-Z]{5}")


def numbers_of(client, *addresses, **headers) -> list[str]:
    return [client.get(address, **headers)["X-Request-ID"] for address in addresses]


@pytest.mark.django_db
def test_every_answer_has_a_number_of_its_own(client):
    numbers = numbers_of(client, "/livez", "/readyz", "/accounts/login/", "/", "/nowhere/", "/static/icon.svg")

    assert [bool(NUMBER.fullmatch(number)) for number in numbers] == [True] * 6
    assert len(set(numbers)) == 6


@pytest.mark.parametrize(
    ("is_behind_a_proxy", "given", "is_taken"),
    [
        (True, "0af7651916cd43dd8448eb211c80319c", True),
        (True, "req-2026-11", True),
        (False, "0af7651916cd43dd8448eb211c80319c", False),
        (True, "short", False),
        (True, "x" * 65, False),
        (True, "a line\nof its own", False),
        (True, '"}, {"level": "x', False),
        (True, "кириллица-число", False),
        (True, "", False),
    ],
)
def test_a_number_from_outside_is_taken_from_the_proxy_alone_and_only_when_plain(
    settings, is_behind_a_proxy, given, is_taken
):
    settings.HTTPS = is_behind_a_proxy
    request = RequestFactory().get("/", headers={"X-Request-ID": given})

    number = request_ids.number_of(request)

    assert (number == given) is is_taken
    assert request_ids.FROM_PROXY.fullmatch(number)


def test_no_number_is_left_when_the_request_is_over(client, db):
    client.get("/livez")

    assert request_ids.current() == ""


@pytest.mark.django_db
def test_an_error_page_shows_the_number_of_its_answer(client):
    response = client.get("/nowhere/")

    assert f'<b id="request-number">{response["X-Request-ID"]}</b>' in response.content.decode()


def test_a_task_is_sent_with_the_number_of_the_request_that_queues_it():
    sent = {}
    request_ids.adopt("ABCDE-FGHJK")
    with app.connection_for_write() as connection, connection.channel() as channel:
        producer = app.amqp.Producer(channel)
        producer.publish = lambda body, headers=None, **more: sent.update(headers)
        app.send_task("matching.tasks.sweep_runs", producer=producer)
    request_ids.adopt("")

    assert sent[request_ids.MESSAGE_HEADER] == "ABCDE-FGHJK"
