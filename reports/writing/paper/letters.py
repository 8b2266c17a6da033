"""Which letters the fonts of paper have, and how broad they are: read from the fonts themselves.

What none of them can draw, or nobody could see, is written as its code, [U+1F9C0]: paper loses no letter and shows no
empty box.
"""

import re
import struct
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

FONTS = Path(__file__).parents[1] / "typst" / "fonts"
READING, HEADS, SIGNS = "NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSansMath-Regular.ttf"
LONGEST_WORD = 22  # letters; a longer one may be broken anywhere
EVERY = 8  # letters between the places where it may be broken
MAY_BREAK = "\u200b"
UNKNOWN_BREADTH = 0.6  # em
_LINES = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_LONG = re.compile(rf"[^\s\u200b]{{{LONGEST_WORD + 1},}}")


@cache
def breadths(name: str) -> dict[int, float]:
    """How broad each letter of a font is, in em, by its code: its tables cmap (format 4) and hmtx."""
    data = (FONTS / name).read_bytes()
    tables = {}
    for at in range(12, 12 + 16 * struct.unpack_from(">H", data, 4)[0], 16):
        tag, _sum, start, _length = struct.unpack_from(">4sIII", data, at)
        tables[tag.decode()] = start
    em = struct.unpack_from(">H", data, tables["head"] + 18)[0]
    measured = struct.unpack_from(">H", data, tables["hhea"] + 34)[0]

    def breadth(glyph: int) -> float:
        return struct.unpack_from(">H", data, tables["hmtx"] + 4 * min(glyph, measured - 1))[0] / em

    return {code: breadth(glyph) for code, glyph in _glyphs(data, tables["cmap"]) if glyph}


def _glyphs(data: bytes, cmap: int):
    """Codes and their glyphs in the map for Windows, Unicode, of a font."""
    count = struct.unpack_from(">H", data, cmap + 2)[0]
    maps = [struct.unpack_from(">HHI", data, cmap + 4 + 8 * number) for number in range(count)]
    at = cmap + next(start for platform, kind, start in maps if (platform, kind) == (3, 1))
    segments = struct.unpack_from(">H", data, at + 6)[0] // 2
    row = f">{segments}H"
    ends = struct.unpack_from(row, data, at + 14)
    starts = struct.unpack_from(row, data, at + 16 + 2 * segments)
    deltas = struct.unpack_from(row, data, at + 16 + 4 * segments)
    offsets_at = at + 16 + 6 * segments
    offsets = struct.unpack_from(row, data, offsets_at)
    for number, (start, end, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for code in range(start, min(end, 0xFFFE) + 1):
            if not offset:
                yield code, (code + delta) & 0xFFFF
                continue
            glyph = struct.unpack_from(">H", data, offsets_at + 2 * number + offset + 2 * (code - start))[0]
            yield code, (glyph + delta) & 0xFFFF if glyph else 0


@cache
def drawn() -> frozenset[str]:
    """Letters that paper can show, upright and bold."""
    codes = (breadths(READING).keys() & breadths(HEADS).keys()) | breadths(SIGNS).keys()
    letters = {chr(code) for code in codes if unicodedata.category(chr(code)) not in ("Cf", "Cc")}
    return frozenset(letters - {"\ufffd"})  # which only says that a letter was lost


@cache
def _others() -> re.Pattern:
    return re.compile("[^" + "".join(map(re.escape, sorted(drawn()))) + "\n]")


@lru_cache(maxsize=20_000)
def printable(text: str, may_break: bool = True) -> str:
    """A text as paper shows it: its lines and letters, the code of what cannot be seen.

    A long word may be broken, unless it is there to be copied from the page: an address, a number.
    """
    text = _LINES.sub("\n", text).replace("\t", " ")
    text = _others().sub(lambda letter: f"[U+{ord(letter[0]):04X}]", text)
    return _LONG.sub(_apart, text) if may_break and len(text) > LONGEST_WORD else text


def _apart(word: re.Match) -> str:
    return MAY_BREAK.join(word[0][at : at + EVERY] for at in range(0, len(word[0]), EVERY))


def breadth(text: str, *, bold: bool = False) -> float:
    """How broad one line of a text is, in em."""
    known = breadths(HEADS if bold else READING)
    return sum(known.get(ord(letter), UNKNOWN_BREADTH) for letter in text if letter != MAY_BREAK)
