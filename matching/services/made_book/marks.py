"""By what a made book is known, and that no history is kept of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pgtrigger
from django.db import connection, models, transaction

from companies.enums import CompanyKind
from companies.models import (
    Capacity,
    CapacityParameter,
    Certificate,
    Company,
    Need,
    NeedCertificate,
    NeedCommodity,
    NeedParameter,
    VerificationFact,
)
from matching.services.refreshing import store
from matching.services.transactions import allow_thinking

MARK = "made-"  # how the code of each of its companies begins
SOURCE = "manage make_market"
Told = Callable[[str], None]
KEPT = (
    *(Company, VerificationFact, Certificate, Need, NeedCommodity, NeedParameter, NeedCertificate),
    *(Capacity, CapacityParameter),
)


def made() -> models.QuerySet:
    return Company.objects.filter(kind=CompanyKind.EXAMPLE, code__startswith=MARK, source=SOURCE)


@contextmanager
def without_history() -> Iterator[None]:
    """A transaction whose changes of these models no history keeps. A snapshot, which hears by it, is forgotten."""
    triggers = [f"{model._meta.label}:{trigger.name}" for model in KEPT for trigger in model._meta.triggers]
    with pgtrigger.ignore(*triggers), transaction.atomic():
        allow_thinking()  # a large book is drawn for minutes
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")  # says so to the transaction: COPY passes by where it is said
        transaction.on_commit(store.forget)
        yield
