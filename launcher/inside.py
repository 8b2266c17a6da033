"""Carries out several management commands in one Python, saying which one is on: each start of Django costs a second.

The one part of the launcher that runs inside the environment: `python -m launcher.inside "migrate --noinput" ...`.
"""

import shlex
import sys

ANNOUNCEMENT = "@@launcher: "


def main(commands: list[str]) -> None:
    import django
    from django.core.management import CommandError, call_command

    django.setup()
    for command in commands:
        sys.stdout.write(f"{ANNOUNCEMENT}{command}\n")
        sys.stdout.flush()
        name, *arguments = shlex.split(command)
        try:
            call_command(name, *arguments)
        except CommandError as refusal:
            sys.exit(f"{refusal}")


if __name__ == "__main__":
    main(sys.argv[1:])
