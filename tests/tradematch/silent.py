"""A server that takes connections and never says a word, like one that was stopped in the middle of its work."""

import contextlib
import socket
from collections.abc import Iterator


@contextlib.contextmanager
def silent_server() -> Iterator[tuple[socket.socket, str]]:
    with socket.create_server(("127.0.0.1", 0), backlog=100) as server:
        yield server, f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def askers(server: socket.socket) -> int:
    """How many connections were opened to it until now."""
    server.setblocking(False)
    count = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            count += 1
    return count
