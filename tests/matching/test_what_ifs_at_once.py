"""What-ifs that several people start at the same moment: together they are no more than are let under way."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction

from accounts.enums import Role
from matching import services
from matching.models import Run
from matching.services.what_if_runs import MOST_UNDER_WAY
from tests.matching.book import open_corridor
from tests.matching.found import finished_run
from tests.people import person

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_S = 20


def start(user, percent: int) -> None:
    services.start_what_if(started_by=user, options={"freight_percent": str(percent)})


@transaction.atomic
def start_without_waiting(user, percent: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '200ms'")
    start(user, percent)


def test_people_who_start_at_once_come_one_after_the_other():
    open_corridor()
    finished_run()
    staff, admin = person(Role.STAFF), person(Role.ADMIN)
    for percent in range(1, MOST_UNDER_WAY):
        start(staff, percent)
    has_started, may_end = threading.Event(), threading.Event()

    def start_and_linger() -> None:
        try:
            with transaction.atomic():
                start(admin, 50)
                has_started.set()
                may_end.wait(PATIENCE_S)
        finally:
            connection.close()

    other = threading.Thread(target=start_and_linger)
    other.start()
    try:
        assert has_started.wait(PATIENCE_S)
        with pytest.raises(OperationalError, match="lock timeout"):
            start_without_waiting(staff, 60)
    finally:
        may_end.set()
        other.join(PATIENCE_S)

    with pytest.raises(ValidationError, match="Several what-ifs are under way already"):
        start(staff, 60)
    assert Run.objects.unfinished().count() == MOST_UNDER_WAY
