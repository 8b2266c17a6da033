"""The translations of our own strings: found in the code, kept in `locale/`, compiled without gettext's tools.

Babel reads and writes the catalogues: a machine without `xgettext` and `msgfmt` can set up, check and update them.
"""

import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

LANGUAGES = ("id", "ru", "kk")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
APPS = ("accounts", "notices", "commodities", "corridor", "companies", "matching", "reports", "desk", "tradematch")
PLURAL_FORMS = {
    "id": "nplurals=1; plural=0;",
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "kk": "nplurals=2; plural=(n != 1);",
}
# Calls that `templatize` leaves in the text it makes of a template.
TEMPLATE_CALL = re.compile(r"(?<![\w.])(?:_|gettext|ngettext|pgettext|npgettext)\(")


def catalogue_path(language: str) -> Path:
    return settings.BASE_DIR / "locale" / language / "LC_MESSAGES" / "django.po"


def strings_in_code() -> Catalog:
    """Every translatable string of our Python files and templates, with the places it stands in."""
    root = settings.BASE_DIR
    return strings_in((path.relative_to(root).as_posix(), path) for path in _sources(root))


def strings_in(sources: Iterable[tuple[str, Path]]) -> Catalog:
    """Every translatable string of some files, each with the place it is known by."""
    found = Catalog(project="TradeMatch", charset="utf-8")
    for place, path in sources:
        for message, context in _strings_of(path, path.stat().st_mtime_ns):
            found.add(message, context=context, locations=[(place, 0)])
    return found


@cache
def _strings_of(path: Path, _changed_ns: int) -> tuple:
    """The strings of one file with their contexts, read again only once it has changed."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        text = "\n".join(_calls(templatize(text, origin=path.name)))
    found = extract("python", io.BytesIO(text.encode()), KEYWORDS)
    return tuple((message, context) for _line, message, _comments, context in found)


def _sources(root: Path) -> Iterator[Path]:
    for app in APPS:
        yield from (path for path in sorted((root / app).rglob("*.py")) if "migrations" not in path.parts)
    yield from (path for path in sorted((root / "templates").rglob("*")) if path.suffix in (".html", ".txt"))


def _calls(text: str) -> Iterator[str]:
    """The gettext calls in what `templatize` made of a template, each on its own."""
    for start in (match.start() for match in TEMPLATE_CALL.finditer(text)):
        depth, end = 0, None
        lines = text[start:].splitlines(keepends=True)
        try:
            for token in tokenize.generate_tokens(iter(lines).__next__):
                depth += {"(": 1, ")": -1}.get(token.string, 0) if token.type == tokenize.OP else 0
                if token.string == ")" and depth == 0:
                    end = token.end
                    break
        except (tokenize.TokenError, IndentationError):
            pass
        if end:
            row, column = end
            yield "".join([*lines[: row - 1], lines[row - 1][:column]]).replace("\n", " ")


def read_catalogue(language: str, path: Path | None = None) -> Catalog:
    path = path or catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", project="TradeMatch")
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def compile_catalogue(language: str, path: Path | None = None) -> Path:
    """Write the `.mo` that Django reads. Unfinished strings are left out, as gettext's own compiler does."""
    path = path or catalogue_path(language)
    compiled = path.with_suffix(".mo")
    with compiled.open("wb") as file:
        write_mo(file, read_catalogue(language, path))
    return compiled


def update_catalogue(language: str) -> tuple[int, int]:
    """Bring the catalogue of our own strings in line with the code and keep its translations.

    Returns how many strings there are, and how many of them have no translation yet.
    """
    return bring_in_line(language, catalogue_path(language), strings_in_code())


def bring_in_line(language: str, path: Path, wanted: Catalog) -> tuple[int, int]:
    """Write a catalogue that holds the wanted strings, with the translations it had."""
    kept = read_catalogue(language, path)
    fresh = Catalog(
        locale=language, charset="utf-8", project="TradeMatch", header_comment=_header(language), fuzzy=False
    )
    # Babel takes two forms where it knows no rule (Indonesian); the header tells it ours.
    fresh.mime_headers = [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", PLURAL_FORMS[language])]
    for message in wanted:
        if not message.id:
            continue
        old = kept.get(message.id, context=message.context)
        same_shape = old is not None and old.pluralizable == message.pluralizable
        fresh.add(
            message.id,
            old.string if same_shape else None,
            context=message.context,
            locations=[(place, None) for place, _line in message.locations],
        ).flags.clear()  # "30 % in advance" is no format; `faults` compares the placeholders that are
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, fresh, width=110, sort_output=True, include_lineno=False, omit_header=False)
    path.write_text(_without_dates(buffer.getvalue().decode(), language), encoding="utf-8")
    return len(fresh), sum(1 for message in fresh if message.id and not is_translated(message, language))


def is_translated(message: Message, language: str) -> bool:
    if message.fuzzy:
        return False
    if not message.pluralizable:
        return bool(message.string)
    forms = int(PLURAL_FORMS[language].split(";")[0].removeprefix("nplurals="))
    return isinstance(message.string, tuple) and len(message.string) == forms and all(message.string)


def faults(language: str) -> list[str]:
    """What is wrong with the catalogue of our own strings."""
    return faults_of(language, catalogue_path(language), strings_in_code())


def faults_of(language: str, path: Path, wanted: Catalog) -> list[str]:
    """What is wrong with a catalogue, one sentence each: missing, left over, or placeholders that differ."""
    kept = read_catalogue(language, path)
    found = []
    for message in wanted:
        if not message.id:
            continue
        stored = kept.get(message.id, context=message.context)
        if stored is None or not is_translated(stored, language):
            found.append(f"{language}: not translated: {_singular(message)!r}")
            continue
        found += [f"{language}: placeholders differ: {_singular(message)!r}"] * (
            not _same_placeholders(stored, language)
        )
    known = {(message.id, message.context) for message in wanted}
    left_over = [m for m in kept if m.id and (m.id, m.context) not in known]
    return found + [f"{language}: no longer in the code: {_singular(message)!r}" for message in left_over]


PLACEHOLDER = re.compile(r"%\((\w+)\)[sdr]|\{(\w*)\}|(?<!%)%([sd])")


def _same_placeholders(message: Message, language: str) -> bool:
    """A plural form may leave out the number (one company); everything else keeps the same names."""
    ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    allowed = {name for text in ids for name in PLACEHOLDER.findall(text)}
    needed = set(PLACEHOLDER.findall(ids[-1])) if len(ids) == 1 else set()
    return all(needed <= set(PLACEHOLDER.findall(text)) <= allowed for text in strings)


def _singular(message: Message) -> str:
    return message.id[0] if isinstance(message.id, (tuple, list)) else message.id


def _header(language: str) -> str:
    return f"# TradeMatch in {language}. Written with care, not yet read by a native speaker."


DATED = "POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid-Bugs-To"
CONTINUED = r'(?:"(?![A-Z][\w-]+: ).*\n)*'  # the further lines of one header


def _without_dates(text: str, language: str) -> str:
    """The same strings give the same file: no dates and tool names, our own plural forms."""
    text = re.sub(rf"^\"(?:{DATED}): .*\n{CONTINUED}", "", text, flags=re.M)
    plural = f'"Plural-Forms: {PLURAL_FORMS[language]}\\n"\n'
    return re.sub(rf'^"Plural-Forms: .*\n{CONTINUED}', lambda _match: plural, text, flags=re.M)
