"""Pages of sample reports as pictures, for whoever wants to look at them.

python -m tests.reports.pages var/pages                     # every sample, in each language and in two pairs
python -m tests.reports.pages var/pages brief --in id ru    # one sample, in two languages side by side
"""

import argparse
import os
import sys
from pathlib import Path

import django

IN = (("id",), ("en",), ("ru",), ("kk",), ("id", "ru"), ("en", "kk"))


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradematch.settings")
    django.setup()
    from reports.writing.pdfs import write
    from tests.reports.printed.pictures import pictures
    from tests.reports.printed.samples import SAMPLES

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("into", type=Path)
    parser.add_argument("samples", nargs="*", help=", ".join(SAMPLES))
    parser.add_argument("--in", dest="languages", nargs="+", default=None)
    asked = parser.parse_args()
    asked.into.mkdir(parents=True, exist_ok=True)
    for name in asked.samples or SAMPLES:
        for languages in [tuple(asked.languages)] if asked.languages else IN:
            pdf = asked.into / f"{name}-{'-'.join(languages)}.pdf"
            write(pdf, SAMPLES[name](), languages)
            made = pictures(pdf.read_bytes(), asked.into, pdf.stem)
            sys.stdout.write(f"{pdf}: {len(made)} pages\n")


if __name__ == "__main__":
    main()
