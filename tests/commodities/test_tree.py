"""The one tree: who lies below whom can be told from two numbers."""

from hypothesis import given
from hypothesis import strategies as st

from commodities.loading import Row
from commodities.services.tree import give_sectors, number_tree


def node(code: str) -> Row:
    return Row(1, values={"code": code, "parent": code[:-2], "hs_code": code})


def good(slug: str, subheading: str) -> Row:
    return Row(1, values={"code": slug, "hs_code": subheading})


def intervals(rows: list[Row]) -> dict[str, tuple[int, int]]:
    return {row.values["code"]: (row.values["tree_lo"], row.values["tree_hi"]) for row in rows}


@st.composite
def trees(draw):
    """HS codes with all their parents, goods below some subheadings, in any order."""
    subheadings = draw(st.sets(st.from_regex(r"[0-2][0-3][01][0-2][1-3]0", fullmatch=True), min_size=1, max_size=30))
    headings = {code[:4] for code in subheadings}
    codes = subheadings | headings | {code[:2] for code in headings}
    under = draw(st.lists(st.sampled_from(sorted(subheadings)), max_size=20))
    goods = [good(f"good-{n}", subheading) for n, subheading in enumerate(under)]
    return draw(st.permutations([node(code) for code in sorted(codes)])), draw(st.permutations(goods))


def is_below(inner: Row, outer: Row) -> bool:
    """By the codes themselves: the digits of a good or a node begin with those of what it lies below."""
    if inner is outer:
        return True
    outer_code = outer.values["code"]
    return outer_code.isdigit() and inner.values["hs_code"].startswith(outer_code)


@given(trees())
def test_number_tree_puts_inside_what_lies_below_and_nothing_else(tree):
    nodes, goods = tree

    number_tree(nodes, goods)

    for outer in [*nodes, *goods]:
        for inner in [*nodes, *goods]:
            lies_inside = outer.values["tree_lo"] <= inner.values["tree_lo"] < outer.values["tree_hi"]
            assert lies_inside == is_below(inner, outer)
            if lies_inside:
                assert inner.values["tree_hi"] <= outer.values["tree_hi"]


@given(trees(), st.randoms())
def test_number_tree_does_not_depend_on_the_order_of_the_rows(tree, chance):
    nodes, goods = tree
    number_tree(nodes, goods)
    first = intervals([*nodes, *goods])

    chance.shuffle(nodes)
    chance.shuffle(goods)
    number_tree(nodes, goods)

    assert intervals([*nodes, *goods]) == first


def test_number_tree_numbers_from_left_to_right():
    nodes = [node(code) for code in ("02", "01", "0101", "010121", "010129", "0201")]

    number_tree(nodes, [good("stallion", "010121"), good("mare", "010121")])

    assert intervals(nodes) == {
        "01": (0, 6),
        "0101": (1, 6),
        "010121": (2, 5),
        "010129": (5, 6),
        "02": (6, 8),
        "0201": (7, 8),
    }


def test_code_has_the_sector_of_the_goods_below_it_where_that_is_one():
    nodes = [node(code) for code in ("15", "1511", "151190", "1512", "72")]
    goods = [good("olein", "151190"), good("stearin", "151190"), good("sunflower-oil", "151211")]
    for row, sector in zip(goods, ("palm_oil", "palm_oil", "grains"), strict=True):
        row.values["sector"] = sector

    give_sectors(nodes, goods)

    assert {row.values["code"]: row.values["sector"] for row in nodes} == {
        "15": "",
        "1511": "palm_oil",
        "151190": "palm_oil",
        "1512": "grains",
        "72": "",
    }
