"""Why something typed is not taken: a code with its facts. `sentences.py` says it in the reader's language."""

from accounts.reading.sentences import sentence

MOST_ECHOED = 40  # letters of what was typed that an answer repeats


class Refusal(ValueError):  # noqa: N818  a refusal is an answer, not a mishap
    """A typed value that cannot be taken. Where it has two readings, `one` and `two` of the facts are them."""

    def __init__(self, code: str, /, **params):
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return sentence(self.code, self.params)


def echoed(text: str) -> str:
    """What was typed, as an answer can repeat it: not endless, and with a name for letters that cannot be seen."""
    seen = "".join(letter if letter.isprintable() or letter == " " else _named(letter) for letter in text)
    return seen if len(seen) <= MOST_ECHOED else f"{seen[: MOST_ECHOED - 1]}…"


def _named(letter: str) -> str:
    return " " if letter in "\u00a0\u202f\u2007\u2009" else f"U+{ord(letter):04X}"
