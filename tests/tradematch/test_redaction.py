"""What may not stand in a log is taken out of it, wherever it turns up; what may, stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradematch.redaction import clean


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("refused budi.santoso+x@pelabuhan.go.id twice", "refused [e-mail] twice"),
        ("?email=budi%40pelabuhan.go.id", "?email=[e-mail]"),
        ("Құрман қ.құрман@мекеме.қаз жазды", "Құрман [e-mail] жазды"),
        ("/accounts/password/reset/key/3f-cz1q2w-8a7b6c5d/", "/accounts/password/reset/key/[secret]/"),
        ("/accounts/confirm-email/MjQ:1vAbCd:xYz_-123/", "/accounts/confirm-email/[secret]/"),
        ("postgres://tradematch:hunter2@db:5432/tm", "postgres://[secret]@db:5432/tm"),
        ("redis://:hunter2@redis:6379/0", "redis://[secret]@redis:6379/0"),
        ("Authorization: Bearer abc.def", "Authorization: [secret]"),
        ("{'HTTP_COOKIE': 'sessionid=abc; csrftoken=d'}", "{'HTTP_COOKIE': [secret]"),
        ("password=hunter2&next=/", "password=[secret]&next=/"),
        ("{'new_password1': 'hunter2', 'x': 1}", "{'new_password1': '[secret]', 'x': 1}"),
        ("IIN 870412300123, NIB 1234567890123.", "IIN [number], NIB [number]."),
        ("call +7 701 123-45-67 now", "call [phone] now"),
    ],
)
def test_peoples_data_and_secrets_are_taken_out(written, kept):
    assert clean(written) == kept


@pytest.mark.parametrize(
    "text",
    [
        "Task matching.tasks.match_shard[0d5e1c5a-1111-4222-8333-123456789012] received",
        "tradematch-0a1b2c3d@machine ready.",
        "run 17: cutting the book, 61,600,000 kg in 12345678901 g",
        "/accounts/password/reset/key/done/",
        "https://trade.example.go.id/matches/5/",
        "KeyError: 'token'",
    ],
)
def test_what_helps_and_hurts_nobody_stays(text):
    assert clean(text) == text


def test_rows_that_the_database_quotes_are_left_out():
    written = (
        "Traceback (most recent call last):\n  File x, line 1\n"
        'IntegrityError: duplicate key value violates unique constraint "accounts_user_email_key"\n'
        "DETAIL:  Key (name)=(Budi Santoso\nof the harbour) already exists.\nHINT:  ask.\n"
        "\nThe above exception was the direct cause of the following exception:\n\nTraceback (most recent call last):\n"
        "DataError: invalid input syntax\nLINE 1: UPDATE person SET name = 'Budi Santoso'\n            ^\n"
    )

    kept = clean(written)

    assert "Budi" not in kept
    assert "harbour" not in kept
    assert 'violates unique constraint "accounts_user_email_key"\nDETAIL: [left out]\nHINT:  ask.\n' in kept
    assert "\nThe above exception was the direct cause" in kept
    assert kept.endswith("DataError: invalid input syntax\nLINE 1: [left out]\n")


def test_rows_that_are_quoted_in_a_written_out_error_are_left_out():
    written = repr(ValueError("duplicate key\nDETAIL:  Key (name)=(Budi Santoso) already exists."))

    assert clean(written) == "ValueError('duplicate key\\nDETAIL: [left out]"


@given(st.text())
def test_clean_takes_any_text_and_does_it_once(text):
    assert clean(clean(text)) == clean(text)
