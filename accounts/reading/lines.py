"""Form fields for words that people type: what cannot be kept is refused with a sentence, never shortened quietly."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError

from accounts.reading.fields import MISSING
from accounts.reading.sentences import sentence

# Control letters, invisible ones, those that turn the direction of reading, private ones, and broken surrogates.
UNSEEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
LINES = "\t\n\r"


class LineField(forms.CharField):
    """Words on one line, of at most `most` letters."""

    has_lines = False
    default_error_messages = {"required": MISSING}

    def __init__(self, *, most: int, **options):
        super().__init__(**options)
        self.most = most

    def to_python(self, value) -> str:
        text = unicodedata.normalize("NFC", super().to_python(value))
        if any(unicodedata.category(letter) in UNSEEN for letter in text if letter not in LINES):
            raise ValidationError(sentence("cell_has_control_letters", {}), code="unseen")
        if not self.has_lines and any(letter in LINES for letter in text):
            raise ValidationError(sentence("cell_has_lines", {}), code="lines")
        if len(text) > self.most:
            raise ValidationError(sentence("text_too_long", {"letters": len(text), "most": self.most}), code="long")
        return self.read(text) if text else text

    def read(self, text: str) -> str:
        """What the text says; raises ValidationError where it says nothing of its kind."""
        return text


class WordsField(LineField):
    """Words on several lines."""

    has_lines = True
    widget = forms.Textarea

    def to_python(self, value) -> str:
        """A browser ends lines with two characters, which would count twice."""
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)
