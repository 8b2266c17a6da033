#!/usr/bin/env python3
"""Sets TradeMatch up and starts it: `python3 run.py`. Needs nothing but Python 3.11 or newer; `--help` tells the rest.

The work is done by the package `launcher`. An old Python must understand this file, so that it can say it is too old.
"""

import sys

if __name__ == "__main__":
    if sys.version_info < (3, 11):
        sys.exit(
            "TradeMatch needs Python 3.11 or newer, and this is Python %d.%d. "
            "Start it with a newer one, for example: python3.11 run.py" % sys.version_info[:2]
        )
    from launcher.commands import main

    sys.exit(main(sys.argv[1:]))
