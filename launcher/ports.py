"""Which port to use on this machine's own address."""

import errno
import socket

from launcher.failures import Failure

HOST = "127.0.0.1"
TRIES = 50


def free_port() -> int:
    """A port that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def listen_near(wished: int) -> socket.socket:
    """Take the wished port, or the next free one after it. It stays ours from now on: nobody can slip in between."""
    for port in range(wished, min(wished + TRIES, 65536)):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen(128)
        except PermissionError as error:
            listener.close()
            raise Failure(
                f"Port {port} is reserved for the administrator: choose one from 1024 up, for example --port 8000."
            ) from error
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE:
                raise
        else:
            return listener
    raise Failure(f"Ports {wished} to {port} are all taken: choose another one with --port N.")


def answers(host: str, port: int, patience_s: float = 3) -> bool:
    """Whether anything listens there."""
    try:
        socket.create_connection((host, port), timeout=patience_s).close()
    except OSError:
        return False
    return True
