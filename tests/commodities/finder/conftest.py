import pytest
from django.conf import settings
from django.db import transaction

from commodities.finding.index import index_catalogue
from commodities.loading import Loading
from commodities.services.groups import load_groups
from commodities.services.tree import load_tree
from commodities.services.words import load_words


@pytest.fixture(scope="module")
def catalogue(django_db_setup, django_db_blocker):
    """The whole catalogue as it ships, with its index; gone after the tests of the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        loading = Loading(settings.REFERENCE_DIR)
        for step in (load_tree, load_groups, load_words):
            step(loading)
        index_catalogue()
        yield
        transaction.set_rollback(True)
