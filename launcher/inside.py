"""Carries out several management commands in one Python, saying which one is on: each start of Django costs a second.

The one part of the launcher that runs inside the environment: `python -m launcher.inside "migrate --noinput" ...`.
"""

import shlex
import sys
import traceback

ANNOUNCEMENT = "@@launcher carries out: "
REASON = "@@launcher stops because: "
SAY_ENOUGH = ("CommandError", "ImproperlyConfigured")  # errors that are sentences


def main(commands: list[str]) -> None:
    try:
        import django
        from django.core.management import call_command

        django.setup()
        for command in commands:
            say(ANNOUNCEMENT + command)
            name, *arguments = shlex.split(command)
            call_command(name, *arguments)
    except Exception as error:
        # Everything for the log; for the person what a command says of itself, or the kind of an unforeseen error.
        say(traceback.format_exc())
        told = f"{error}" if type(error).__name__ in SAY_ENOUGH else f"{type(error).__name__}: {error}"
        say("\n".join(REASON + line for line in told.splitlines()))
        sys.exit(1)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
