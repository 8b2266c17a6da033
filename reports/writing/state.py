"""What decides how a file looks but its cut: templates, words, fonts and programs, told apart by one digest."""

import platform
import zlib
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

from accounts import figures
from accounts.sheets import harmless

PARTS = (".py", ".typ", ".ttf")
PROGRAMS = ("babel", "django", "typst", "xlsxwriter")


@cache
def written_by() -> str:
    """The SHA-256 of it. Where it is another one, the same cut may give other bytes, and that is no fault."""
    whole = sha256()
    for name in PROGRAMS:
        whole.update(f"{name} {version(name)}\n".encode())
    whole.update(f"python {platform.python_version()}, zlib {zlib.ZLIB_RUNTIME_VERSION}\n".encode())
    for path in _read():
        whole.update(f"{path.name} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def _read() -> list[Path]:
    """Files of ours that writers read: themselves, how figures are told, and the words of every language."""
    writers = sorted(part for part in Path(__file__).parent.rglob("*") if part.suffix in PARTS)
    words = [part for folder in settings.LOCALE_PATHS for part in sorted(Path(folder).rglob("*.mo"))]
    return [*writers, Path(figures.__file__), Path(harmless.__file__), *words]
