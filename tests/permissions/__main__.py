"""`python -m tests.permissions` writes the table of who may what into docs/security.md."""

from pathlib import Path

from tests.permissions.table import ACTORS, PAGES, TABLE

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "security.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


def lines() -> str:
    """The rows that are more than "no such way"."""
    taken = {
        (name, way)
        for name, ways in PAGES.items()
        for way, written in zip(("get", "post"), ways, strict=True)
        if written
    }
    found = [f"| address | {' | '.join(ACTORS)} |", f"| --- |{' --- |' * len(ACTORS)}"]
    for row in TABLE:
        if (row.name, row.method) in taken:
            found.append(f"| {row.method.upper()} `{row.name}` | {' | '.join(row.answers)} |")
    return "\n".join(found)


def written(text: str) -> str:
    """The page with the table as it is now."""
    head, rest = text.split(BEGIN)
    return f"{head}{BEGIN}\n{lines()}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
