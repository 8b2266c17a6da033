"""Every table that the market rests on, and how a refresh of a large book hears that it has changed."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from companies.enums import FactKind, ListingStatus
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
from matching.enums import Failure, RunKind, RunState
from matching.models import Run
from matching.services.columns import reading
from matching.services.market import load_book
from matching.services.refreshing import catalogue, edited, refresh_of, work
from matching.services.refreshing.heard import HEARD, HISTORY, READ_OF_COMPANY, Way
from tests.factories import CertificateKindFactory, ParameterFactory
from tests.matching.book import AS_OF, capacity
from tests.matching.found import finished_run
from tests.matching.refreshing.edits import (
    TOO_DEAR,
    current,
    edit,
    failed,
    heard_now,
    official,
    refresh_all,
    standing,
)

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
    column = r'\bcompan(?:ies_company"|y)\."?([a-z_]+)'
    assert {name for query in asked for name in re.findall(column, query)} == {"id", *READ_OF_COMPANY}


def test_ways_of_hearing_hear_what_is_said_of_them():
    assert those_heard(Way.LISTING, Way.COMPANY) == tables_of({*HISTORY, Company})
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
        VerificationFact: wanted.company.facts.get(),
        Certificate: Certificate.objects.create(company=wanted.company, kind=kind, state="unchecked"),
    }


def test_history_names_whose_facts_a_row_is_of(wanted, offered, monkeypatch):
    rows = rows_of_each(wanted, offered)
    monkeypatch.setattr(edited, "companies_heard_since", lambda _since: {})
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


def test_trust_that_nobody_told_of_counts_with_the_next_refresh_that_meets_it(kept, wanted, offered):
    VerificationFact.objects.create(company=offered.company, kind=FactKind.VISITED, checked_on=AS_OF)
    heard_now(VerificationFact)

    edit(wanted, price_amount=Decimal(1140))
    refresh_all()

    refreshed = standing()
    official()
    assert standing() == refreshed


SAID_OF_ITSELF = {"description": "Palm oil since 1990", "website": "https://example.org", "city": "Almaty"}
READ = {"kind": "registered", "status": "suspended", "is_hidden": True, "screening": "refused", "size": "micro"}


@pytest.mark.parametrize(("fact", "value"), [*READ.items(), ("place", None), *SAID_OF_ITSELF.items()])
def test_company_is_heard_of_by_what_the_market_reads_of_it(wanted, fact, value):
    cut_at, company = timezone.now(), wanted.company
    setattr(company, fact, value)

    company.save()
    heard_now(Company)

    assert edited.heard_since(cut_at)["companies"].keys() == (set() if fact in SAID_OF_ITSELF else {company.pk})


def test_company_brings_its_open_listings_along_and_none_that_had_ended(kept, goods, offered):
    capacity(goods, company=offered.company, status=ListingStatus.WITHDRAWN)
    cut_at = timezone.now()
    offered.company.size = "micro"

    offered.company.save()
    heard_now(Company)

    assert edited.edited_since(cut_at) == (set(), {offered.pk})


def test_listing_whose_refresh_has_ended_is_edited_but_settled(kept, wanted, offered):
    cut_at = timezone.now()

    edit(offered, price_amount=Decimal(790))
    before = edited.edited_since(cut_at), unsettled_since(cut_at)
    refresh_all()

    assert [pks for only in before for pks in only] == [set(), {offered.pk}] * 2
    assert edited.edited_since(cut_at) == (set(), {offered.pk})
    assert unsettled_since(cut_at) == (set(), set())


def test_listings_of_a_book_that_was_read_whole_are_settled_though_the_history_names_each(kept, goods, offered):
    second = capacity(goods, company=offered.company)
    cut_at = timezone.now()
    for one in (offered, second):
        Capacity.objects.filter(pk=one.pk).update(lead_days=11)
        heard_now(Capacity)
    assert unsettled_since(cut_at) == (set(), {offered.pk, second.pk})

    services.ask_for_refresh_of_books([offered.company], as_of=AS_OF)
    refresh_all()

    assert edited.untold_since(cut_at) == ((set(), set()), {"companies": {}, "needs": {}, "capacities": {}})


def test_refresh_that_failed_is_made_good_by_a_later_one_of_the_listing(kept, wanted, offered):
    cut_at = timezone.now()
    edit(offered, price_amount=Decimal(790))
    failed(refresh_of(offered), Failure.TOO_LONG)
    edit(wanted, price_amount=Decimal(1140))
    refresh_all()
    assert edited.untold_since(cut_at).listings == (set(), {offered.pk})

    edit(offered, price_amount=Decimal(780))
    assert edited.untold_since(cut_at).listings == (set(), {offered.pk})
    refresh_all()

    assert edited.untold_since(cut_at).listings == (set(), set())


def test_lists_of_a_refresh_that_failed_are_settled_once_by_the_next_one_whosever_it_is(kept, wanted, offered):
    cut_at = timezone.now()
    edit(offered, price_amount=Decimal(790))
    failed(refresh_of(offered), Failure.TOO_LONG)
    assert unsettled_since(cut_at) == (set(), {offered.pk})

    for price in (1140, 1141):
        edit(wanted, price_amount=Decimal(price))
        refresh_all()

    first, second = Run.objects.refreshes().finished().order_by("pk")
    assert first.options["settled"].items() >= {"companies": [], "needs": [], "capacities": [offered.pk]}.items()
    assert "settled" not in second.options
    assert unsettled_since(cut_at) == (set(), set())

    edit(offered, price_amount=Decimal(780))
    failed(refresh_of(offered), Failure.TOO_LONG)
    assert unsettled_since(cut_at) == (set(), {offered.pk})


def test_refresh_settles_nothing_that_may_be_written_while_it_reads(kept, wanted, offered, monkeypatch):
    """What the history says of a transaction that is open yet cannot be read, and bears the time of its beginning."""
    cut_at = timezone.now()
    monkeypatch.setattr(work, "cut_of_now", lambda _now: cut_at)
    Capacity.objects.filter(pk=offered.pk).update(lead_days=11)
    heard_now(Capacity)

    edit(wanted, price_amount=Decimal(1140))
    refresh_all()

    assert unsettled_since(cut_at) == (set(), {offered.pk})


def test_official_run_has_looked_at_again_what_was_settled_while_it_was_under_way(kept, wanted, offered):
    run = services.start_run(as_of=AS_OF)
    shards = services.cut_book(run.pk).shards
    Capacity.objects.filter(pk=offered.pk).update(price_amount=TOO_DEAR)
    heard_now(Capacity)
    edit(wanted, price_amount=Decimal(1140))
    refresh_all()
    assert current() == set()

    for shard in shards:
        services.carry_out_shard(shard)
    services.close_run(run.pk)
    assert current() == {(wanted.pk, offered.pk)}  # as the official run read it
    services.make_snapshot()
    (again,) = refresh_all()

    assert (again.options["needs"], again.options["capacities"]) == ([wanted.pk], [offered.pk])
    assert current() == set()


# One minute, by which clocks differ; and the quarter of an hour that a transaction may take.
MADE_GOOD = [
    (Failure.TOO_LONG, 59, False),
    (Failure.TOO_LONG, 60, True),
    (Failure.TOO_OFTEN, 60, False),
    (Failure.TOO_OFTEN, 900 + 59, False),
    (Failure.TOO_OFTEN, 900 + 60, True),
]
WAYS_OF_NAMING = ("own", "in options", "company")


def naming(way: str, offered: Capacity) -> dict:
    return {
        "own": {"capacity": offered},
        "in options": {"options": {"companies": [], "capacities": [offered.pk]}},
        "company": {"options": {"companies": [offered.company_id]}},
    }[way]


@pytest.mark.parametrize(("code", "later_s", "is_made_good"), MADE_GOOD)
@pytest.mark.parametrize("of_failed", WAYS_OF_NAMING)
@pytest.mark.parametrize("of_later", WAYS_OF_NAMING)
def test_refresh_is_made_good_by_one_that_surely_read_what_it_was_asked_for(
    offered, code, later_s, is_made_good, of_failed, of_later
):
    at = timezone.now() + dt.timedelta(hours=1)  # all else was written long before
    later = at + dt.timedelta(seconds=later_s)
    finished_run(
        kind=RunKind.REFRESH,
        state=RunState.FAILED,
        reason_code=code,
        book_cut_at=None,
        finished_at=at,
        **naming(of_failed, offered),
    )
    finished_run(kind=RunKind.REFRESH, book_cut_at=later, finished_at=later, **naming(of_later, offered))

    # One listing is not its whole company.
    is_read = is_made_good and (of_later == "company" or of_failed != "company")
    assert unsettled_since(at) == (set(), set() if is_read else {offered.pk})


def test_what_changes_after_its_refresh_is_to_be_settled_again(kept, wanted, offered):
    cut_at = timezone.now()
    edit(offered, price_amount=Decimal(790))
    refresh_all()

    Capacity.objects.filter(pk=offered.pk).update(lead_days=11)
    heard_now(Capacity)

    assert unsettled_since(cut_at) == (set(), {offered.pk})


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


def unsettled_since(cut_at: dt.datetime) -> tuple[set[int], set[int]]:
    """Needs and capacities whose lists a refresh has to settle beside its own."""
    return edited.listings_of(edited.untold_since(cut_at).unsettled)
