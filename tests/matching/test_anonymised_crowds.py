"""How closely a company may be described: never so that fewer than three answer to the description."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from matching.told.areas import AREAS, OF_DIGIT, area_of
from matching.told.crowds import ENOUGH, Closeness, Home, closeness, have_enough_alike

EAST, SOUTH, WEST = (Home("ID", "kalimantan", code) for code in ("ID-KI", "ID-KS", "ID-KB"))
JAVA = Home("ID", "java", "ID-JI")
EAST_EXAMPLE, SOUTH_EXAMPLE = EAST._replace(is_example=True), SOUTH._replace(is_example=True)
ALMATY, ASTANA = Home("KZ", "", "KZ-75"), Home("KZ", "", "KZ-71")
ALL = (EAST, SOUTH, WEST, JAVA, EAST_EXAMPLE, SOUTH_EXAMPLE, ALMATY, ASTANA, Home("KZ"), Home("ID", is_example=True))


def told(*homes: Home) -> list[str]:
    """How closely each of these companies may be described, in their order."""
    found = closeness(dict(enumerate(homes)))
    return [found[number].name for number in range(len(homes))]


def test_three_of_a_region_are_told_by_it_and_two_are_not():
    assert told(EAST) == ["HEADING"]
    assert told(EAST, EAST) == ["HEADING"] * 2
    assert told(EAST, EAST, EAST) == ["REGION"] * 3


def test_regions_of_one_area_make_a_crowd_together():
    assert told(EAST, EAST, SOUTH) == ["AREA"] * 3


def test_areas_make_a_crowd_of_the_country_together():
    assert told(EAST, SOUTH, JAVA) == ["COUNTRY"] * 3
    assert told(ALMATY, ASTANA, ASTANA) == ["COUNTRY"] * 3


def test_countries_make_no_crowd_together():
    assert told(EAST, EAST, ALMATY) == ["HEADING"] * 3


def test_whoever_is_told_by_a_region_hides_nobody_of_the_area():
    """Else a reader takes away those of East Kalimantan, whom the page would name so, and one is left."""
    assert told(EAST, EAST, EAST, SOUTH) == ["REGION"] * 3 + ["HEADING"]
    assert told(EAST, EAST, EAST, SOUTH, WEST, SOUTH) == ["REGION"] * 3 + ["AREA"] * 3


def test_a_company_without_a_region_is_told_by_its_country_at_most():
    assert told(Home("ID"), Home("ID"), Home("ID")) == ["COUNTRY"] * 3
    assert told(EAST, EAST, EAST, Home("ID")) == ["REGION"] * 3 + ["HEADING"]


def test_examples_and_other_companies_hide_each_other_nowhere():
    """Else a reader takes away those that the page marks as examples, and one is left."""
    assert told(EAST, EAST_EXAMPLE, EAST_EXAMPLE) == ["HEADING"] * 3
    assert told(EAST, EAST, EAST_EXAMPLE, EAST_EXAMPLE, SOUTH_EXAMPLE) == ["HEADING"] * 2 + ["AREA"] * 3
    assert told(*[EAST, EAST_EXAMPLE] * 3) == ["REGION"] * 6


HOMES = st.dictionaries(
    st.integers(1, 60),
    st.builds(
        Home,
        st.sampled_from(["ID", "KZ"]),
        st.sampled_from(["", "a", "b"]),
        st.sampled_from(["", "r", "s"]),
        st.booleans(),
    ),
)
SAYS = {
    Closeness.REGION: lambda home: (home.is_example, home.country, home.area, home.region),
    Closeness.AREA: lambda home: (home.is_example, home.country, home.area),
    Closeness.COUNTRY: lambda home: (home.is_example, home.country),
}


@given(homes=HOMES)
def test_at_least_three_answer_to_whatever_is_told(homes):
    # A region lies in one area, as real ones do.
    homes = {
        number: home._replace(region=home.area + home.region if home.area and home.region else "")
        for number, home in homes.items()
    }

    found = closeness(homes)

    assert found.keys() == homes.keys()
    said = [(close, SAYS[close](homes[number])) for number, close in found.items() if close > Closeness.HEADING]
    assert all(count >= ENOUGH for count in Counter(said).values())
    named = [homes[number] for number, close in found.items() if close == Closeness.REGION]
    assert all(home.region for home in named)


@given(homes=st.lists(st.sampled_from(ALL), max_size=16), data=st.data())
def test_whoever_has_enough_alike_among_some_is_described_as_among_all(homes, data):
    every = dict(enumerate(homes))
    some = {number: home for number, home in every.items() if data.draw(st.booleans())}

    sure = [number for number in every if have_enough_alike(some, [number])]

    assert {number: closeness(some)[number] for number in sure} == {number: closeness(every)[number] for number in sure}
    assert have_enough_alike(some, sure)
    assert set(sure) == {number for number, home in some.items() if list(some.values()).count(home) >= ENOUGH}


def test_every_province_of_indonesia_lies_in_an_area_that_has_a_name():
    assert set(OF_DIGIT.values()) == set(AREAS)
    assert [area_of("ID", code) for code in ("64", "21", "11", "92", "")] == [
        "kalimantan",
        "sumatra",
        "sumatra",
        "papua",
        "",
    ]
    assert area_of("KZ", "63") == ""
