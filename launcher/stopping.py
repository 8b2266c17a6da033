"""How the launcher hears that it should stop, and how it is left in peace while it tidies up."""

import signal
from types import FrameType

from launcher.failures import Stopped

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def listen() -> None:
    """From now on Ctrl-C and a polite kill end the work in order."""
    for number in SIGNALS:
        # `nohup` asks us not to hear the terminal close. An ignored Ctrl-C is only how shells start things in the
        # background; whoever sends one nevertheless means it.
        if number == signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
            continue
        signal.signal(number, _stop)


def no_more_interruptions() -> None:
    """The end has begun: a second Ctrl-C may not leave half of the servers running."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _stop(number: int, frame: FrameType | None) -> None:
    no_more_interruptions()
    raise Stopped(number)
