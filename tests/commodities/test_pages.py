"""The catalogue as pages: the tree floor by floor, what a search finds in it, who trades a node."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from commodities.enums import Sector
from commodities.models import Commodity
from companies.enums import ListingStatus
from companies.models import NeedCommodity
from tests.factories import CommodityFactory, CommodityGroupFactory, HeadingFactory, RequirementFactory, below
from tests.matching.book import capacity, need
from tests.matching.found import some_matches
from tests.people import person

pytestmark = pytest.mark.django_db
LIST = "/commodities/"


@pytest.fixture
def staff(client):
    client.force_login(person(Role.STAFF))
    return client


def oils() -> tuple[Commodity, Commodity, Commodity]:
    """A heading with two goods below it."""
    heading = HeadingFactory(
        tree_lo=100,
        code="1511",
        name_en="Palm oil and its fractions",
        name_ru="Масло пальмовое",
        sector=Sector.PALM_OIL,
    )
    olein = CommodityFactory(
        code="olein", hs_code="151190", name_en="Palm olein", sector=Sector.PALM_OIL, **below(heading, 1)
    )
    stearin = CommodityFactory(
        code="stearin", hs_code="151190", name_en="Palm stearin", sector=Sector.PALM_OIL, **below(heading, 2)
    )
    return heading, olein, stearin


def shown(response) -> list[str]:
    return [node.code for node in response.context["page"].object_list]


def counted(response) -> dict[str, dict]:
    return {
        facet["name"]: {choice["value"]: choice["count"] for choice in facet["choices"] if choice["count"]}
        for facet in response.context["facets"]
    }


def test_tree_is_shown_one_floor_at_a_time(staff):
    oils()
    HeadingFactory(code="9999", tree_lo=5000)

    assert shown(staff.get(LIST)) == ["1511", "9999"]
    assert shown(staff.get(f"{LIST}?below=1511")) == ["olein", "stearin"]
    assert shown(staff.get(f"{LIST}?below=olein")) == []


def test_search_looks_through_all_floors(staff):
    oils()

    assert shown(staff.get(f"{LIST}?kind=commodity")) == ["olein", "stearin"]
    assert shown(staff.get(f"{LIST}?text=1511")) == ["1511"]
    assert shown(staff.get(f"{LIST}?kind=commodity&sort=-goods")) == ["stearin", "olein"]
    assert shown(staff.get(f"{LIST}?kind=commodity&below=1511&sector=fisheries")) == []


def test_each_count_beside_a_choice_is_the_rows_behind_it(staff):
    _heading, olein, stearin = oils()
    fish = CommodityFactory(code="fish", sector=Sector.FISHERIES, tree_lo=5000, tree_hi=5001)
    need(olein)
    NeedCommodity.objects.create(need=need(fish), group=CommodityGroupFactory(members=[stearin, fish]), position=1)
    capacity(fish)

    for query in ("", "below=1511", "kind=commodity", "traded=needed", "sector=fisheries", "text=1511&kind=heading"):
        for name, choices in counted(staff.get(f"{LIST}?{query}")).items():
            rest = "&".join(part for part in query.split("&") if not part.startswith(f"{name}="))
            for value, count in choices.items():
                behind = staff.get(f"{LIST}?{rest}&{name}={value}&size=100".replace("?&", "?"))
                assert (query, name, value, len(shown(behind))) == (query, name, value, count)


def test_row_says_how_many_open_listings_speak_of_it(staff):
    heading, olein, stearin = oils()
    need(heading)
    need(olein, stearin)
    need(stearin, status=ListingStatus.WITHDRAWN)
    capacity(olein)

    page = staff.get(f"{LIST}?kind=commodity&kind=heading").context["page"]

    rows = {node.code: (node.open_needs, node.open_capacities) for node in page}
    assert rows == {"1511": (2, 1), "olein": (2, 1), "stearin": (2, 0)}


def test_list_costs_the_same_queries_for_one_row_and_for_many(staff):
    oils()
    staff.get(LIST)

    with CaptureQueriesContext(connection) as one:
        staff.get(f"{LIST}?kind=heading")
    for number in range(20):
        need(CommodityFactory(tree_lo=6000 + number, tree_hi=6001 + number))
    with CaptureQueriesContext(connection) as many:
        staff.get(f"{LIST}?kind=commodity")

    assert len(many) == len(one)


def test_page_of_goods_counts_what_its_links_show(staff):
    heading, olein, stearin = oils()
    some_matches(olein, 3)
    need(heading)
    need(stearin)
    capacity(stearin)

    page = staff.get(f"{LIST}olein/")

    behind = {
        "buyers": staff.get("/companies/?buys=olein").context["page"].paginator.count,
        "sellers": staff.get("/companies/?sells=olein").context["page"].paginator.count,
        "matches": staff.get("/matches/?commodity=olein").context["page"].paginator.count,
        "misses": staff.get("/near-misses/?commodity=olein").context["page"].paginator.count,
    }
    assert {name: page.context[name] for name in behind} == behind
    assert behind | {"misses": 0} == {"buyers": 4, "sellers": 3, "matches": 3, "misses": 0}


def test_page_of_goods_tells_its_words_its_place_and_the_law(staff):
    heading, _olein, _stearin = oils()
    paper = RequirementFactory(direction="ID>KZ", title_en="Phytosanitary certificate")

    page = staff.get(f"{LIST}olein/")
    of_heading = staff.get(f"{LIST}1511/")

    words = page.content.decode()
    assert page.context["path"] == [heading]
    assert [way["papers"][0].requirement for way in page.context["ways"] if way["papers"]] == [paper.code]
    assert "The import duty is not known: no line of the tariff stands for it." in words
    assert '<td data-l="Name" lang="ru"><span>Масло пальмовое</span></td>' in of_heading.content.decode()
    assert [node.code for node in of_heading.context["children"]] == ["olein", "stearin"]
    assert of_heading.context["ways"] == []


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("below=none", "There are no goods with the code none."),
        ("kind=floor", "floor is no choice here."),
        ("sort=price", "The list cannot be sorted by price."),
        ("columns=colour", "colour is no choice here."),
        ("density=tight", "tight is no choice here."),
    ],
)
def test_address_that_makes_no_sense_is_refused_in_words(staff, query, sentence):
    answer = staff.get(f"{LIST}?{query}")

    assert (answer.status_code, sentence in answer.content.decode()) == (400, True)


def test_goods_that_are_not_there_have_no_page(staff):
    assert staff.get(f"{LIST}nothing/").status_code == 404
