"""Every letter that can stand on a page is in the fonts that ship, those of Kazakh and the tenge first of all."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tradematch import borrowed, catalogues

KAZAKH = "ӘәҒғҚқҢңӨөҰұҮүҺһІі₸"
FACE = re.compile(r'@font-face\{font-family:"([^"]+)";src:url\(\.\./fonts/([\w-]+\.woff2)\).*?unicode-range:([^}]+)\}')
FAMILIES = ("Noto Sans TM", "Literata TM")


def faces() -> list[tuple[str, Path, set[int]]]:
    """Family, file and code points of each font that a page may load."""
    found = []
    for family, file, ranges in FACE.findall((settings.BASE_DIR / "static/css/tokens.css").read_text(encoding="utf-8")):
        points: set[int] = set()
        for one in ranges.split(","):
            first, _dash, last = one.strip().removeprefix("U+").partition("-")
            points |= set(range(int(first, 16), int(last or first, 16) + 1))
        found.append((family, settings.BASE_DIR / "static/fonts" / file, points))
    return found


def letters_of_catalogues() -> str:
    """Every letter that our translations use."""
    texts = []
    for language in catalogues.LANGUAGES:
        for catalogue in (catalogues.read_catalogue(language), borrowed.read_borrowed(language)):
            for message in catalogue:
                if message.id:
                    both = [message.id, message.string]
                    texts += [text for one in both for text in (one if isinstance(one, (tuple, list)) else [one])]
    return "".join(sorted({letter for text in texts for letter in text if letter.isprintable()}))


@pytest.mark.parametrize("family", FAMILIES)
def test_fonts_promise_every_letter_of_the_pages(family):
    promised = set().union(*(points for name, _file, points in faces() if name == family))

    assert {letter for letter in KAZAKH + letters_of_catalogues() if ord(letter) not in promised} == set()


def test_every_font_file_is_there_and_used():
    used = {file for _family, file, _points in faces()}

    assert used == set((settings.BASE_DIR / "static/fonts").glob("*.woff2"))
    assert {file.read_bytes()[:4] for file in used} == {b"wOF2"}


# Draws each letter with the font before two fallbacks that look different. What the font holds looks the same twice.
DRAWN_BY_FALLBACK = """async ([family, weight, letters]) => {
    await document.fonts.load(`${weight} 40px "${family}"`, letters);
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 80;
    const pen = canvas.getContext('2d', {willReadFrequently: true});
    const picture = (fonts, letter) => {
        pen.clearRect(0, 0, 80, 80);
        pen.font = `${weight} 40px ${fonts}`;
        pen.fillText(letter, 10, 55);
        return pen.getImageData(0, 0, 80, 80).data.join();
    };
    const empty = picture('serif', ' ');
    return [...letters].filter(letter => {
        const one = picture(`"${family}", "Fallback One"`, letter);
        const two = picture(`"${family}", "Fallback Two"`, letter);
        return one !== two || one === empty;
    });
}"""
# Two fallbacks that hold the letters and draw them apart: our own other family, once as it is and once far bolder.
FALLBACKS = """async ([other, letters]) => {
    const faces = [...document.fonts].filter(face => face.family.replaceAll('"', '') === other);
    const sources = SOURCES;
    for (const [source, range] of sources) {
        for (const [name, descriptors] of [
            ['Fallback One', {sizeAdjust: '100%'}], ['Fallback Two', {sizeAdjust: '40%'}],
        ]) {
            const face = new FontFace(name, `url(${source})`, {unicodeRange: range, weight: '400 700', ...descriptors});
            document.fonts.add(await face.load());
        }
    }
    return faces.length;
}"""


@pytest.mark.django_db
@pytest.mark.parametrize("weight", [400, 650])
@pytest.mark.parametrize("family", FAMILIES)
def test_every_letter_is_drawn_by_the_font_that_ships(live_server, page, family, weight):
    letters = "".join(sorted({*KAZAKH, *letters_of_catalogues()} - {" ", "\u00a0"}))
    other = next(name for name in FAMILIES if name != family)
    page.goto(f"{live_server.url}/accounts/login/")
    sources = [
        [f"/static/fonts/{file.name}", ",".join(f"U+{point:X}" for point in sorted(points))]
        for name, file, points in faces()
        if name == other
    ]
    page.evaluate(FALLBACKS.replace("SOURCES", repr(sources)), [other, letters])

    assert page.evaluate(DRAWN_BY_FALLBACK, [family, weight, letters]) == []
    # And a font without the letters is told apart from one that has them.
    assert page.evaluate(DRAWN_BY_FALLBACK, ["No such font", weight, KAZAKH]) == list(KAZAKH)
