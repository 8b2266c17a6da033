"""Hears which strings are asked for in a language that has no translation of them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import trans_real

CONTEXT = "\x04"  # stands between the context of a string and the string


@contextmanager
def untranslated() -> Iterator[set[str]]:
    """Every string that is said in English meanwhile because the language of the moment has no words for it.

    Our strings and those of packages alike: what counts is what Django would show.
    """
    heard: set[str] = set()
    kind = trans_real.DjangoTranslation
    one, many = kind.gettext, kind.ngettext

    def gettext(self, message):
        if _is_missing(self, message):
            heard.add(_told(message))
        return one(self, message)

    def ngettext(self, singular, plural, number):
        if _is_missing(self, (singular, self.plural(number))):
            heard.add(_told(singular))
        return many(self, singular, plural, number)

    kind.gettext, kind.ngettext = gettext, ngettext
    try:
        yield heard
    finally:
        kind.gettext, kind.ngettext = one, many


def _is_missing(translation, key) -> bool:
    if translation.language().startswith("en") or key in ("", None):
        return False
    if isinstance(key, str):  # a word that elsewhere has a plural is found there, as gettext finds it
        return not (translation._catalog.get(key) or translation._catalog.get((key, translation.plural(1))))
    return not translation._catalog.get(key)


def _told(message: str) -> str:
    context, separator, text = message.partition(CONTEXT)
    return f"{text} ({context})" if separator else message
