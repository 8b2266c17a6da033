"""Finds names of places in a text: as they stand in any of the four languages, and with Russian and Kazakh endings."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from companies.own_words.scanning import SAME_LENGTH, Text

REMARK = re.compile(r"\s*\(([^()]*)\)\s*")
# What a list adds to a name and nobody types.
ADDED = re.compile(
    r"^(?:tpk|контейнерный терминал)\s+|\s+(?:station|dry port|coal terminal|container terminal|gateway|станциясы|"
    r"құрғақ порты|контейнер терминалы)(?:,.*)?$",
    re.IGNORECASE,
)
NO_NAME = re.compile(r"region|regency|область|кнр|қхр|порт|[^\w\s'-]", re.IGNORECASE)
CYRILLIC = re.compile("[\u0400-\u04ff]")

RUSSIAN_ENDINGS = {"а": "а|ы|и|е|у|ой", "я": "я|и|е|ю|ей", "ь": "ь|я|ю|е|и|ем", "й": "й|я|ю|е|ем"}
RUSSIAN_ENDING = "|а|у|е|ом|ы"
TO_ENDINGS = "ға|ге|қа|ке|на|не"
FROM_ENDINGS = "дан|ден|тан|тен|нан|нен"
OTHER_ENDINGS = "да|де|та|те|дағы|дегі|тағы|тегі|ның|нің|дың|дің|тың|тің|ды|ді|ты|ті|ны|ні|мен|бен|пен"


@dataclass(frozen=True)
class FoundPlace:
    """A place in the text; two codes where the name has two. `role`: origin or destination, by a Kazakh ending."""

    codes: tuple[str, ...]
    start: int
    end: int
    role: str = ""


class PlaceNames:
    """The names of all places as one pattern."""

    def __init__(self, names: Mapping[str, Iterable[str]]):
        self._codes: dict[str, dict[str, None]] = {}
        for code, written in names.items():
            for name in filter(None, written):
                for form in _forms_of(name):
                    self._codes.setdefault(form, {})[code] = None
        longest_first = sorted(self._codes, key=lambda name: (-len(name), name))
        self._by_group = dict(enumerate(longest_first))
        shapes = "|".join(f"(?P<n{number}>{_shape(name)})" for number, name in self._by_group.items())
        kazakh = f"(?:-?(?:(?P<to>{TO_ENDINGS})|(?P<from>{FROM_ENDINGS})|(?:{OTHER_ENDINGS})))?"
        self._pattern = re.compile(rf"(?<!\w)(?:{shapes}){kazakh}(?!\w)") if shapes else None

    def at(self, letters: str, start: int) -> FoundPlace | None:
        """The place that is named right there."""
        found = self._pattern.match(letters, start) if self._pattern else None
        return self._found(found) if found else None

    def find(self, text: Text) -> Iterable[FoundPlace]:
        if self._pattern:
            yield from (self._found(found) for found in text.find(self._pattern))

    def _found(self, found: re.Match) -> FoundPlace:
        number = next(int(name[1:]) for name, part in found.groupdict().items() if part is not None and name[0] == "n")
        role = "destination" if found["to"] else "origin" if found["from"] else ""
        return FoundPlace(tuple(self._codes[self._by_group[number]]), *found.span(), role)


def place_names(names: Mapping[str, Iterable[str]]) -> PlaceNames:
    """The pattern of some names, made once."""
    return _made(tuple(sorted((code, tuple(written)) for code, written in names.items())))


@lru_cache(maxsize=4)
def _made(names: tuple[tuple[str, tuple[str, ...]], ...]) -> PlaceNames:
    return PlaceNames(dict(names))


def _forms_of(name: str) -> set[str]:
    """A name as people type it: whole, without the remark in brackets, and the remark where it is a name itself."""
    plain = name.lower().translate(SAME_LENGTH)
    remarks = REMARK.findall(name)
    forms = {plain, REMARK.sub(" ", plain).strip()}
    forms |= {
        remark.lower().translate(SAME_LENGTH)
        for remark in remarks
        if remark[:1].isupper() and not NO_NAME.search(remark)
    }
    forms |= {ADDED.sub("", form) for form in set(forms)}
    forms |= {form.replace("-", " ") for form in set(forms)}
    return {form for form in forms if len(form) > 2}


def _shape(name: str) -> str:
    if not CYRILLIC.search(name):
        return re.escape(name).replace(r"\ ", r"[ -]")
    body, last = name[:-1], name[-1]
    if last in RUSSIAN_ENDINGS:
        return f"{re.escape(body)}(?:{RUSSIAN_ENDINGS[last]})"
    ending = RUSSIAN_ENDING if last not in "аеёиоуыэюяіөүұ" else ""
    return f"{re.escape(name)}(?:{ending})" if ending else re.escape(name)
