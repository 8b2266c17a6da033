"""Reads `.env` as far as the launcher needs it; the settings read the same file through django-environ."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*")


def parse(text: str) -> dict[str, str]:
    """Names and values; blank lines and comments are passed over, quotes taken off.

    >>> parse("# servers\\nexport REDIS_URL='redis://cache/0' # shared\\nDEBUG=")
    {'REDIS_URL': 'redis://cache/0', 'DEBUG': ''}
    """
    values = {}
    for line in text.splitlines():
        found = LINE.fullmatch(line)
        if found:
            values[found[1]] = _bare(found[2])
    return values


def _bare(value: str) -> str:
    if value[:1] in ("'", '"'):
        end = value.find(value[0], 1)
        if end > 0:
            return value[1:end]
    # A number sign ends a bare value only after a blank: passwords and addresses may hold one.
    return re.split(r"(?:^|\s+)#", value, maxsplit=1)[0]


def given_values(file: Path, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What was set outside the launcher: the file, overruled by the environment. An empty value counts as not set."""
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    return {name: value for name, value in {**parse(text), **environ}.items() if value}
