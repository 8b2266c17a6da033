import pytest
from django.db import transaction

from corridor.services.reference import load_reference
from tests.corridor.reference_files import SHIPPED, ReferenceFiles


@pytest.fixture
def files(tmp_path):
    """Reference files of the test's own, to break or to correct."""
    return ReferenceFiles(tmp_path)


@pytest.fixture(scope="module")
def shipped(django_db_setup, django_db_blocker):
    """The reference data as they ship, loaded once for the tests of a module, and gone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_reference(SHIPPED)
        transaction.set_rollback(True)
