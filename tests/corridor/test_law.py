"""What the law of a way asks of which goods."""

import pytest

from corridor.goods import Good
from corridor.law import Asked, LaneLaw, asked_of, ways_of

OLEIN = Good(100, 101, "151190", "palm_oil")
FLOUR = Good(200, 201, "110100", "grains")
STANDING = [
    LaneLaw("R041", "KZ", "ID", frozenset({"palm_oil", "grains"}), None, "halal", "seller"),
    LaneLaw("R045", "KZ", "ID", frozenset(), (200, 202), "sni", "seller"),
    LaneLaw("R040", "KZ", "ID", frozenset(), None, "nib", "buyer"),
]
VOLUNTARY = [LaneLaw("R027", "ID", "KZ", frozenset({"palm_oil"}), None, "rspo", "seller")]
LAWS = {
    "a sector": (FLOUR, "KZ", "ID", {"halal", "sni"}, {"nib"}, set()),
    "another direction": (FLOUR, "ID", "KZ", set(), set(), set()),
    "voluntary": (OLEIN, "ID", "KZ", set(), set(), {"rspo"}),
    "other goods of the sector": (OLEIN, "KZ", "ID", {"halal"}, {"nib"}, set()),
}


@pytest.mark.parametrize("case", LAWS)
def test_asked_of(case):
    good, origin, destination, *expected = LAWS[case]

    assert asked_of(good, (origin, destination), STANDING, VOLUNTARY) == Asked(*map(frozenset, expected))


def test_law_of_one_commodity_binds_no_wider_goods():
    flour_alone = LaneLaw("R", "KZ", "ID", frozenset(), (200, 201), "sni", "seller")
    any_cereal = Good(150, 250, "11", "grains")

    assert not flour_alone.applies(any_cereal, ("KZ", "ID"))


def test_ways_of_a_direction():
    assert ways_of("KZ>ID") == [("KZ", "ID")]
    assert sorted(ways_of("both")) == [("ID", "KZ"), ("KZ", "ID")]
