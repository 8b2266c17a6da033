"""Picking a national line of the tariff: what is refused, what stays in the history, two tabs at once."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.enums import Role
from accounts.history import changes_by
from corridor.changes import changes_of_choice
from corridor.models import DutyChoice
from corridor.services.duties import choose_line, stamp_of, take_choice_back
from tests.corridor.tariffs import tariff
from tests.factories import CommodityFactory
from tests.people import person

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(1)
RULING = {"reason": "solid fractions", "source": "letter of the broker, 3 November 2026"}


@pytest.fixture
def olein():
    return CommodityFactory(code="rbd-palm-olein", hs_code="151190", name_en="RBD palm olein")


@pytest.fixture
def officer():
    return person(Role.OFFICER)


@pytest.fixture
def lines():
    """Two lines in force, of which nobody knows which one counts."""
    return tariff("1511901902"), tariff("1511909908", ad_valorem_pct=0)


def choose(commodity, line, by, *, seen="", **facts) -> DutyChoice:
    return choose_line(commodity=commodity, market="KZ", tariff=line, seen=seen, by=by, **(RULING | facts))


def test_choose_line_keeps_the_line_the_reason_and_on_whose_word(olein, officer, lines):
    choose(olein, lines[1], officer, reason=" solid \n fractions ")

    (choice,) = DutyChoice.objects.all()
    assert (choice.commodity, choice.market, choice.tariff, choice.reason, choice.source, choice.chosen_by) == (
        olein, "KZ", lines[1], "solid fractions", "letter of the broker, 3 November 2026", officer,
    )  # fmt: skip


REFUSED_LINES = [
    ({"hs6": "151110"}, "1511909902 is not for RBD palm olein: their subheading is 151190."),
    ({"market": "ID"}, "1511909902 is a line of another market."),
    ({"measure": "import_vat"}, "1511909902 is no line of import duty."),
    ({"valid_to": timezone.localdate() - DAY}, "1511909902 is not in force today."),
    ({"valid_from": timezone.localdate() + DAY}, "1511909902 is not in force today."),
]


@pytest.mark.parametrize(("facts", "words"), REFUSED_LINES, ids=["heading", "market", "measure", "expired", "later"])
def test_choose_line_refuses_a_line_that_cannot_count(olein, officer, lines, facts, words):
    with pytest.raises(ValidationError) as refusal:
        choose(olein, tariff("1511909902", **facts), officer)

    assert refusal.value.messages == [words]
    assert not DutyChoice.objects.exists()


def test_choose_line_refuses_where_there_is_nothing_to_pick(olein, officer):
    with pytest.raises(ValidationError) as refusal:
        choose(olein, tariff(), officer)

    assert refusal.value.messages == ["1511909908 is the only line: there is nothing to pick."]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"reason": "  so "}, "Say why, in 5 to 300 letters."),
        ({"source": " "}, "Name the source: a ruling, a letter, a person and the day."),
        ({"source": "x" * 301}, "Name the source: a ruling, a letter, a person and the day."),
    ],
)
def test_choose_line_refuses_to_go_without_a_reason_or_a_source(olein, officer, lines, facts, words):
    with pytest.raises(ValidationError) as refusal:
        choose(olein, lines[0], officer, **facts)

    assert refusal.value.messages == [words]


def test_second_tab_sees_what_the_first_one_picked(olein, officer, lines):
    first = choose(olein, lines[0], officer)
    with pytest.raises(ValidationError) as refusal:
        choose(olein, lines[1], officer)
    assert refusal.value.messages == [
        "Somebody picked 1511901902 in the meantime. Look at it, then save again to keep yours."
    ]

    choose(olein, lines[1], officer, seen=stamp_of(first))

    assert DutyChoice.objects.get().tariff == lines[1]


def test_tab_that_saw_a_choice_which_is_gone_is_told(olein, officer, lines):
    first = choose(olein, lines[0], officer)
    take_choice_back(commodity=olein, market="KZ", reason="a mistake", seen=stamp_of(first))

    with pytest.raises(ValidationError) as refusal:
        choose(olein, lines[1], officer, seen=stamp_of(first))

    assert refusal.value.messages == [
        "Somebody took the choice back in the meantime. Look at the lines, then save again to keep yours."
    ]


def test_choice_is_taken_back_once_and_with_a_reason(olein, officer, lines):
    taken = {"commodity": olein, "market": "KZ", "seen": stamp_of(choose(olein, lines[0], officer))}
    with pytest.raises(ValidationError) as without_reason:
        take_choice_back(**taken, reason="no")
    take_choice_back(**taken, reason="the ruling was repealed")
    with pytest.raises(ValidationError) as twice:
        take_choice_back(**taken | {"seen": ""}, reason="the ruling was repealed")

    assert without_reason.value.messages == ["Say why, in 5 to 300 letters."]
    assert twice.value.messages == ["No line is picked for these goods."]


def test_history_tells_what_was_picked_changed_and_taken_back_by_whom(olein, officer, lines):
    with changes_by(user=officer.pk):
        first = choose(olein, lines[0], officer)
    staff = person(Role.STAFF)
    with changes_by(user=staff.pk):
        second = choose(olein, lines[1], staff, seen=stamp_of(first), reason="a binding ruling")
    with changes_by(user=officer.pk):
        take_choice_back(commodity=olein, market="KZ", reason="it was repealed", seen=stamp_of(second))

    told = [(one.action, one.row.tariff, one.row.reason, one.by, one.reason) for one in changes_of_choice(olein, "KZ")]

    assert told == [
        ("taken_back", lines[1], "a binding ruling", officer, "it was repealed"),
        ("changed", lines[1], "a binding ruling", staff, ""),
        ("set", lines[0], "solid fractions", officer, ""),
    ]
    assert changes_of_choice(olein, "ID") == []
