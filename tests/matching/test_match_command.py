"""`match` and `start_run`, with a real worker."""

import json

import pytest
from django.core.management import call_command

from matching.models import Run
from tests.matching.book import small_book

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def match(capsys, *arguments: str) -> str:
    capsys.readouterr()
    call_command("match", *arguments)
    return capsys.readouterr().out


def test_match_prints_the_same_bytes_twice(live_worker, capsys):
    live_worker()
    small_book(headings=2)

    first = match(capsys, "--json", "--as-of", "2027-01-04")
    second = match(capsys, "--json", "--as-of", "2027-01-04")

    assert first == second
    assert len(json.loads(first)["matches"]) == 4
    assert Run.objects.official().finished().count() == 2
