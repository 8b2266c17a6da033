"""Every table that the market rests on, and how a refresh of a large book hears that it has changed."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.history import forgetting
from companies.enums import FactKind
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
from corridor.models import Corridor, ExchangeRate, FreightQuote, InsurancePremium, LegSwitch, Requirement
from corridor.ways import MADE_FROM
from matching import services
from matching.enums import Failure, RunState
from matching.models import Run
from matching.services.columns import reading
from matching.services.market import load_book
from matching.services.refreshing import catalogue, edited, refresh_of
from matching.services.refreshing.heard import HEARD, HISTORY, Way
from tests.factories import CertificateKindFactory, ParameterFactory
from tests.matching.book import AS_OF
from tests.matching.refreshing.edits import edit, official, refresh_all, standing

pytestmark = pytest.mark.django_db

LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
IN_THE_VERSION_OF_THE_CORRIDOR = {
    *MADE_FROM,
    *(Corridor, ExchangeRate, FreightQuote, InsurancePremium, LegSwitch, Requirement),
}


def those_heard(*ways: Way) -> set[str]:
    return {table for table, way in HEARD.items() if way in ways}


def tables_of(models) -> set[str]:
    return {model._meta.db_table for model in models}


def test_every_table_that_a_book_is_read_from_is_heard_of(wanted, offered, monkeypatch):
    asked, read_columns = [], reading.read_columns

    def noted(query, *arguments):
        asked.append(query)
        return read_columns(query, *arguments)

    monkeypatch.setattr(reading, "read_columns", noted)
    with CaptureQueriesContext(connection) as caught:
        load_book(AS_OF)
    asked += [query["sql"] for query in caught]

    named = r'(?:FROM|JOIN) "?((?:companies|commodities|corridor|matching)_[a-z_]+)"?'
    tables = {table for query in asked for table in re.findall(named, query)}
    assert {"companies_need", "companies_commitment", "corridor_freightquote"} <= tables
    assert tables - HEARD.keys() == set()


def test_ways_of_hearing_hear_what_is_said_of_them():
    assert those_heard(Way.LISTING, Way.COMPANY) == tables_of(HISTORY)
    assert those_heard(Way.CATALOGUE) <= set(catalogue._TABLES)
    assert those_heard(Way.CORRIDOR) == tables_of(IN_THE_VERSION_OF_THE_CORRIDOR)


def rows_of_each(wanted: Need, offered: Capacity) -> dict:
    kind, parameter = CertificateKindFactory(), ParameterFactory()
    return {
        Need: wanted,
        NeedCommodity: NeedCommodity.objects.get(),
        NeedParameter: NeedParameter.objects.create(need=wanted, parameter=parameter, low=Decimal(1)),
        NeedCertificate: NeedCertificate.objects.create(need=wanted, certificatekind=kind),
        Capacity: offered,
        CapacityParameter: CapacityParameter.objects.create(capacity=offered, parameter=parameter, low=Decimal(1)),
        Company: wanted.company,
        VerificationFact: wanted.company.facts.get(),
        Certificate: Certificate.objects.create(company=wanted.company, kind=kind, state="unchecked"),
    }


def test_history_names_whose_facts_a_row_is_of(wanted, offered, monkeypatch):
    rows = rows_of_each(wanted, offered)
    assert rows.keys() == HISTORY.keys()
    belongs = {"needs": wanted.pk, "capacities": offered.pk, "companies": wanted.company_id}
    for model, (name, column) in HISTORY.items():
        monkeypatch.setattr(edited, "HISTORY", {model: (name, column)})

        heard = edited.heard_since(LONG_AGO)

        assert belongs[name] in heard[name], model


@pytest.fixture
def kept(settings, tmp_path, wanted, offered, monkeypatch, compiled):
    """A snapshot of the book, and all that was written before it counts as old."""
    settings.SNAPSHOT_DIR, settings.SNAPSHOT_FROM = tmp_path, 0
    monkeypatch.setattr(edited, "CLOCKS_DIFFER", dt.timedelta(0))
    official()
    assert services.make_snapshot()


def heard_now(model) -> None:
    """Within the transaction of a test all that the history keeps bears the time of its beginning."""
    newest = model.pgh_event_model.objects.order_by("-pgh_id").first()
    with forgetting():
        model.pgh_event_model.objects.filter(pk=newest.pk).update(pgh_created_at=timezone.now())


def test_trust_that_nobody_told_of_counts_with_the_next_refresh_that_meets_it(kept, wanted, offered):
    VerificationFact.objects.create(company=offered.company, kind=FactKind.VISITED, checked_on=AS_OF)
    heard_now(VerificationFact)

    edit(wanted, price_amount=Decimal(1140))
    refresh_all()

    refreshed = standing()
    official()
    assert standing() == refreshed


def test_listing_whose_refresh_has_ended_is_edited_but_settled(kept, wanted, offered):
    cut_at = timezone.now()

    edit(offered, price_amount=Decimal(790))
    before = edited.edited_since(cut_at), edited.unsettled_since(cut_at)
    refresh_all()

    assert [pks for only in before for pks in only] == [set(), {offered.pk}] * 2
    assert edited.edited_since(cut_at) == (set(), {offered.pk})
    assert edited.unsettled_since(cut_at) == (set(), set())


def test_refresh_that_failed_is_made_good_by_a_later_one_of_the_listing(kept, wanted, offered):
    cut_at = timezone.now()
    edit(offered, price_amount=Decimal(790))
    failed(refresh_of(offered), Failure.TOO_LONG)
    edit(wanted, price_amount=Decimal(1140))
    refresh_all()
    assert edited.unsettled_since(cut_at) == (set(), {offered.pk})

    edit(offered, price_amount=Decimal(780))
    assert edited.unsettled_since(cut_at) == (set(), {offered.pk})
    refresh_all()

    assert edited.unsettled_since(cut_at) == (set(), set())


def test_refresh_that_was_refused_is_made_good_by_no_other(kept, wanted, offered):
    """It may have been refused before the other one read the book, and what was edited written afterwards."""
    cut_at = timezone.now()
    edit(offered, price_amount=Decimal(790))
    failed(refresh_of(offered), Failure.TOO_OFTEN)

    edit(offered, price_amount=Decimal(780))
    refresh_all()

    assert edited.unsettled_since(cut_at) == (set(), {offered.pk})


def failed(run: Run, code: str) -> None:
    Run.objects.filter(pk=run.pk).update(state=RunState.FAILED, reason_code=code, finished_at=timezone.now())


def test_what_changes_after_its_refresh_is_to_be_settled_again(kept, wanted, offered):
    cut_at = timezone.now()
    edit(offered, price_amount=Decimal(790))
    refresh_all()

    Capacity.objects.filter(pk=offered.pk).update(lead_days=11)
    heard_now(Capacity)

    assert edited.unsettled_since(cut_at) == (set(), {offered.pk})


def test_snapshot_hears_of_what_is_being_written_while_it_is_made():
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT now()")
            began = cursor.fetchone()[0]

        later = timezone.now() + dt.timedelta(minutes=5)

        assert edited.cut_of_now(later) == began
        assert edited.cut_of_now(began - dt.timedelta(seconds=1)) < began
        assert edited.cut_of_now(later + dt.timedelta(hours=1)) > began  # nothing is written for so long
    finally:
        other.close()
