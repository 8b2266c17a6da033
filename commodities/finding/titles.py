"""What a title of the nomenclature says the goods are, without what it says they are not."""

import re

NOT_MEANT = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # English
        r"\((?:other than|not|excluding|except|excl)\b[^()]*\)",
        r"\bexcluding [^;)]*",
        r"\b(?:other than|except|whether or not|not) [^;,)]*",
        r"\bn\.?e\.?c\.?\b[^;,)]*",
        r"\bof (?:heading|chapter|item|subheading)s?\b[^;,)]*",
        # Indonesian
        r"\((?:selain|tidak|kecuali)\b[^()]*\)",
        r"\b(?:selain|kecuali|tidak termasuk) [^;)]*",
        r"\b[^;,]* maupun tidak\b",
        r"\bdari pos\b[^;,)]*",
        # Russian
        r"\((?:кроме|за исключением|не)\b[^()]*\)",
        r"\b(?:кроме|за исключением) [^;)]*",
        r"\bне (?:включ|упомян|поименован)[^;)]*",
        r"\bтоварн\w+ позици\w+ [^;,)]*",
        r"\b\w+ или не\w+",
    )
]


def what_is_meant(title: str) -> str:
    for pattern in NOT_MEANT:
        title = pattern.sub(" ", title)
    return title
