"""An older book is brought up to date, whatever it was told."""

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.enums import Role
from notices.models import Notice
from tests.people import person

pytestmark = pytest.mark.django_db


def test_notice_of_a_role_from_an_older_book_goes_and_the_others_stay():
    call_command("migrate", "notices", "0003", verbosity=0)
    user = person(Role.BUSINESS)
    for kind in ("role_changed", "company_active"):
        Notice.objects.create(user=user, kind=kind, event=kind)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as if it had been committed

    call_command("migrate", "notices", verbosity=0)

    assert list(Notice.objects.values_list("kind", flat=True)) == ["company_active"]
