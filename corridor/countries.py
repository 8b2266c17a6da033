"""Countries by name: routes pass more of them than the two of the corridor."""

from accounts.figures import reader_locale


def country_name(code: str) -> str:
    """A country in the reader's language, or its code where it has no name."""
    return reader_locale().territories.get(code, code)
