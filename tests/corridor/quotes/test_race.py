"""Two officers enter the same quote at the same moment: one of them is refused."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from corridor.models import FreightQuote
from corridor.services import quotes
from tests.corridor.quotes.facts import TODAY, Ways
from tests.people import person

HELD_S = 1  # long enough for the second to come through, if anything let it
PATIENCE_S = 60


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_quotes_at_once_waits_and_is_refused(monkeypatch):
    ways, officer = Ways.made(), person("officer")
    is_checked, is_second_done = threading.Event(), threading.Event()
    make, answers = quotes.new_quote, {}

    def make_slowly(*facts):
        """The first has been found faultless, and is not written yet. Would the second get through now?"""
        is_checked.set()
        is_second_done.wait(HELD_S)
        return make(*facts)

    def enter(name: str) -> None:
        try:
            answers[name] = quotes.enter_quote(facts=ways.quoted(), by=officer, today=TODAY).code
        except ValidationError as refusal:
            answers[name] = list(refusal.message_dict)
        finally:
            connection.close()

    monkeypatch.setattr(quotes, "new_quote", make_slowly)
    first = threading.Thread(target=enter, args=("first",))
    first.start()
    assert is_checked.wait(PATIENCE_S)
    second = threading.Thread(target=lambda: (enter("second"), is_second_done.set()))
    second.start()
    for thread in (first, second):
        thread.join(PATIENCE_S)

    assert answers == {"first": "E00001", "second": ["valid_from"]}
    assert FreightQuote.objects.count() == 1
