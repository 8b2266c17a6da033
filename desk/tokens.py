"""The colours of static/css/tokens.css as they are, and how well each stands out: reckoned here, never written down."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from django.conf import settings

SHEET = settings.BASE_DIR / "static" / "css" / "tokens.css"
TEXT, MARK, PAPER = "text", "mark", "paper"  # what a colour is for, and with it how much contrast it needs
NEEDED = {TEXT: 4.5, MARK: 3.0, PAPER: 0.0}
# On which colours each lies, and as what. Hairlines, decoration and maps carry no meaning and need no contrast.
USES = {
    "ink": (TEXT, ("paper", "surface", "sunk", "sky-wash", "warn-wash")),
    "ink-2": (TEXT, ("paper", "surface", "sunk", "sky-wash", "warn-wash")),
    "sky-ink": (TEXT, ("paper", "surface", "sunk", "sky-wash")),
    "warn": (TEXT, ("paper", "surface", "sunk", "warn-wash")),
    "on-sea": (TEXT, ("sea",)),
    "on-sea-2": (TEXT, ("sea",)),
    "on-act": (TEXT, ("act",)),
    "edge": (MARK, ("paper", "surface", "sunk")),
    "unknown": (MARK, ("paper", "sunk")),
    "sky": (MARK, ("paper", "sunk")),
    "warn-fill": (MARK, ("paper",)),
    "flow-west": (MARK, ("paper",)),
    "flow-east": (MARK, ("paper",)),
}


@dataclass(frozen=True)
class Contrast:
    """One colour on another: the ratio of WCAG, and what its use asks for."""

    name: str
    ground: str
    use: str
    ratio: float

    @property
    def is_enough(self) -> bool:
        return self.ratio >= NEEDED[self.use]


def contrasts(theme: str) -> list[Contrast]:
    """Every colour that carries meaning on everything that it lies on, in one theme."""
    colours = themes()[theme]
    return [
        Contrast(name, ground, use, ratio_of(colours[name], colours[ground]))
        for name, (use, grounds) in USES.items()
        for ground in grounds
    ]


@lru_cache(maxsize=1)
def themes() -> dict[str, dict[str, str]]:
    """The colours of both themes by name, as the sheet has them."""
    sheet = re.sub(r"/\*.*?\*/", "", SHEET.read_text(encoding="utf-8"), flags=re.DOTALL)
    blocks = {
        theme: re.search(rf'\[data-theme="{theme}"\]\s*{{([^}}]*)}}', sheet).group(1) for theme in ("light", "dark")
    }
    return {theme: dict(re.findall(r"--tm-([\w-]+):\s*(#[0-9a-f]{6})\b", block)) for theme, block in blocks.items()}


def ratio_of(one: str, other: str) -> float:
    """How much lighter the one is than the other, from 1 to 21.

    Source: WCAG 2.2, "contrast ratio" and "relative luminance".
    """
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[start:end], 16) / 255 for start, end in pairwise((1, 3, 5, 7))]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
