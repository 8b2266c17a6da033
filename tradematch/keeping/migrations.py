"""Migrations that would stop those who work: read before they are carried out, by django-migration-linter.

While a new version is set up the old one still serves. A migration that takes a column away, renames it or asks for a
value that the old version does not give makes the old version's pages fail. docs/keeping.md tells the way around.
"""

import importlib.util
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from tradematch.keeping.failures import KeepingError

# Each line: app.name, then why it may stay as it is.
EXCUSED = Path(__file__).with_name("excused_migrations.txt")


# A matter of taste, not of the day of the change.
TASTE = ("RUNPYTHON_MODEL_VARIABLE_NAME",)


@dataclass(frozen=True, order=True)
class Finding:
    """What is wrong with a migration."""

    migration: str
    words: str


def excused(path: Path = EXCUSED) -> dict[str, str]:
    """Migrations that need not pass, each with the reason."""
    reasons = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, reason = line.partition(" ")
            if not reason.strip():
                raise KeepingError(f"{path.name}: say after {name} why it may stay as it is.")
            reasons[name] = reason.strip()
    return reasons


def findings(excuses: Iterable[str], app_labels: Iterable[str] | None = None) -> list[Finding]:
    """What the reader of migrations refuses, and excuses of migrations that are not there."""
    if not importlib.util.find_spec("django_migration_linter"):
        raise KeepingError(
            "The reader of migrations is not installed: it comes with the packages for tests, python3 run.py test."
        )
    from django_migration_linter.migration_linter import MigrationLinter

    linter = MigrationLinter(no_output=True, no_cache=True)
    ours = set(own_apps() if app_labels is None else app_labels)
    names = {f"{app}.{name}" for app, name in linter.migration_loader.disk_migrations if app in ours}
    found = [
        Finding(name_of(migration), words)
        for migration, statements in statements_of(names - set(excuses))
        for words in faults_of(linter, migration, statements)
    ]
    found += [Finding(name, "is excused, but there is no such migration") for name in excuses if name not in names]
    return sorted(found)


def statements_of(wanted: set[str]) -> Iterator[tuple[Migration, list[str]]]:
    """What these migrations would say to the database, from one walk over all of them. Nothing is carried out."""
    loader = MigrationLoader(connection, replace_migrations=False)
    state = ProjectState(real_apps=loader.unmigrated_apps)
    for migration in whole_plan(loader):
        if name_of(migration) in wanted and not is_first(migration):
            with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
                state = migration.apply(state, editor, collect_sql=True)
            # Models that were rendered would be rendered anew with every operation that follows.
            state.__dict__.pop("apps", None)
            # One statement may have several lines, and the reader takes each line for one.
            yield migration, "\n".join(editor.collected_sql).splitlines()
        else:
            state = migration.mutate_state(state, preserve=False)


def whole_plan(loader: MigrationLoader) -> list[Migration]:
    plan = {key: None for target in loader.graph.leaf_nodes() for key in loader.graph.forwards_plan(target)}
    return [loader.graph.nodes[key] for key in plan]


def is_first(migration: Migration) -> bool:
    """Nobody works with tables that are not there yet."""
    return all(app != migration.app_label for app, _ in migration.dependencies)


def name_of(migration: Migration) -> str:
    return f"{migration.app_label}.{migration.name}"


def faults_of(linter, migration: Migration, statements: list[str]) -> list[str]:
    """Errors and warnings alike: what may go wrong will, on the day of the change."""
    from django_migration_linter.sql_analyser import analyse_sql_statements

    errors, _, warnings = analyse_sql_statements(linter.sql_analyser_class, statements, ())
    data_errors, _, data_warnings = linter.analyse_data_migration(migration)
    issues = [*errors, *warnings, *data_errors, *data_warnings]
    return [issue.message + where(issue) for issue in issues if issue.code not in TASTE]


def where(issue) -> str:
    return f" (table {issue.table}, column {issue.column})" if issue.table else ""


def own_apps() -> list[str]:
    """The apps of this checkout, not those of packages."""
    return [config.label for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR]
