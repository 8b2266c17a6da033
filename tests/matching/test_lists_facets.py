"""Facets of the lists of pairs: the figure beside a choice is the number of rows behind it, whatever else is chosen."""

import datetime as dt
import random
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from commodities.enums import Sector
from commodities.models import Commodity
from companies.models import Company
from matching.enums import MatchState
from tests.factories import CommodityFactory, CorridorFactory, HeadingFactory, RegionFactory, below
from tests.matching.book import capacity, company, need, open_corridor, port
from tests.matching.found import finished_run, found, near_miss, some_matches
from tests.people import person

pytestmark = pytest.mark.django_db
MATCHES, NEAR_MISSES = "/matches/", "/near-misses/"


@pytest.fixture
def staff(client):
    client.force_login(person(Role.STAFF))
    return client


def oil_and_fish() -> list[Commodity]:
    """Two goods below one heading, and one of another sector."""
    heading = HeadingFactory(code="1511", tree_lo=100, sector=Sector.PALM_OIL)
    olein = CommodityFactory(code="olein", name_en="Palm olein", sector=Sector.PALM_OIL, **below(heading, 1))
    stearin = CommodityFactory(code="stearin", name_en="Palm stearin", sector=Sector.PALM_OIL, **below(heading, 2))
    other = HeadingFactory(code="0306", tree_lo=300, sector=Sector.FISHERIES)
    return [olein, stearin, CommodityFactory(code="shrimp", sector=Sector.FISHERIES, **below(other, 1))]


def varied_matches(count: int = 24) -> None:
    """Matches that differ in all that a facet asks for."""
    draw = random.Random(7)
    open_corridor()
    CorridorFactory(origin="KZ", destination="ID")
    goods, regions = oil_and_fish(), [RegionFactory(), RegionFactory(), None]
    older = finished_run(finished_at=timezone.now() - dt.timedelta(days=9))
    newest = finished_run(finished_at=timezone.now() - dt.timedelta(hours=1))
    for _number in range(count):
        good, is_back = draw.choice(goods), draw.random() < 0.3
        unknown = tuple(draw.sample(("price", "payment", "time", "certificates"), draw.randint(0, 4)))
        wanted = need(good, **({"destination": port()} if is_back else {}))
        offered = capacity(good, **({"origin_country": "KZ"} if is_back else {}))
        for side in (wanted, offered):
            Company.objects.filter(pk=side.company_id).update(region=draw.choice(regions))
        found(
            draw.choice((older, newest)),
            wanted,
            offered,
            unknown=unknown,
            known_rules=10 - len(unknown),
            failed=("price",) if draw.random() < 0.2 and "price" not in unknown else (),
            state=draw.choice((MatchState.NEW, MatchState.SHORTLISTED, MatchState.DISMISSED)),
            score_ppm=draw.choice((900_000, 850_000, 849_999, 700_000, 500_000, 499_999, 10_000)),
            planned_kg=draw.choice((0, 20_000)),
        )


def choices_of(response) -> list[tuple[str, str, int]]:
    return [
        (facet["name"], str(choice["value"]), choice["count"])
        for facet in response.context["facets"]
        for choice in facet["choices"]
    ]


def behind(client, list_, query: list[tuple[str, str]]) -> int:
    return client.get(f"{list_}?{urlencode(query)}").context["page"].paginator.count


def test_each_figure_of_a_facet_is_the_number_of_rows_behind_its_choice(staff):
    varied_matches()
    draw, seen = random.Random(3), set()
    every = choices_of(staff.get(MATCHES))

    for _attempt in range(8):
        chosen = draw.sample([choice for choice in every if choice[2]], draw.randint(0, 3))
        query = [(name, value) for name, value, _count in chosen]
        for name, value, count in choices_of(staff.get(f"{MATCHES}?{urlencode(query)}")):
            if (rows := (name, value, tuple(query))) in seen or draw.random() > 0.4:
                continue
            seen.add(rows)
            alone = [*((other, one) for other, one in query if other != name), (name, value)]
            assert (query, name, value, behind(staff, MATCHES, alone)) == (query, name, value, count)
    assert len({name for name, _value, _query in seen}) == 11


def test_goods_are_gone_down_floor_by_floor_each_with_its_rows(staff):
    varied_matches()

    top = staff.get(MATCHES).context["goods"]
    heading = staff.get(f"{MATCHES}?commodity=1511&state=new").context["goods"]

    assert [node.code for node, _rows, _url in top["steps"]] == ["1511", "0306"]  # the most rows first
    assert (heading["chosen"].code, sorted(node.code for node, _rows, _url in heading["steps"])) == (
        "1511",
        ["olein", "stearin"],
    )
    for _node, rows, url in [*top["steps"], *heading["steps"]]:
        assert staff.get(f"{MATCHES}{url}").context["page"].paginator.count == rows
    good = staff.get(f"{MATCHES}?commodity=olein").context["goods"]
    assert ([node.code for node, _url in good["path"]], good["steps"]) == (["1511"], [])


def test_near_misses_have_the_facets_of_a_pair(staff):
    olein, _stearin, shrimp = oil_and_fish()
    run = finished_run()
    for number, good in enumerate((olein, olein, shrimp)):
        miss = near_miss(run, need(good), capacity(good))
        if number:
            Company.objects.filter(pk=miss.capacity.company_id).update(region=RegionFactory(code=f"R{number}"))

    for name, value, count in choices_of(staff.get(NEAR_MISSES)):
        assert (name, value, behind(staff, NEAR_MISSES, [(name, value)])) == (name, value, count)
    assert behind(staff, NEAR_MISSES, [("exporter_region", "R1"), ("exporter_region", "R2")]) == 2


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("exporter_region=nowhere", "nowhere is no choice here."),
        ("band=42", "42 is no choice here."),
        ("missing=colour", "colour is no choice here."),
        ("new=ever", "ever is no choice here."),
        ("columns=colour", "colour is no choice here."),
        ("text=" + "x" * 101, "The text has 101 characters; at most 100 can be kept."),
    ],
)
def test_choice_that_is_none_is_refused_in_words(staff, query, sentence):
    answer = staff.get(f"{MATCHES}?{query}")

    assert (answer.status_code, answer.context["form"].errors.as_data() != {}) == (400, True)
    assert sentence in [message for errors in answer.context["form"].errors.values() for message in errors]


def test_words_find_goods_and_companies_and_it_is_said_what_was_understood(staff):
    olein, stearin, shrimp = oil_and_fish()
    run = finished_run()
    alatau = company("KZ", name_registered="TOO Alatau Nan")
    first = found(run, need(olein, company=alatau), capacity(olein)).match_id
    second = found(run, need(shrimp, company=alatau), capacity(shrimp)).match_id
    found(run, need(stearin), capacity(stearin))

    def looked_for(text: str) -> tuple:
        page = staff.get(f"{MATCHES}?{urlencode({'text': text})}")
        return {result.match_id for result in page.context["page"]}, page.context["understood"].said

    assert looked_for("Alatau") == ({first, second}, ("Alatau: 1 company",))
    assert looked_for("1511 Alatau") == ({first}, ("1511: 1 kind of goods", "Alatau: 1 company"))
    assert looked_for("(15.11), alatau") == ({first}, ("15.11: 1 kind of goods", "Alatau: 1 company"))
    assert looked_for(",;") == (set(), (",;: no goods and no company are called so",))
    assert looked_for("Nobody") == (set(), ("Nobody: no goods and no company are called so",))


def test_words_find_the_place_of_a_company(staff):
    olein, *_others = oil_and_fish()
    run = finished_run()
    wanted = need(olein)
    Company.objects.filter(pk=wanted.company_id).update(
        region=RegionFactory(name_en="Kostanay Region", name_ru="Костанайская область")
    )
    match = found(run, wanted, capacity(olein)).match_id
    found(run, need(olein), capacity(olein))

    page = staff.get(f"{MATCHES}?{urlencode({'text': 'костанайская'})}")

    assert [result.match_id for result in page.context["page"]] == [match]


@pytest.mark.parametrize("query", ["", "text=1511", "columns=importer&columns=first&columns=rank&density=compact"])
def test_list_costs_the_same_queries_for_one_row_three_and_a_hundred(staff, query):
    goods = CommodityFactory(**below(HeadingFactory(code="1511", tree_lo=100), 1))
    some_matches(goods, 1)
    address = f"{MATCHES}?size=100&{query}"
    staff.get(address)
    costs = []

    for more in (0, 2, 97):
        some_matches(goods, more) if more else None
        cache.clear()  # what was counted of the list before
        connection.cursor().execute("ANALYZE")  # as a database that has been at work for a while knows its tables
        with CaptureQueriesContext(connection) as asked:
            staff.get(address)
        costs.append(len(asked))

    assert costs == [costs[0]] * 3


@pytest.mark.parametrize("address", [MATCHES, NEAR_MISSES, "/matches/decide/", "/reports/matches.csv"])
def test_region_that_no_database_can_hold_is_refused_in_words(staff, address):
    refused = staff.get(address, {"exporter_region": "\x00"})

    assert refused.status_code == 400
