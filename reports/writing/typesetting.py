"""Sets one report: data on the way in, a PDF on the way out. Run as a program of its own, never imported.

    python reports/writing/typesetting.py < told.json > report.pdf

Typst keeps what it reckoned for up to ten files, which of large reports are gigabytes; so each is set in a process of
its own, which gives all of it back. It needs nothing of Django, and starts in a tenth of a second.
"""

import sys
from pathlib import Path

TEMPLATE = Path(__file__).parent / "typst"
STANDARD = "ua-1"


def main() -> None:
    import typst

    told = sys.stdin.buffer.read().decode()
    try:
        pdf = typst.compile(
            str(TEMPLATE / "report.typ"),
            root=str(TEMPLATE),
            font_paths=[str(TEMPLATE / "fonts")],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"told": told},
            pdf_standards=STANDARD,
            package_path=str(TEMPLATE),  # no package is there, and none is fetched
            package_cache_path=str(TEMPLATE),
        )
    except typst.TypstError as error:
        sys.exit(f"{error.message}\n{error.diagnostic}")
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
