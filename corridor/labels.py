"""Names beside the dots of a map: each where it covers neither another name nor a dot, or nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass

SIZE, PHONE_SIZE = 16, 36  # px of the map; a phone shows the map at a third, so its names are larger in it
WIDEST = 0.58  # of a letter, by its height: a little more than most letters of Noto Sans
GAP = 11
MOST_ON_PHONES = 6


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, x: float, y: float, reach: float) -> "Box":
        return cls(x - reach, y - reach, x + reach, y + reach)

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True)
class Label:
    """A name: where its base line starts, ends or has its middle."""

    x: float
    y: float
    anchor: str  # "start", "middle", "end"
    text: str
    line: str = "mid"  # what of the letters lies at y: "mid", the foot ("above" its dot) or the top ("below")
    ground: str = ""  # "home", "land"; "": the sea
    is_minor: bool = False  # vanishes on phones

    def box(self, size: float) -> Box:
        width = WIDEST * size * len(self.text)
        left = self.x - {"start": 0, "middle": width / 2, "end": width}[self.anchor]
        above, under = {"mid": (0.55, 0.55), "above": (0.85, 0.25), "below": (0.1, 1)}[self.line]
        return Box(left, self.y - above * size, left + width, self.y + under * size)


def placed(
    spots: Sequence[tuple[float, float, str, str]],
    dots: Sequence[Box],
    fixed: Sequence[Label],
    lines: Sequence[tuple[float, float]],
    bands: Sequence[tuple[float, float]],
    width: float,
    height: float,
) -> list[Label]:
    """Names for spots (x, y, name, ground), the important ones first, off the dots there are.

    `lines` and `bands` are points along thin and broad lines that a name may cover, but no more than it must.

    The first few that find room at the size of a phone stay on phones, over small dots if need be; the others are for
    wide screens alone.
    """
    weights = dict.fromkeys((cell(x, y) for x, y in lines), 1)
    weights |= dict.fromkeys((cell(x, y) for x, y in bands), BAND)
    room = Room(width, height, weights)
    small = [*(label.box(PHONE_SIZE) for label in fixed)]
    large: list[Label] = []
    for spot in spots:
        if len(large) < MOST_ON_PHONES:
            label = room.first_free(spot, PHONE_SIZE, small)
            if label is not None:
                large.append(label)
                small.append(label.box(PHONE_SIZE))
    named = {label.text for label in large}
    boxes = [*dots, *(label.box(SIZE) for label in (*fixed, *large))]
    found = list(large)
    for spot in spots:
        if spot[2] not in named:
            label = room.first_free(spot, SIZE, boxes, is_minor=True)
            if label is not None:
                found.append(label)
                boxes.append(label.box(SIZE))
    return found


CELL, BAND = 8, 4  # px; how much worse it is to cover a broad line than a thin one


def cell(x: float, y: float) -> tuple[int, int]:
    return int(x // CELL), int(y // CELL)


@dataclass(frozen=True)
class Room:
    """The sheet, and the cells of it that lines pass, with how bad it is to cover them."""

    width: float
    height: float
    weights: dict[tuple[int, int], int]

    def first_free(
        self, spot: tuple[float, float, str, str], size: float, taken: Sequence[Box], *, is_minor: bool = False
    ) -> Label | None:
        """The name to the right, the left, above or below its dot: where it is free and covers least."""
        x, y, text, ground = spot
        free = []
        for across, down, anchor, line in (
            (GAP, 0, "start", "mid"),
            (-GAP, 0, "end", "mid"),
            (0, -GAP, "middle", "above"),
            (0, GAP, "middle", "below"),
        ):
            label = Label(round(x + across, 1), round(y + down, 1), anchor, text, line, ground, is_minor)
            box = label.box(size)
            if self.holds(box) and not any(box.meets(other) for other in taken):
                free.append((self.covered(box), len(free), label))
        return min(free)[2] if free else None

    def holds(self, box: Box) -> bool:
        return box.left > 4 and box.right < self.width - 4 and box.top > 4 and box.bottom < self.height - 4

    def covered(self, box: Box) -> int:
        """How much of lines the box lies on."""
        (left, top), (right, bottom) = cell(box.left, box.top), cell(box.right, box.bottom)
        return sum(self.weights.get((x, y), 0) for x in range(left, right + 1) for y in range(top, bottom + 1))
