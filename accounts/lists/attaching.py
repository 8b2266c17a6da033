"""What the rows of a page point to, read once for all of them: most companies and goods come back row after row."""

from collections.abc import Iterable

from django.db.models import Model, QuerySet


def attach(wanted: QuerySet, *links: tuple[Iterable, str]) -> list[Model]:
    """Set the rows that foreign keys point to, however many rows and keys point to one of them. One query.

    Args:
        wanted: where they are looked for, with the columns that are needed of them.
        links: rows, each with the name of the foreign key of theirs that is to be set.

    Returns:
        What was found, each once.
    """
    pointing = [(row, name, key) for rows, name in links for row in rows if (key := getattr(row, f"{name}_id"))]
    found = wanted.in_bulk(sorted({key for _row, _name, key in pointing}))
    for row, name, key in pointing:
        if key in found:
            setattr(row, name, found[key])
    return list(found.values())


def is_attached(row: Model, *names: str) -> bool:
    """Whether what each foreign key points to was found: what is deleted meanwhile is not."""
    return all(getattr(row, f"{name}_id") is None or row._meta.get_field(name).is_cached(row) for name in names)
