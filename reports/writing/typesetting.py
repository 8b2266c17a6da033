"""Sets one report: data on the way in, a PDF on the way out. Run as a program of its own, never imported.

    python reports/writing/typesetting.py BYTES SECONDS < told.json > report.pdf

Typst keeps what it reckoned for up to ten files, which of large reports are gigabytes; so each is set in a process of
its own, which gives all of it back. It needs nothing of Django, and starts in a tenth of a second. It takes no more
than so many bytes of memory and seconds of the processor, and leaves no file behind.
"""

import resource
import sys
from pathlib import Path

TEMPLATE = Path(__file__).parent / "typst"
STANDARD = "ua-1"


def main() -> None:
    bound(most_bytes=int(sys.argv[1]), most_cpu_s=int(sys.argv[2]))

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


def bound(*, most_bytes: int, most_cpu_s: int) -> None:
    """From here on the kernel ends this process where it takes more; and it can write to what it was handed alone."""
    for of, most in (
        (resource.RLIMIT_AS, most_bytes),
        (resource.RLIMIT_CPU, most_cpu_s),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _now, hardest = resource.getrlimit(of)
        resource.setrlimit(of, (most if hardest == resource.RLIM_INFINITY else min(most, hardest), hardest))


if __name__ == "__main__":
    main()
