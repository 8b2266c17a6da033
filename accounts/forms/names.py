"""The name of a person, as a person may type it."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Control letters, invisible ones, those that turn the direction of reading, private ones, and broken surrogates.
UNSEEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


def clean_name(text: str) -> str:
    """One line of letters that can be seen: a name stands in letters, headers of mail and lists beside others."""
    name = " ".join(unicodedata.normalize("NFC", text).split(" ")).strip()
    if any(unicodedata.category(letter) in UNSEEN for letter in name):
        raise ValidationError(_("The name holds invisible letters or line breaks. Write it again by hand."))
    return name
