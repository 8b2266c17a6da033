"""Loading all reference data: the catalogue first, then the corridor that refers to it."""

from pathlib import Path

from django.db import IntegrityError, connection, transaction

from commodities.checks import refuse_unfit_database
from commodities.finding.index import index_catalogue
from commodities.loading import Count, Loading, ReferenceDataError
from commodities.services.certificates import load_certificate_kinds
from commodities.services.groups import load_groups
from commodities.services.parameters import load_parameters
from commodities.services.tree import load_tree
from commodities.services.words import load_words
from corridor.services.costs import load_costs
from corridor.services.law import load_law
from corridor.services.places import load_places
from corridor.services.routes import load_routes

STEPS = (
    load_tree,
    load_groups,
    load_words,
    load_parameters,
    load_certificate_kinds,
    load_places,
    load_routes,
    load_law,
    load_costs,
)
ONE_LOAD_AT_A_TIME = 0x7261_6465  # a PostgreSQL advisory lock of our own


def load_reference(directory: Path) -> list[Count]:
    """Load every reference file of a directory, or nothing: a broken row raises `ReferenceDataError`.

    Loading twice changes nothing. What a file no longer has is removed where nothing refers to it.
    """
    refuse_unfit_database()
    loading = Loading(directory)
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_LOAD_AT_A_TIME])
            for step in STEPS:
                step(loading)
            loading.remove_what_is_gone()
            index_catalogue()
    except IntegrityError as error:
        raise ReferenceDataError(str(directory), f"the database refuses it: {error}") from error
    return loading.counts
