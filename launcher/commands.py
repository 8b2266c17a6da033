"""What a person can type after `python3 run.py`."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from launcher import console, stopping
from launcher.failures import Failure, Stopped, failure_from
from launcher.places import default_data_folder

USAGE = """\
Set TradeMatch up and start it. Everything it keeps lies in one folder; Ctrl-C stops it.

  python3 run.py [--port N] [--data DIR] [--empty]      set up, start, match, and print the address
  python3 run.py test [PYTEST ARGUMENTS]                run the tests on servers of their own
  python3 run.py manage [--data DIR] COMMAND ...        run one command, for example: manage match --json
"""


def main(arguments: Sequence[str]) -> int:
    """Do what was typed; the exit code says how it went."""
    stopping.listen()
    to_person = console.on_stdout()
    try:
        return _carry_out(list(arguments), to_person)
    except Stopped as stopped:
        return stopped.exit_code
    except (Failure, OSError) as error:
        if os.environ.get("TM_DEBUG"):
            raise
        told = error if isinstance(error, Failure) else failure_from(error)
    except Exception as error:
        if os.environ.get("TM_DEBUG"):
            raise
        told = Failure(
            f"Something happened that should not ({type(error).__name__}: {error}): "
            "start again with TM_DEBUG=1 in the environment to see where, and report it."
        )
    console.on_stderr().say(f"{told}")
    return 1


def _carry_out(arguments: list[str], to_person: console.Console) -> int:
    # Each command is imported when it is asked for: the others need not be understood for it.
    if arguments[:1] == ["test"]:
        from launcher.testing import run_tests

        return run_tests(arguments[1:])
    before, rest = split_data_option(arguments)
    if rest[:1] == ["manage"]:
        from launcher.managing import run_command

        data, command = split_data_option(rest[1:], otherwise=before)
        if not command:
            raise Failure("Name a command: python3 run.py manage COMMAND; `python3 run.py manage help` lists them.")
        return run_command(data, command)

    from launcher.serving import serve

    wishes = _parser().parse_args(arguments)
    return serve(wishes.data, wished_port=wishes.port, with_sample_book=not wishes.empty, console=to_person)


def split_data_option(arguments: list[str], otherwise: Path | None = None) -> tuple[Path, list[str]]:
    """Take `--data DIR` off the front of a command; what follows belongs to the command."""
    if arguments[:1] == ["--data"] and len(arguments) > 1:
        return Path(arguments[1]), arguments[2:]
    if arguments and arguments[0].startswith("--data="):
        return Path(arguments[0].removeprefix("--data=")), arguments[1:]
    return otherwise or default_data_folder(), arguments


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="run.py", description=USAGE, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--port", type=port_number, default=8000, metavar="N", help="wished port of the pages (8000)")
    parser.add_argument(
        "--data",
        type=Path,
        default=default_data_folder(),
        metavar="DIR",
        help="folder for everything that is kept (var)",
    )
    parser.add_argument("--empty", action="store_true", help="do not load the sample book")
    return parser


def port_number(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port: give a whole number from 1 to 65535")
    return int(text)
