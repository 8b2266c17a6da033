"""Refuses a database that is blind for Cyrillic: every search for a Kazakh or Russian word would find nothing."""

from django.core.checks import Error, Tags, register
from django.db import connections

REMEDY = (
    "Create it anew from template0, for example: CREATE DATABASE tradematch TEMPLATE template0 ENCODING 'UTF8' "
    "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8' (PostgreSQL 17 or newer; "
    "before that: LOCALE 'C.UTF-8'), then restore the data into it."
)
WORD = "мұнай"  # Kazakh: petroleum


class UnfitDatabaseError(Exception):
    """The database cannot hold or search the languages of this product."""


def database_faults(alias: str = "default") -> list[Error]:
    """What makes a database unfit, in words, with the remedy; empty where it is fit."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_database(), current_setting('server_encoding')")
        name, encoding = cursor.fetchone()
        if encoding != "UTF8":
            said = f"The database '{name}' stores text as {encoding}, which cannot hold Kazakh and Russian words."
            return [Error(said, hint=REMEDY, id="commodities.E001")]
        cursor.execute("SELECT upper(%s) = %s, to_regproc('show_trgm') IS NOT NULL", [WORD, WORD.upper()])
        knows_letters, has_trigrams = cursor.fetchone()
        # Before the first migration there are no trigrams yet; upper() fails for the same reason as they would.
        if has_trigrams:
            cursor.execute("SELECT show_trgm(%s) <> '{}'", [WORD])
            (knows_letters,) = cursor.fetchone()
        if not knows_letters:
            said = f"The database '{name}' takes Cyrillic letters for punctuation: a search for '{WORD}' finds nothing."
            return [Error(said, hint=REMEDY, id="commodities.E002")]
    return []


@register(Tags.database)
def check_databases(app_configs=None, databases=None, **kwargs) -> list[Error]:
    """Run by `migrate` and by `check --database default`."""
    return [fault for alias in databases or [] for fault in database_faults(alias)]


def refuse_unfit_database() -> None:
    """For what starts without Django's checks: raise what they would say."""
    if faults := database_faults():
        raise UnfitDatabaseError(" ".join(f"{fault.msg} {fault.hint}" for fault in faults))
