"""Near misses gathered: every figure is that of the rows behind its link, and no listing's tonnes count twice."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.enums import Role
from companies.enums import CompanyStatus
from matching.coaching.openings import Opening, Openings
from matching.models import NearMiss
from tests.factories import (
    CertificateKindFactory,
    CommodityFactory,
    HeadingFactory,
    ParameterFactory,
    RegionFactory,
    below,
)
from tests.matching.book import capacity, company, need, open_corridor
from tests.matching.found import finished_run, near_miss
from tests.people import person

pytestmark = pytest.mark.django_db
COACHING = "/coaching/"
HALAL = {"code": "get_certificate", "kind": "halal", "by": "2027-03-01", "days_left": 50}
RENEWED = {"code": "renew_certificate", "kind": "halal", "by": "2027-03-01", "days_left": 50}
TERM = {"code": "accept_term", "term": "documents"}
IODINE = {
    "code": "widen_accepted",
    "parameter": "iodine",
    "unit": "%",
    "amount": 2,
    "from": [56, None],
    "to": [54, None],
}
LATER = {"code": "accept_later", "amount": 9, "unit": "day", "from": "2027-05-31", "to": "2027-06-09"}


@pytest.fixture
def staff(client):
    client.force_login(person(Role.STAFF))
    return client


@pytest.fixture
def book():
    """Two sellers and two buyers of one kind of goods, one pair of others; a near miss of every kind."""
    open_corridor()
    CertificateKindFactory(code="halal", name_en="Halal certificate")
    ParameterFactory(key="iodine", unit="%", name_en="Iodine value")
    heading = HeadingFactory(code="1511")
    goods = CommodityFactory(code="olein", **below(heading, 1))
    run = finished_run()
    mill = company("ID", region=RegionFactory(code="ID-BPP", country="ID", name_en="Balikpapan"))
    nowhere = company("KZ", region=None)
    offered = [capacity(goods, company=mill, quantity_kg=60_000), capacity(heading, quantity_kg=500_000)]
    wanted = [need(goods, quantity_kg=100_000), need(goods, company=nowhere, quantity_kg=30_000, period="monthly")]
    others = capacity(CommodityFactory(code="squid"), quantity_kg=7_000), need(CommodityFactory(), quantity_kg=9_000)
    near_miss(run, wanted[0], offered[0], rule="certificates", change=HALAL, effort=13, score_ppm=700_000)
    near_miss(run, wanted[1], offered[0], rule="law", change=RENEWED, effort=11, score_ppm=650_000)
    near_miss(run, wanted[0], offered[1], rule="payment", change=TERM, effort=1, side="buyer")
    near_miss(run, wanted[1], offered[1], rule="parameters", change=IODINE, effort=8, side="buyer")
    near_miss(run, others[1], others[0], rule="time", change=LATER, effort=6, side="buyer")
    near_miss(run, others[1], offered[1])
    return run


def opened(by: str) -> dict[str, tuple]:
    found = Openings(NearMiss.objects.current(), by)
    return {one.key: (one.pairs, one.needs, one.capacities, one.kg, one.score_ppm) for one in found}


def test_changes_are_gathered_with_what_they_are_about(book):
    assert opened("change") == {
        "get_certificate|halal": (1, 1, 1, 60_000, 700_000),
        "renew_certificate|halal": (1, 1, 1, 60_000, 650_000),
        "accept_term|documents": (1, 1, 1, 100_000, 640_000),
        "widen_accepted|iodine|%": (1, 1, 1, 90_000, 640_000),
        "accept_later": (1, 1, 1, 7_000, 640_000),
        "lower_ask": (1, 1, 1, 9_000, 640_000),
    }


def test_no_listing_counts_twice(book):
    """Both pairs of the halal certificate rest on one capacity of 60 t: it moves once."""
    assert opened("certificate") == {"halal": (2, 2, 1, 60_000, 700_000)}


def test_tonnes_are_between_what_can_move_and_what_either_side_has(book):
    whole = Openings(NearMiss.objects.current(), "rule").whole

    # 60 and 500 t offered to 100 and 90 t, 7 and 500 t to 9 t.
    assert whole == Opening("", 6, 3, 3, 199_000, 700_000)


@pytest.mark.parametrize("by", ["change", "certificate", "company", "goods", "district", "rule"])
def test_each_figure_is_the_count_of_the_rows_behind_its_link(book, staff, by):
    lines = staff.get(COACHING, {"by": by}).context["lines"]

    assert len(lines) > 0
    for line in lines:
        page = staff.get(line.address).context["page"]
        rows = list(page.object_list)
        assert (
            page.paginator.count,
            len({row.need_id for row in rows}),
            len({row.capacity_id for row in rows}),
            max(row.score_ppm for row in rows),
        ) == (line.opening.pairs, line.opening.needs, line.opening.capacities, line.opening.score_ppm)


def test_a_filter_holds_for_the_figures_and_for_their_links(book, staff):
    page = staff.get(COACHING, {"by": "rule", "side": "buyer", "commodity": "1511"})

    assert {line.text: line.opening.pairs for line in page.context["lines"]} == {"Payment": 1, "Specification": 1}
    for line in page.context["lines"]:
        assert "side=buyer" in urlsplit(line.address).query
        assert staff.get(line.address).context["page"].paginator.count == 1


def test_who_would_have_to_change_is_the_company_of_that_side(book, staff):
    lines = staff.get(COACHING, {"by": "district"}).context["lines"]

    assert {line.text: line.opening.pairs for line in lines}["Balikpapan"] == 2
    assert {line.text: line.opening.pairs for line in lines}["District not known"] == 1


def test_the_certificate_that_would_unlock_most_stands_on_top(book, staff):
    page = staff.get(COACHING)

    assert (page.context["best"].text, page.context["best"].opening.pairs) == ("Halal certificate", 2)
    assert "would unlock 2 matches, worth up to 60 t" in page.content.decode()


def test_companies_that_do_not_trade_are_left_out(book):
    NearMiss.objects.get(rule="certificates").capacity.company.__class__.objects.filter(
        capacities__near_misses__rule="certificates"
    ).update(status=CompanyStatus.SUSPENDED)

    assert opened("certificate") == {}


@pytest.mark.parametrize(
    "query",
    ["by=weather", "sort=name", "change=dance", "changer=0", "changer=999999", "region=atlantis", "goods=none", "x=1"],
)
def test_an_address_that_makes_no_sense_is_refused(book, staff, query):
    assert staff.get(f"{COACHING}?{query}").status_code == 400


def test_lines_are_sorted_by_what_is_asked(book, staff):
    def keys(sort):
        return [line.opening.key for line in staff.get(COACHING, {"by": "rule", "sort": sort}).context["lines"]]

    assert keys("-points")[:2] == ["certificates", "law"]
    assert keys("tonnes")[0] == "time"


def test_the_page_costs_as_many_queries_for_many_near_misses_as_for_one(staff):
    open_corridor()
    run, goods = finished_run(), CommodityFactory()
    near_miss(run, need(goods), capacity(goods))
    staff.get(COACHING, {"by": "company"})
    few = queries_of(staff)
    for _more in range(5):
        near_miss(run, need(goods), capacity(goods))

    assert queries_of(staff) == few


def queries_of(client) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(COACHING, {"by": "company"})
    return len(queries)


def test_many_near_misses_are_counted_once_in_a_while_and_say_when(book, staff, monkeypatch):
    monkeypatch.setattr("matching.coaching.openings.MANY", 2)
    monkeypatch.setattr("matching.coaching.openings.cache", LocMemCache("coaching", {}))
    first = staff.get(COACHING)
    NearMiss.objects.filter(rule="time").delete()

    assert "There are many: they were counted at" in first.content.decode()
    assert staff.get(COACHING).context["whole"] == first.context["whole"]


def test_without_near_misses_the_page_says_why(staff):
    page = staff.get(COACHING)

    assert "There are no near misses" in page.content.decode()
    assert page.context["whole"] == Opening("", 0, 0, 0, 0, 0)


def test_near_misses_of_another_day_count_the_months_of_their_listings(book):
    wanted = NearMiss.objects.get(rule="parameters").need
    wanted.window_until = dt.date(2028, 2, 10)
    wanted.save()

    assert opened("rule")["parameters"][3] == 12 * 30_000


def test_the_page_is_readable_in_each_language(book, staff):
    for language in ("id", "ru", "kk"):
        with translation.override(language):
            assert staff.get(COACHING, {"by": "change"}).status_code == 200
