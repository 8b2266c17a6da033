"""Which lots share a container: plain whole numbers in, containers out. No database, no clock.

A piece is what must stay together in one container: one lot, or a few lots of one pair. It takes a share of a
container: its kilograms by what one container holds of it as that seller packs it. Pieces share one where the shares
are one at most and there is a day on which all of them can be loaded.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import lcm
from typing import NamedTuple

EXACT_PIECES = 12  # up to so many pieces every way of packing is looked at
EXACT_NODES = 20_000  # and at most so many steps of it
LOOKED_AT = 200  # open containers with room that a piece is tried in
MOST_PIECES = 20_000  # that may share; of more the largest go alone
MOST_ALIKE = 100  # pieces of one lot that may share and are packed one by one; the further ones are counted
MOST_LIMITS = 12  # sellers' ways of packing that are reckoned exactly beside each other
PARTS = 10**12  # of a container, where there are more: shares are rounded up then


class Piece(NamedTuple):
    """Kilograms that stay together."""

    owner: int  # whose they are: a pair
    kg: int
    limit_kg: int  # what one container holds of these goods as this seller packs them
    first: int | None = None  # days on which they can be loaded; None: not known, so any day of the month
    last: int | None = None
    count: int = 1  # so many alike, each in a container of its own


@dataclass(eq=False)
class Box:
    """One container and what is in it."""

    pieces: list[Piece]
    room: int  # what is left of it, in parts of a container
    first: int | None = None
    last: int | None = None

    @property
    def kg(self) -> int:
        return sum(piece.kg for piece in self.pieces)

    @property
    def is_shared(self) -> bool:
        return len({piece.owner for piece in self.pieces}) > 1


@dataclass(frozen=True)
class Packed:
    """Containers, how few there could be at least, and how full they are."""

    boxes: list[Box] = field(default_factory=list)
    at_least: int = 0
    parts: int = 1  # of which one container has so many
    alike: list[tuple[int, Box]] = field(default_factory=list)  # so many more like this one

    @property
    def count(self) -> int:
        return len(self.boxes) + sum(count for count, _box in self.alike)

    @property
    def filled(self) -> int:
        """How much of all containers is used, in parts."""
        more = sum(count * (self.parts - box.room) for count, box in self.alike)
        return more + sum(self.parts - box.room for box in self.boxes)


def pieces_of(
    owner: int, kg: int, limit_kg: int, lot_kg: int | None, first: int | None = None, last: int | None = None
) -> list[Piece]:
    """What a pair ships, in pieces: as many whole lots as one container holds, and the rest.

    A lot that is larger than a container fills whole ones, and what is left is one piece. Pieces that are alike are one
    with its count.
    """
    step = lot_kg * (limit_kg // lot_kg) if lot_kg and lot_kg <= limit_kg else limit_kg
    full, rest = divmod(kg, step)
    whole = [Piece(owner, step, limit_kg, first, last, full)] if full else []
    return whole + ([Piece(owner, rest, limit_kg, first, last)] if rest else [])


def pack(pieces: Iterable[Piece]) -> Packed:
    """As few containers as can be found: for a few pieces as few as there can be, else best fit, largest first."""
    pieces = list(pieces)
    if not pieces:
        return Packed()
    limits = {piece.limit_kg for piece in pieces}
    is_exact = len(limits) <= MOST_LIMITS
    parts = lcm(*limits) if is_exact else PARTS
    sized = sorted(((share_of(piece, parts), piece) for piece in pieces), key=by_size)
    alone, sharing, beyond = set_apart(sized, parts)
    boxes, at_least = packed_singly(sharing, parts, is_exact)
    at_least += sum(piece.count for _size, piece in alone)
    if beyond or not is_exact:
        at_least = bound_of(pieces, parts)
    apart = [(piece.count, opened(size, piece, parts)) for size, piece in (*alone, *beyond)]
    single = [box for count, box in apart if count == 1]
    return Packed(single + boxes, at_least, parts, [(count, box) for count, box in apart if count > 1])


def packed_singly(sharing: Sequence["Sized"], parts: int, is_exact: bool) -> tuple[list[Box], int]:
    """Containers of pieces that are packed one by one, and how few there could be if shares are not rounded."""
    if not sharing:
        return [], 0
    at_least = fewest(sharing, parts)
    surplus = max(0, len(sharing) - MOST_PIECES)
    boxes = [opened(size, piece, parts) for size, piece in sharing[:surplus]] + best_fit(sharing[surplus:], parts)
    if is_exact and len(boxes) > at_least and len(sharing) <= EXACT_PIECES:
        boxes, at_least = search(sharing, parts, boxes, at_least)
    return boxes, at_least


def bound_of(pieces: Iterable[Piece], parts: int) -> int:
    """No packing needs fewer: all shares together, rounded down; and no two of the larger half lie together."""
    shares = [(piece.kg * parts // piece.limit_kg, piece.count) for piece in pieces]
    total = sum(share * count for share, count in shares)
    return max(-(-total // parts), sum(count for share, count in shares if 2 * share > parts))


Sized = tuple[int, Piece]


def by_size(sized: Sized) -> tuple:
    size, piece = sized
    return -size, piece.owner, piece.first or 0, piece.last or 0


def share_of(piece: Piece, parts: int) -> int:
    """In parts of a container; rounded up, where these are not fine enough."""
    return -(-piece.kg * parts // piece.limit_kg)


def set_apart(sized: Sequence[Sized], parts: int) -> tuple[list[Sized], list[Sized], list[Sized]]:
    """Pieces beside which not even the smallest other one has room, pieces that may share, and those beyond counting.

    Largest first; those that may share one by one, the others with their counts. Of pieces that are alike no more are
    tried than there are smaller ones to put beside them, and no more than `MOST_ALIKE`.
    """
    smallest = sized[-1][0]
    alone = [one for one in sized if one[0] + smallest > parts]
    if len(alone) == len(sized):
        return alone, [], []
    rest = sized[len(alone) :]
    # Two of the larger half never lie together: so many of them as there are smaller ones can be shared at most.
    small = sum(piece.count for size, piece in rest if 2 * size <= parts)
    tried: Counter[tuple[int, int]] = Counter()
    sharing, beyond = [], []
    for size, piece in rest:
        left = max(0, small - tried[size, piece.owner]) if 2 * size > parts else piece.count
        tried[size, piece.owner] += piece.count
        one_by_one = min(piece.count, left)
        alone += times(size, piece, piece.count - one_by_one)
        sharing += [(size, piece._replace(count=1))] * min(one_by_one, MOST_ALIKE)
        beyond += times(size, piece, one_by_one - min(one_by_one, MOST_ALIKE))
    return alone, sharing, beyond


def times(size: int, piece: Piece, count: int) -> list[Sized]:
    return [(size, piece._replace(count=count))] if count else []


def opened(size: int, piece: Piece, parts: int) -> Box:
    return Box([piece], parts - size, piece.first, piece.last)


def takes(box: Box, size: int, piece: Piece) -> bool:
    """Whether there is room, and a day that suits what is in it already."""
    if size > box.room:
        return False
    first, last = later(box.first, piece.first), earlier(box.last, piece.last)
    return first is None or last is None or first <= last


def later(one: int | None, other: int | None) -> int | None:
    return max((day for day in (one, other) if day is not None), default=None)


def earlier(one: int | None, other: int | None) -> int | None:
    return min((day for day in (one, other) if day is not None), default=None)


def put(box: Box, size: int, piece: Piece) -> None:
    box.pieces.append(piece)
    box.room -= size
    box.first, box.last = later(box.first, piece.first), earlier(box.last, piece.last)


def best_fit(sized: Sequence[Sized], parts: int) -> list[Box]:
    """Each piece, the largest first, into the fullest container that takes it."""
    boxes: list[Box] = []
    rooms: list[tuple[int, int]] = []  # of the open containers: what is left, and which one it is
    smallest = sized[-1][0] if sized else 0
    for size, piece in sized:
        at = bisect_left(rooms, (size, 0))
        chosen = next(
            (i for i in range(at, min(at + LOOKED_AT, len(rooms))) if takes(boxes[rooms[i][1]], size, piece)), None
        )
        if chosen is None:
            number = len(boxes)
            boxes.append(opened(size, piece, parts))
        else:
            _room, number = rooms.pop(chosen)
            put(boxes[number], size, piece)
        if boxes[number].room >= smallest:
            insort(rooms, (boxes[number].room, number))
    return boxes


def fewest(sized: Sequence[Sized], parts: int) -> int:
    """No packing needs fewer containers (Martello and Toth 1990, the bound L2, without the days)."""
    sizes = [size for size, _piece in sized]
    best = -(-sum(sizes) // parts)
    for least in sorted({size for size in sizes if 2 * size <= parts} | {0}):
        alone = sum(1 for size in sizes if size > parts - least)
        half = [size for size in sizes if 2 * size > parts and size <= parts - least]
        small = sum(size for size in sizes if 2 * size <= parts and size >= least)
        over = small - (len(half) * parts - sum(half))
        best = max(best, alone + len(half) + max(0, -(-over // parts)))
        if len(sizes) > LOOKED_AT:
            break  # of many pieces the first threshold alone
    return best


def search(sized: Sequence[Sized], parts: int, found: list[Box], at_least: int) -> tuple[list[Box], int]:
    """Every way of packing, the largest piece first; and what is proven of it.

    Where the steps run out, the best that was found stands beside the bound that was known before.
    """
    best, nodes = [[*box.pieces] for box in found], 0
    open_boxes: list[list[Sized]] = []

    def fits(box: list[Sized], size: int, piece: Piece) -> bool:
        made = opened(*box[0], parts)
        for one in box[1:]:
            put(made, *one)
        return takes(made, size, piece)

    def place(at: int) -> None:
        nonlocal best, nodes
        nodes += 1
        if nodes > EXACT_NODES or len(best) == at_least or len(open_boxes) >= len(best):
            return
        if at == len(sized):
            best = [[piece for _size, piece in box] for box in open_boxes]
            return
        for box in open_boxes:
            if fits(box, *sized[at]):
                box.append(sized[at])
                place(at + 1)
                box.pop()
        if len(open_boxes) + 1 < len(best):
            open_boxes.append([sized[at]])
            place(at + 1)
            open_boxes.pop()

    place(0)
    boxes = []
    for pieces in best:
        box = opened(share_of(pieces[0], parts), pieces[0], parts)
        for piece in pieces[1:]:
            put(box, share_of(piece, parts), piece)
        boxes.append(box)
    return boxes, at_least if nodes > EXACT_NODES else len(boxes)
