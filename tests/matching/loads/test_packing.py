"""Lots in containers: nothing is lost, nothing is too heavy, lots stay whole, and few pieces take as few as can be."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.loads.packing import PARTS, Piece, pack, pieces_of, share_of

LIMITS = (18_000, 20_000, 21_500)
ONE = st.just(1)


@st.composite
def pieces(draw, most: int = 40, counts=ONE) -> list[Piece]:
    made = []
    for owner in range(draw(st.integers(0, most))):
        limit = draw(st.sampled_from(LIMITS))
        first = draw(st.none() | st.integers(1, 28))
        last = None if first is None else draw(st.integers(first, 30))
        made.append(Piece(owner, draw(st.integers(1, limit)), limit, first, last, draw(counts)))
    return made


def one_by_one(lots: list[Piece]) -> list[Piece]:
    return [lot._replace(count=1) for lot in lots for _one in range(lot.count)]


@settings(max_examples=100, deadline=None)
@given(pieces(most=12, counts=st.integers(1, 9)))
def test_pieces_that_are_alike_are_packed_as_one_by_one(lots):
    packed, singly = pack(lots), pack(one_by_one(lots))

    assert (packed.count, packed.at_least, packed.filled) == (singly.count, singly.at_least, singly.filled)


@settings(max_examples=150, deadline=None)
@given(pieces() | pieces(counts=st.integers(1, 300)))
def test_packing_loses_nothing_and_overloads_nothing(lots):
    packed = pack(lots)

    boxes = [*packed.boxes, *(box for count, box in packed.alike for _one in range(count))]
    inside = [piece._replace(count=1) for box in boxes for piece in box.pieces]
    assert sorted(inside, key=str) == sorted(one_by_one(lots), key=str)
    for box in boxes:
        shares = [share_of(piece, packed.parts) for piece in box.pieces]
        days = [(piece.first or 1, piece.last or 31) for piece in box.pieces]
        assert (sum(shares) + box.room, box.room >= 0) == (packed.parts, True) if lots else True
        assert box.kg <= max(piece.limit_kg for piece in box.pieces)
        assert max(first for first, _last in days) <= min(last for _first, last in days)
    assert packed.at_least <= packed.count == len(boxes)
    assert packed.filled == sum(share_of(piece, packed.parts) for piece in one_by_one(lots))


@settings(max_examples=60, deadline=None)
@given(pieces(most=6))
def test_a_few_pieces_take_as_few_containers_as_any_packing_does(lots):
    packed = pack(lots)

    assert packed.count == packed.at_least
    assert len(packed.boxes) == fewest_by_trying(lots, packed.parts)


def fewest_by_trying(lots: list[Piece], parts: int) -> int:
    """Every way of handing pieces to containers, one after the other."""
    best = len(lots)
    for chosen in product(range(max(best - 1, 0)), repeat=len(lots)) if best > 1 else ():
        boxes = [[lot for lot, box in zip(lots, chosen, strict=True) if box == number] for number in set(chosen)]
        if len(boxes) < best and all(fits(box, parts) for box in boxes):
            best = len(boxes)
    return best


def fits(box: list[Piece], parts: int) -> bool:
    first = max((piece.first for piece in box if piece.first), default=1)
    last = min((piece.last for piece in box if piece.last), default=31)
    return first <= last and sum(share_of(piece, parts) for piece in box) <= parts


@given(st.integers(1, 500_000), st.sampled_from(LIMITS), st.none() | st.integers(1, 60_000))
def test_an_allocation_is_cut_between_lots_and_never_inside_one(kg, limit, lot):
    sizes = [size for piece in pieces_of(7, kg, limit, lot) for size in [piece.kg] * piece.count]

    assert sum(sizes) == kg
    assert max(sizes) <= limit
    if lot and lot <= limit:
        assert all(size % lot == 0 for size in sizes[:-1])
    else:
        assert all(size == limit for size in sizes[:-1])


def test_best_fit_is_not_enough_and_the_search_finds_the_packing():
    """Largest first gives three (10 + 8, 7 + 6 + 5, 4), though 10 + 6 + 4 and 8 + 7 + 5 fill two."""
    lots = [Piece(owner, kg, 20) for owner, kg in enumerate((10, 8, 7, 6, 5, 4))]

    packed = pack(lots)

    assert (len(packed.boxes), packed.at_least, packed.filled) == (2, 2, 40)


def test_lots_that_cannot_be_loaded_on_one_day_do_not_share():
    early, late = Piece(1, 5_000, 20_000, 1, 10), Piece(2, 5_000, 20_000, 11, 30)

    assert [box.pieces for box in pack([early, late]).boxes] == [[early], [late]]


def test_thousands_of_pieces_are_packed_within_a_tenth_of_the_bound():
    lots = [Piece(number, 1_000 + 1_237 * number % 19_000, 21_500) for number in range(10_000)]

    packed = pack(lots)

    assert sum(box.kg for box in packed.boxes) == sum(piece.kg for piece in lots)
    assert 10 * len(packed.boxes) <= 11 * packed.at_least


def test_very_many_containers_of_one_lot_are_counted_and_not_made():
    lots = pieces_of(7, 20_000 * 1_000_000 + 5_000, 20_000, 5_000) + pieces_of(8, 15_000, 20_000, None)

    packed = pack(lots)

    assert len(packed.boxes) < 200
    assert (packed.count, packed.at_least, packed.filled) == (1_000_001, 1_000_001, 1_000_001 * packed.parts)


def test_sellers_who_all_pack_differently_are_reckoned_in_rounded_shares():
    lots = [Piece(owner, 10_000 + owner, 20_001 + 2 * owner) for owner in range(500)]

    packed = pack(lots)

    assert packed.parts == PARTS
    assert (packed.count, packed.at_least) == (250, 250)
    assert all(box.room >= 0 for box in packed.boxes)
