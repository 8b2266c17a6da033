"""Strings of the packages we build on that people see and the packages do not say in every language.

Django says half of its own strings in Kazakh, allauth and django-filter none. What they lack is kept in
`locale/borrowed/` and stands before theirs. Which strings those are is read from the installed packages: a newer
version that says something new has a string without a translation here, and `check_catalogues` is red.
"""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from django.apps import apps
from django.conf import settings

from tradematch.catalogues import (
    bring_in_line,
    compile_catalogue,
    faults_of,
    read_catalogue,
    strings_in,
    strings_in_code,
)

# The modules of each package that speak to people: forms, validators, messages, sign-in.
SPEAKING = {
    "django": (
        "forms",
        "core/validators.py",
        "db/models/base.py",
        "db/models/constraints.py",
        "db/models/fields",
        "contrib/auth/forms.py",
        "contrib/auth/password_validation.py",
        "contrib/auth/validators.py",
        "contrib/postgres/forms",
        "contrib/postgres/fields",
        "contrib/postgres/validators.py",
        "utils/dates.py",
        "utils/ipv6.py",
        "utils/text.py",
        "utils/timesince.py",
    ),
    "allauth": ("account", "core", "mfa", "usersessions"),
    "django_filters": (".",),
}
# Letters and messages of allauth that we do not write ourselves. Its pages are all ours.
LETTERS = ("account", "mfa", "usersessions")
SILENT = {
    "admin.py",
    "apps.py",
    "checks.py",
    "conf.py",
    "tests",
    "migrations",
    "management",
    "rest_framework",
}


def borrowed_path(language: str) -> Path:
    return settings.BASE_DIR / "locale" / "borrowed" / language / "LC_MESSAGES" / "django.po"


def strings_borrowed() -> Catalog:
    """Every string of a package that a person may be told, and that is not a string of ours as well."""
    found = strings_in(_sources())
    for message in strings_in_code():
        if message.id and found.get(message.id, context=message.context):
            found.delete(message.id, context=message.context)
    return found


def strings_lacking(language: str) -> Catalog:
    """Those of them that no package says in a language."""
    lacking = strings_borrowed()
    for path in _package_catalogues(language):
        with path.open("rb") as file:
            for said in read_mo(file):
                context = said.context.decode() if isinstance(said.context, bytes) else said.context
                if said.id and lacking.get(said.id, context=context):
                    lacking.delete(said.id, context=context)
    return lacking


def update_borrowed(language: str) -> tuple[int, int]:
    """Bring what a language borrows in line with the packages that are installed; translations are kept."""
    return bring_in_line(language, borrowed_path(language), strings_lacking(language))


def borrowed_faults(language: str) -> list[str]:
    return [f"borrowed {fault}" for fault in faults_of(language, borrowed_path(language), strings_lacking(language))]


def compile_borrowed(language: str) -> Path:
    return compile_catalogue(language, borrowed_path(language))


def read_borrowed(language: str) -> Catalog:
    return read_catalogue(language, borrowed_path(language))


def _sources() -> Iterator[tuple[str, Path]]:
    for package, parts in SPEAKING.items():
        root = Path(importlib.util.find_spec(package).origin).parent
        for part in parts:
            for path in sorted([root / part] if part.endswith(".py") else (root / part).rglob("*.py")):
                if not SILENT & set(path.relative_to(root).parts):
                    yield f"{package}/{path.relative_to(root).as_posix()}", path
    templates = Path(importlib.util.find_spec("allauth").origin).parent / "templates"
    for part in LETTERS:
        for path in sorted((templates / part).rglob("*.txt")):
            name = path.relative_to(templates)
            if not (settings.BASE_DIR / "templates" / name).exists():
                yield f"allauth/templates/{name.as_posix()}", path


def _package_catalogues(language: str) -> Iterator[Path]:
    """The compiled catalogues that Django reads beside ours: its own, and those of installed apps."""
    folders = [Path(importlib.util.find_spec("django").origin).parent / "conf"]
    folders += [Path(app.path) for app in apps.get_app_configs()]
    for folder in folders:
        path = folder / "locale" / language / "LC_MESSAGES" / "django.mo"
        if path.exists() and not path.is_relative_to(settings.BASE_DIR / "locale"):
            yield path
