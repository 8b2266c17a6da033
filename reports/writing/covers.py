"""The cover of a file: what it is, what it rests on, what its columns mean, and how to ask whether it is genuine."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from accounts import figures
from reports.document import Document, read_in
from reports.frozen import Frozen


@dataclass(frozen=True)
class Part:
    """Lines of a label and what is said, under a heading."""

    heading: str
    lines: tuple[tuple[str, str], ...]


def cover(frozen: Frozen, rows: dict[str, int], language: str) -> tuple[Part, ...]:
    """All of it in one language; every language has the same parts, and in each as many lines.

    Args:
        rows: how many rows each table has.
    """
    with override(language):
        document = frozen.document
        return (
            Part(read_in(document.title, language), _rests_on(frozen, language)),
            *(
                Part(read_in(table.title, language), _of_table(document, table.key, rows[table.key], language))
                for table in document.tables
            ),
            Part(_("Genuine or not"), _marks(frozen)),
        )


def _rests_on(frozen: Frozen, language: str) -> tuple[tuple[str, str], ...]:
    document = frozen.document
    lines = [(_("About"), read_in(document.subtitle, language))] if document.subtitle else []
    lines.append((_("Cut"), figures.moment(frozen.cut_at)))
    lines += [(read_in(line.label, language), read_in(line.value, language)) for line in document.about]
    lines.append((_("Empty cell"), _("not known, or not said")))
    if frozen.recipient:
        lines.append((_("Made for"), frozen.recipient))
    if document.left_out:
        left_out = ngettext(
            "%(number)s field may not cross to the recipient and is not in this file.",
            "%(number)s fields may not cross to the recipient and are not in this file.",
            document.left_out,
        )
        lines.append((_("Left out"), left_out % {"number": figures.decimal(document.left_out)}))
    return tuple(lines)


def _of_table(document: Document, key: str, rows: int, language: str) -> tuple[tuple[str, str], ...]:
    table = document.table(key)
    note = [(_("Note"), read_in(table.note, language))] if table.note else []
    columns = [(read_in(column.title, language), read_in(column.meaning, language)) for column in table.columns]
    return ((_("Rows"), figures.decimal(rows)), *note, *columns)


def _marks(frozen: Frozen) -> tuple[tuple[str, str], ...]:
    if not frozen.number:
        nothing = _("none: this file was written at once, and nobody keeps what it holds")
        return ((_("Number of the report"), nothing), (_("SHA-256 of its data"), frozen.data_sha256))
    return (
        (_("Number of the report"), frozen.number),
        (_("SHA-256 of its data"), frozen.data_sha256),
        (_("Ask here"), frozen.verify_at),
    )
