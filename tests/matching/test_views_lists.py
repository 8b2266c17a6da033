"""The lists of matches and near misses: who sees them, what is filtered, sorted, paged and refused."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.enums import Role
from commodities.enums import NodeKind, Sector
from commodities.facts import Confidence
from companies.enums import CompanyKind
from corridor.models import FreightQuote
from matching.enums import MatchState, RestsOn
from matching.models import MatchResult
from tests.factories import (
    CommodityFactory,
    CommodityGroupFactory,
    CorridorFactory,
    ExchangeRateFactory,
    HeadingFactory,
    PlaceFactory,
    below,
)
from tests.matching.book import AS_OF, capacity, company, need, open_corridor, port
from tests.matching.found import finished_run, found, near_miss, some_matches
from tests.people import person

pytestmark = pytest.mark.django_db
MATCHES, NEAR_MISSES = "/matches/", "/near-misses/"
TERM = {"code": "accept_term", "term": "documents"}


@pytest.fixture
def staff(client):
    client.force_login(person(Role.STAFF))
    return client


def shown(response) -> list[int]:
    """The matches on the page, in order."""
    return [result.match_id for result in response.context["page"].object_list]


@pytest.mark.parametrize("address", [MATCHES, NEAR_MISSES, "/runs/", "/balance/", "/needs/unmet/", "/book/"])
def test_pages_of_staff_ask_strangers_to_sign_in(client, address):
    response = client.get(address)

    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={address}")


@pytest.mark.parametrize("address", [MATCHES, NEAR_MISSES, "/runs/", "/balance/", "/needs/unmet/", "/book/"])
def test_pages_of_staff_do_not_exist_for_business_users(client, address):
    (result,) = some_matches(CommodityFactory(), 1)
    near_miss(result.run, need(CommodityFactory()), capacity(CommodityFactory()))
    client.force_login(person(Role.BUSINESS))

    assert client.get(address).status_code == 404


def test_match_list_shows_current_and_decided_matches(staff):
    new, decided, gone = some_matches(CommodityFactory(), 3)
    decided.match.state, decided.match.is_current = MatchState.SHORTLISTED, False
    decided.match.save()
    gone.match.is_current = False
    gone.match.save()

    assert shown(staff.get(MATCHES)) == [new.match_id, decided.match_id]


def test_match_list_is_filtered_by_sector_state_unknowns_and_quantity(staff):
    fish, oil = CommodityFactory(sector=Sector.FISHERIES), CommodityFactory(sector=Sector.PALM_OIL)
    open_corridor()
    run = finished_run()
    first = found(run, need(fish), capacity(fish), unknown=("price",), movable_kg=20_000).match_id
    second = found(run, need(oil), capacity(oil), state=MatchState.DISMISSED, score_ppm=500_000).match_id
    third = found(run, need(oil), capacity(oil), failed=("time",), state=MatchState.PROPOSED, score_ppm=1).match_id

    def of(query: str) -> list[int]:
        return shown(staff.get(f"{MATCHES}?{query}"))

    assert of("sector=fisheries") == [first]
    assert of("sector=fisheries&sector=palm_oil") == [first, second, third]
    assert of("state=dismissed&state=proposed") == [second, third]
    assert of("unknown=few") == [first]
    assert of("unknown=none") == [second, third]
    assert of("obstacle=some") == [third]
    assert of("at_least_t=21") == [second, third]
    assert of("at_least_points=50") == [first, second]
    assert of("direction=ID-KZ") == [first, second, third]
    assert of(f"commodity={fish.code}") == [first]


def test_direction_of_a_pair_ends_where_the_need_takes_delivery(staff):
    """A Kazakh company may buy Kazakh goods for a place in Indonesia."""
    goods = CommodityFactory()
    open_corridor()
    CorridorFactory(origin="KZ", destination="ID")
    run = finished_run()
    usual = found(run, need(goods), capacity(goods)).match_id
    wanted, offered = need(goods, destination=port()), capacity(goods, company=company("KZ"), origin_country="KZ")
    back = found(run, wanted, offered).match_id
    miss = near_miss(run, wanted, offered)

    every = staff.get(MATCHES)
    (direction,) = [facet for facet in every.context["facets"] if facet["name"] == "direction"]
    misses = staff.get(f"{NEAR_MISSES}?direction=KZ-ID").context["page"]

    assert {choice["value"]: choice["count"] for choice in direction["choices"]} == {"ID-KZ": 1, "KZ-ID": 1}
    assert shown(staff.get(f"{MATCHES}?direction=ID-KZ")) == [usual]
    assert shown(staff.get(f"{MATCHES}?direction=KZ-ID")) == [back]
    assert [found.pk for found in misses] == [miss.pk]
    for page in (every, staff.get(f"/matches/{back}/"), staff.get(NEAR_MISSES)):
        assert directions_of(page)[-1] == ("KZ", "ID")


def directions_of(response) -> list[tuple[str, str]]:
    """From where to where, as each pair of a page says it."""
    text = response.content.decode()
    return re.findall(r'<span class="tm-dir">(\w\w)<.*?</svg>\s*(\w\w)</span>', text, re.DOTALL)


def test_match_list_takes_an_hs_code_or_a_group_for_goods(staff):
    heading = HeadingFactory()
    inside, outside = CommodityFactory(**below(heading, 1)), CommodityFactory()
    group = CommodityGroupFactory(members=[outside])
    open_corridor()
    run = finished_run()
    first = found(run, need(inside), capacity(inside)).match_id
    second = found(run, need(outside), capacity(outside)).match_id

    assert shown(staff.get(f"{MATCHES}?commodity={heading.code}")) == [first]
    assert shown(staff.get(f"{MATCHES}?commodity={group.code}")) == [second]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("sector=silk", "silk is no choice here."),
        ("state=new&colour=blue", "colour is no filter of this list."),
        ("sort=beauty", "The list cannot be sorted by beauty."),
        ("page=0", "0 is too small. Write 1 or more."),
        ("page=two", "“two” is not a number because of “t”."),
        ("page=9", "There is no page 9; the list has 1."),
        ("size=1000", "1000 is no choice here."),
        ("size=10&size=25", "Choose one, not several."),
        ("at_least_t=1.500", "“1.500” can be read as 1500 or as 1.5."),
        ("at_least_t=-5", "“-5” is below zero. Write an amount above zero."),
        ("at_least_points=101", "101 is too large. Write 100 or less."),
        ("commodity=%00", "Null characters are not allowed."),
        ("commodity=nothing-like-it", "There are no goods with the code nothing-like-it."),
        ("direction=ID-ID", "ID-ID is no choice here."),
    ],
)
def test_match_list_refuses_nonsense_in_words(staff, query, words):
    some_matches(CommodityFactory(), 1)

    response = staff.get(f"{MATCHES}?{query}")

    assert response.status_code == 400
    assert words in response.content.decode()


def test_match_list_counts_what_each_choice_would_show(staff):
    fish, oil = CommodityFactory(sector=Sector.FISHERIES), CommodityFactory(sector=Sector.PALM_OIL)
    open_corridor()
    run = finished_run()
    for goods in (fish, oil, oil):
        found(run, need(goods), capacity(goods))

    facets = {facet["name"]: facet for facet in staff.get(f"{MATCHES}?sector=fisheries").context["facets"]}

    counts = {name: {c["value"]: c["count"] for c in facet["choices"]} for name, facet in facets.items()}
    assert counts == {
        "direction": {"ID-KZ": 1},
        "sector": {"palm_oil": 2, "fisheries": 1},
        "exporter_region": {"ID-TEST": 1},
        "importer_region": {"KZ-TEST": 1},
        "band": {"85": 0, "70": 1, "50": 0, "0": 0},
        "unknown": {"none": 1, "few": 0, "many": 0},
        "missing": {},
        "obstacle": {"none": 1, "some": 0},
        "state": {"new": 1},
        "new": {"run": 1, "yesterday": 1},
        "plan": {"in": 0, "out": 1},
    }
    for name, choices in counts.items():
        if name == "sector":
            continue
        for value, count in choices.items():
            rows = staff.get(f"{MATCHES}?sector=fisheries&{name}={value}").context["page"].paginator.count
            assert rows == count, (name, value)


@pytest.mark.parametrize(
    "sort", ["score", "-score", "quantity", "-landed", "days", "exporter", "-importer", "goods", "state"]
)
def test_match_list_pages_never_overlap_however_it_is_sorted(staff, sort):
    wanted = sorted(result.match_id for result in some_matches(CommodityFactory(), 12))

    pages = [shown(staff.get(f"{MATCHES}?size=10&sort={sort}&page={page}")) for page in (1, 2)]

    assert [len(page) for page in pages] == [10, 2]
    assert sorted(pages[0] + pages[1]) == wanted


def test_match_list_is_sorted_with_what_is_not_known_last(staff):
    goods = CommodityFactory()
    open_corridor()
    run = finished_run()
    dear, cheap, unknown = (
        found(run, need(goods), capacity(goods), landed_low_usd_per_t=cost, landed_high_usd_per_t=cost).match_id
        for cost in (900, 300, None)
    )

    assert shown(staff.get(f"{MATCHES}?sort=landed")) == [cheap, dear, unknown]
    assert shown(staff.get(f"{MATCHES}?sort=-landed")) == [dear, cheap, unknown]


def test_match_list_names_its_active_filters_and_how_to_take_one_off(staff):
    goods = CommodityFactory(sector=Sector.FISHERIES)
    some_matches(goods, 1)

    listing = staff.get(f"{MATCHES}?sector=fisheries&sector=metals&at_least_t=5&sort=-score").context["listing"]

    assert listing.chips() == [
        {"text": "Fisheries", "url": "?at_least_t=5&sort=-score&sector=metals"},
        {"text": "Industrial metals", "url": "?at_least_t=5&sort=-score&sector=fisheries"},
        {"text": "at least 5 t", "url": "?sector=fisheries&sector=metals&sort=-score"},
    ]


@pytest.mark.parametrize("query", ["commodity=%0A", "commodity=+", "at_least_t=%20&at_least_points=%09"])
def test_lists_take_blanks_for_nothing(staff, query):
    some_matches(CommodityFactory(), 1)

    listing = staff.get(f"{MATCHES}?{query}").context["listing"]

    assert (listing.chips(), listing.page.paginator.count) == ([], 1)
    assert staff.get(f"{NEAR_MISSES}?commodity=%0A").status_code == 200


@pytest.mark.parametrize("language", ["id", "en", "ru", "kk"])
def test_match_list_links_work_in_every_language(staff, language):
    some_matches(CommodityFactory(), 12)
    staff.cookies["django_language"] = language

    page = staff.get(f"{MATCHES}?size=10")

    for link in page.context["listing"].page_links():
        if link["url"]:
            assert staff.get(f"{MATCHES}{link['url']}").status_code == 200
    for sort in page.context["sorts"].values():
        assert staff.get(f"{MATCHES}{sort['url']}").status_code == 200


def a_real_pair(*, price_currency: str = "USD"):
    """A need and a capacity of companies that are no examples."""
    goods = CommodityFactory()
    real = {"kind": CompanyKind.REGISTERED}
    return need(goods, company=company("KZ", **real)), capacity(
        goods, company=company("ID", **real), price_currency=price_currency
    )


def examples_marked(response) -> int:
    return response.content.decode().count('<span class="tm-ex">')


def test_lists_mark_costs_that_rest_on_examples_between_real_companies(staff):
    open_corridor()
    wanted, offered = a_real_pair()
    run = finished_run()
    found(run, wanted, offered, rests_on_examples=True)
    near_miss(run, wanted, offered, rests_on_examples=True)
    near_miss(run, need(CommodityFactory(), company=wanted.company), offered, rule="payment", change=TERM)

    matches, misses = staff.get(MATCHES), staff.get(NEAR_MISSES)

    assert examples_marked(matches) == 1  # what it costs, not how long it takes: that rests on the legs
    assert examples_marked(misses) == 1  # the change of price, not the term of payment
    for page in (matches, misses, staff.get("/")):
        assert (
            "Freight, premiums and rates of exchange are examples until quotes replace them." in page.content.decode()
        )


def test_lists_mark_nothing_where_lanes_are_quoted(staff):
    open_corridor()
    FreightQuote.objects.update(confidence=Confidence.VERIFIED)
    wanted, offered = a_real_pair()
    run = finished_run()
    found(run, wanted, offered)
    near_miss(run, wanted, offered)

    pages = [staff.get(address) for address in (MATCHES, NEAR_MISSES, "/")]

    assert [examples_marked(page) for page in pages] == [0, 0, 0]
    assert not any("examples" in page.content.decode() for page in pages)


def test_match_list_marks_a_cost_that_was_converted_at_an_example_rate(staff):
    open_corridor()
    ExchangeRateFactory(currency="IDR", on=AS_OF)
    found(finished_run(), *a_real_pair(price_currency="IDR"))

    (result,) = staff.get(MATCHES).context["page"]

    assert result.cost_rests_on == RestsOn.EXAMPLE


def test_match_list_says_why_it_is_empty(staff):
    open_corridor()

    assert "no run has finished" in staff.get(MATCHES).content.decode()
    assert "No match passes this filter" in staff.get(f"{MATCHES}?sector=metals").content.decode()


@pytest.mark.parametrize(("language", "town"), [("en", "Almaty"), ("ru", "Алматы")])
def test_lists_and_match_say_towns_in_the_readers_language(staff, language, town):
    PlaceFactory(code="KZALA", country="KZ", name_en="Almaty", name_ru="Алматы")
    goods = CommodityFactory()
    open_corridor()
    run, wanted = finished_run(), need(goods, company=company("KZ", city="Алматы"))
    near_miss(run, wanted, capacity(goods))
    result = found(run, wanted, capacity(goods))
    staff.cookies["django_language"] = language

    pages = [staff.get(address).content.decode() for address in (MATCHES, NEAR_MISSES, f"/matches/{result.match_id}/")]

    assert f'<span class="tm-sub">{town}</span>' in pages[0]
    assert f'<span class="tm-sub">{town} ' in pages[1]
    assert f"<dd>{town}, " in pages[2]


def test_match_list_marks_examples(staff):
    some_matches(CommodityFactory(), 1, rests_on_examples=True)

    assert staff.get(MATCHES).content.decode().count('<span class="tm-ex">example</span>') == 3  # both sides, the cost


LISTS = (MATCHES, NEAR_MISSES, "/needs/unmet/", "/capacities/unused/", "/balance/", "/runs/", "/")


def test_lists_cost_the_same_queries_for_one_row_as_for_a_hundred(staff):
    goods, unmatched = CommodityFactory(), CommodityFactory()
    open_corridor()
    run = finished_run()

    def add_a_row(number: int) -> None:
        found(run, need(goods), capacity(goods), score_ppm=number)
        near_miss(run, need(unmatched), capacity(unmatched))
        finished_run(kind="what_if")

    add_a_row(1)
    staff.get("/")  # the first page of a session writes down that the session is used
    few = [queries_of(staff, address) for address in LISTS]
    for number in range(2, 101):
        add_a_row(number)
    many = [queries_of(staff, address) for address in LISTS]

    assert many == few


def queries_of(client, address: str) -> int:
    size = {"size": 100} if address in LISTS[:4] else {}
    cache.clear()  # every figure is counted anew, as for the first reader after a change
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, size).status_code == 200
    return len(captured)


def test_near_miss_list_says_the_smallest_change(staff):
    goods = CommodityFactory()
    open_corridor()
    run = finished_run()
    near_miss(run, need(goods), capacity(goods))

    text = staff.get(NEAR_MISSES).content.decode()

    assert "1,170 USD/t is 1.7% above the limit; the seller would have to come down by 20 USD/t." in text.replace(
        "\xa0", " "
    )


def test_near_miss_list_shows_what_holds_now_alone(staff):
    goods = CommodityFactory()
    open_corridor()
    near_miss(finished_run(), need(goods), capacity(goods), is_current=False)
    newest = near_miss(finished_run(), need(goods), capacity(goods), rule="price")
    near_miss(finished_run(kind="what_if"), need(goods), capacity(goods), is_current=False)

    assert list(staff.get(f"{NEAR_MISSES}?rule=price").context["page"].object_list) == [newest]
    assert list(staff.get(f"{NEAR_MISSES}?rule=time").context["page"].object_list) == []


def test_numbers_are_written_as_the_language_does(staff):
    (result,) = some_matches(CommodityFactory(), 1)
    MatchResult.objects.filter(pk=result.pk).update(movable_kg=1_234_000)
    written = {}
    for language in ("id", "en", "ru", "kk"):
        staff.cookies["django_language"] = language
        with translation.override(language):
            text = staff.get(MATCHES).content.decode()
        written[language] = next(form for form in ("1.234<", "1,234<", "1\xa0234<") if form in text)

    assert written == {"id": "1.234<", "en": "1,234<", "ru": "1\xa0234<", "kk": "1\xa0234<"}


@pytest.mark.parametrize("address", [MATCHES, NEAR_MISSES])
def test_long_name_of_goods_is_cut_in_rows_filter_and_chip_with_the_whole_one_in_the_title(staff, address):
    name = "Fish; frozen fillets of catfish, whether or not skinned, boned, glazed or cut into portions"
    short = "Fish; frozen fillets of catfish, whether or not skinned…"
    goods = CommodityFactory(kind=NodeKind.SUBHEADING, name_en=name)
    open_corridor()
    run = finished_run()
    found(run, need(goods), capacity(goods))
    near_miss(run, need(goods), capacity(goods), rule="payment", change=TERM)

    page = staff.get(f"{address}?commodity={goods.code}").content.decode()

    assert f'<td data-l="Goods"><span><span title="{name}">{short}</span>' in page
    assert f'<b aria-current="true"><span title="{name}">{short}</span></b>' in page
    assert f'Remove the filter:</span><span title="{name}">{short}</span>' in page
