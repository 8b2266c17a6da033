"""HTML made of words that a long page says a thousand times: as Django's own, without looking for lazy words first."""

from html import escape

from django.utils.safestring import SafeString


def escaped(words: object) -> SafeString:
    """Words as HTML; text that is marked as safe stays as it is. Whatever else is no text is escaped, a form too."""
    return words if isinstance(words, SafeString) else SafeString(escape(str(words)))


def filled(form: str, *words: object) -> SafeString:
    """A piece of HTML with each `{}` of it filled with escaped words, as `format_html` does."""
    return SafeString(form.format(*map(escaped, words)))
