"""Keys that triggers check once a statement hold as foreign keys do, whoever writes: docs/adr/0009."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, connections, transaction

from matching.models import Allocation, Match, MatchResult, NearMiss
from tests.factories import CommodityFactory
from tests.matching.found import finished_run, some_matches

pytestmark = pytest.mark.django_db(transaction=True)
NOBODY = 999_999_999


@pytest.fixture
def match() -> Match:
    return some_matches(CommodityFactory(), 1)[0].match


def copy_of(result: MatchResult, **changed) -> MatchResult:
    result = MatchResult.objects.get(pk=result.pk)
    result.pk = None
    for name, value in changed.items():
        setattr(result, name, value)
    return result


@pytest.mark.parametrize("changed", [{"match_id": NOBODY}, {"run_id": NOBODY}])
def test_result_of_nothing_is_refused(match, changed):
    with pytest.raises(IntegrityError, match="names no row of"), transaction.atomic():
        copy_of(match.latest, **changed).save()
    with pytest.raises(IntegrityError, match="names no row of"), transaction.atomic():
        MatchResult.objects.filter(pk=match.latest_id).update(**changed)


def test_other_rows_of_nothing_are_refused(match):
    day = date(2027, 1, 1)
    months = {"ship_month": day, "deliver_month": day, "quantity_kg": 1}
    miss = {"rule": "days", "side": "buyer", "change": {}, "effort": 1, "score_ppm": 0}
    pair = {"need": match.need, "capacity": match.capacity}
    rows = [
        Match(**pair, first_run_id=NOBODY),
        Allocation(match=match, run_id=NOBODY, **months),
        Allocation(match_id=NOBODY, run=match.first_run, **months),
        NearMiss(**pair, run_id=NOBODY, **miss),
    ]

    for row in rows:
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_what_is_named_cannot_be_deleted_by_any_way(match):
    for statement, number in (
        ("DELETE FROM matching_match WHERE id = %s", match.pk),
        ("DELETE FROM matching_run WHERE id = %s", match.first_run_id),
    ):
        with (
            pytest.raises(IntegrityError, match="is still named by"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [number])


@pytest.mark.parametrize("table", ["matching_match", "matching_run"])
def test_parent_keeps_its_number(match, table):
    number = match.pk if table == "matching_match" else match.first_run_id
    with (
        pytest.raises(IntegrityError, match=f"{number} of {table} keeps its number"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET id = {NOBODY} WHERE id = %s", [number])


def test_who_deletes_a_match_waits_for_a_result_that_is_being_written_and_is_refused(match):
    other = copy_of(match.latest, run=finished_run())
    Match.objects.filter(pk=match.pk).update(latest=None)
    MatchResult.objects.filter(match=match).delete()
    refused = []

    def delete() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("DELETE FROM matching_match WHERE id = %s", [match.pk])
        except IntegrityError as error:
            refused.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=delete)
    with transaction.atomic():
        other.save()
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()  # it waits, for the row is held
    thread.join()

    assert len(refused) == 1
    assert Match.objects.filter(pk=match.pk).exists()
