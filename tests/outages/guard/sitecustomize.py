"""Read by every Python that the drills start: no way out of this machine, and a line for whoever tries one.

Refused are connections, datagrams and questions for names; loopback and sockets in folders stay open.
"""

import ipaddress
import os
import socket
import sys
from pathlib import Path

LOG = os.environ.get("TM_GUARD_LOG", "")
LOCAL_NAMES = {None, "", b"", "localhost", b"localhost"}


def is_local(host: object) -> bool:
    if host in LOCAL_NAMES:
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def refuse(what: str, host: object) -> None:
    with Path(LOG).open("a", encoding="utf-8") as log:
        log.write(f"{what} {host} by {' '.join(sys.argv)}\n")
    raise PermissionError(1, f"the guard refuses {what} {host}")


class GuardedSocket(socket.socket):
    def _guard(self, what: str, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_local(address[0]):
            refuse(what, address[0])

    def connect(self, address):
        self._guard("connect", address)
        return super().connect(address)

    def connect_ex(self, address):
        self._guard("connect", address)
        return super().connect_ex(address)

    def sendto(self, data, *arguments):
        self._guard("sendto", arguments[-1])
        return super().sendto(data, *arguments)


def guarded(what: str, function):
    def asked(host, *arguments, **named):
        if not is_local(host):
            refuse(what, host)
        return function(host, *arguments, **named)

    return asked


if LOG:
    socket.socket = GuardedSocket
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr"):
        setattr(socket, name, guarded(name, getattr(socket, name)))
