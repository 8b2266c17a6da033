"""What is remembered hangs on every kind of notes that it names: a change of any of them forgets it."""

import pytest
from django.core.cache import cache

from accounts.figures import AtLeast
from accounts.lists.remembering import Answers, Memory, forget_changes, last_change
from companies.models import BookChange, Company
from matching.models import ListedChange

pytestmark = pytest.mark.django_db
BOTH = (BookChange, ListedChange)


def answers(memory: Memory, *notes, said=7, lasts: bool = False) -> tuple:
    """What is answered, and whether it had to be counted."""
    counted = []

    def count():
        counted.append(1)
        return said

    return memory.remembered(notes, Company.objects.all(), "how many", count, lasts=lasts), bool(counted)


def test_nothing_is_remembered_where_one_kind_of_change_was_never_noted():
    ListedChange.objects.all().delete()
    BookChange.objects.create()

    found = [answers(Memory(), *BOTH) for _time in range(2)]

    assert found == [(7, True), (7, True)]


@pytest.mark.parametrize("changed", BOTH)
def test_what_hangs_on_several_is_found_out_anew_after_a_change_of_each(changed):
    for notes in BOTH:
        notes.objects.create()
    told = [answers(Memory(), *BOTH), answers(Memory(), *BOTH)]

    changed.objects.create()
    told.append(answers(Memory(), *BOTH))

    assert [was_counted for _answer, was_counted in told] == [True, False, True]


def test_each_kind_of_notes_is_asked_once_a_page(django_assert_num_queries):
    for notes in BOTH:
        notes.objects.create()
    memory = Memory()

    with django_assert_num_queries(2):
        for notes in (BOTH, BOTH[:1], BOTH[1:]):
            answers(memory, *notes)
            answers(memory, *notes)


@pytest.mark.parametrize(("lasts", "was_counted"), [(True, False), (False, True)])
def test_that_there_are_many_lasts_where_it_may(lasts, was_counted):
    ListedChange.objects.create()
    many = AtLeast(10_000)
    answers(Memory(), ListedChange, said=many, lasts=lasts)

    ListedChange.objects.create()

    assert answers(Memory(), ListedChange, said=many, lasts=lasts) == (many, was_counted)


@pytest.mark.parametrize("notes", BOTH)
def test_old_notes_of_each_kind_are_forgotten(notes, monkeypatch):
    monkeypatch.setattr(notes, "MOST_KEPT", 4)
    notes.objects.all().delete()
    made = [notes.objects.create().pk for _number in range(6)]

    forget_changes(notes)

    assert sorted(notes.objects.values_list("pk", flat=True)) == made[-2:]
    assert last_change(notes)[:2] == (made[-1], 2)


def test_answers_around_a_page_lie_together_until_a_change():
    ListedChange.objects.create()
    asked = []

    def answers_of_a_reader() -> list:
        around = Answers(Memory(), (ListedChange,), "page")
        return [around.of(what, lambda what=what: asked.append(what) or f"{what} it is") for what in ("one", "two")]

    told = [answers_of_a_reader(), answers_of_a_reader()]
    ListedChange.objects.create()
    told.append(answers_of_a_reader())

    assert told == [["one it is", "two it is"]] * 3
    assert asked == ["one", "two", "one", "two"]


def test_that_there_are_many_outlives_its_seconds_in_no_answers():
    ListedChange.objects.create()

    def asked() -> tuple[int, dict | None]:
        memory = Memory()
        around = Answers(memory, (ListedChange,), "page")
        number = around.of("how many", lambda: answers(memory, ListedChange, said=AtLeast(10_000), lasts=True)[0])
        return number, cache.get(around.key)

    before = asked()
    ListedChange.objects.create()
    after = asked()

    assert before == (AtLeast(10_000), {"how many": AtLeast(10_000)})
    assert after == (AtLeast(10_000), None)


def test_answers_of_another_page_are_others():
    ListedChange.objects.create()

    told = [Answers(Memory(), (ListedChange,), page).of("how many", lambda page=page: page) for page in ("a", "b")]

    assert told == ["a", "b"]
