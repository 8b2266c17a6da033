"""A preview shows the first rows of what would be made, and leaves nothing behind."""

import pytest
from django.core.exceptions import ValidationError
from django.db import InternalError, connections

from companies.models import Company
from reports import services
from reports.cutting.cut import Cut
from reports.models import Report, ReportPiece
from reports.services import previewing
from reports.services.beat import Work
from tests.companies.factories import CompanyFactory
from tests.reports.making.small import ORDER, colleague, names_of, officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]


def test_preview_shows_the_first_rows_and_counts_all():
    CompanyFactory.create_batch(4)
    names = list(Company.objects.order_by("pk").values_list("name_registered", flat=True))

    shown = services.preview(ORDER, officer(), most=2)

    first = [[name, ""] for name in names[:2]]
    assert shown.document.title["en"] == "Companies"
    assert (shown.rows, shown.counts) == (
        {"copied": first, "one_by_one": first},
        {"copied": 4, "one_by_one": 4},
    )
    assert (Report.objects.count(), ReportPiece.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_preview_can_write_nothing(small):
    def writes(order, user, put):
        CompanyFactory()
        return Cut(names_of(put), None)

    small(cut=writes)
    with pytest.raises(InternalError, match="read-only transaction"):
        services.preview(ORDER, officer())

    assert Company.objects.count() == 0


def test_preview_that_takes_long_is_refused_in_words(small, monkeypatch):
    monkeypatch.setattr(previewing, "MOST_S", 1)

    def slow(order, user, put):
        put.copied("copied", "SELECT 'one', pg_sleep(60)::text")

    small(cut=slow)
    with pytest.raises(ValidationError) as refused:
        services.preview(ORDER, officer())

    assert refused.value.messages == ["This takes too long for a preview. Order it: a worker makes it."]


def test_preview_whose_rows_are_reckoned_for_long_is_refused_in_words(small, monkeypatch):
    monkeypatch.setattr(previewing, "MOST_S", 0)  # its time is over with the first row

    def endless(order, user, put):
        put.put("rows", iter(lambda: ("again",), None))

    small(cut=endless)
    with pytest.raises(ValidationError) as refused:
        services.preview(ORDER, officer())

    assert refused.value.messages == ["This takes too long for a preview. Order it: a worker makes it."]


def test_preview_of_what_may_not_be_asked_is_refused(small):
    def gone(order, user):
        raise ValidationError("gone")

    small(check=gone)
    with pytest.raises(ValidationError, match="gone"):
        services.preview(ORDER, officer())


@pytest.mark.django_db(transaction=True)
def test_second_preview_of_a_person_waits_for_the_first(small):
    person, other = officer(), colleague()
    beside = connections.create_connection("default")
    try:
        with beside.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [int(Work.PREVIEW), person.pk])

        with pytest.raises(ValidationError, match="Your last preview is still being made"):
            services.preview(ORDER, person)
        assert services.preview(ORDER, other).counts == {"copied": 0, "one_by_one": 0}

        with beside.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
        assert services.preview(ORDER, person).counts == {"copied": 0, "one_by_one": 0}
    finally:
        beside.close()
