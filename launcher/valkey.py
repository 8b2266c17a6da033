"""The embedded Valkey: broker and shared cache, kept on disk, behind a password."""

import os
import socket
import time
from pathlib import Path

from launcher import ports, processes
from launcher.binaries import find_valkey
from launcher.console import Console
from launcher.failures import DISK_FULL, Failure, last_lines, says_disk_is_full
from launcher.places import Places, write_private
from launcher.processes import PidFile

# The broker may not throw anything away: a lost message is a lost piece of a run.
CONFIGURATION = """\
bind {host}
port {port}
requirepass {password}
dir "{folder}"
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
daemonize no
"""
START_PATIENCE_S = 60  # reading a long append-only file takes its time
PORT_TRIES = 5


class Valkey:
    """One server in the data folder."""

    name = "Valkey"

    def __init__(self, places: Places, password: str, console: Console):
        self.places, self.password, self.console = places, password, console
        self.pid_file = PidFile(places.run / "valkey.pid")
        self.port = 0

    @property
    def folder(self) -> Path:
        return self.places.data / "valkey"

    @property
    def log(self) -> Path:
        return self.places.logs / "valkey.log"

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{ports.HOST}:{self.port}/0"

    def start(self) -> None:
        """Start the server, or adopt the one that runs here already."""
        if running := self.pid_file.running():
            self.port = int(running[1]["port"])
            if self._wait_until_it_answers(running[0]):
                return
            self.stop()
        self.folder.mkdir(mode=0o700, exist_ok=True)
        with self.console.step("Starting Valkey"):
            for _ in range(PORT_TRIES):
                if self._start_once():
                    return
                self.port = 0
        raise Failure(f"Valkey does not come up; its log says:{last_lines(self.log)}")

    def is_running(self) -> bool:
        return self.pid_file.running() is not None

    def stop(self) -> None:
        if running := self.pid_file.running():
            processes.stop(running[0], patience_s=20)
        self.pid_file.forget()

    def _start_once(self) -> bool:
        self.port = self.port or ports.free_port()
        log = self.places.log("valkey")
        before = log.stat().st_size if log.exists() else 0
        # The password goes through a file that only this user may read: everybody can see a command line.
        configuration = self.places.run / "valkey.conf"
        write_private(
            configuration,
            CONFIGURATION.format(host=ports.HOST, port=self.port, password=self.password, folder=self.folder),
        )
        environ = {**os.environ, "LC_ALL": "C"}  # it refuses to start under a locale that the system lacks
        mark = processes.start_detached([find_valkey(), configuration], env=environ, log=log)
        self.pid_file.write(mark, port=self.port)
        if self._wait_until_it_answers(mark):
            return True
        self.stop()
        reason = log.read_bytes()[before:].decode("utf-8", "replace")
        if says_disk_is_full(reason):
            raise Failure(DISK_FULL.format(place=self.folder))
        if "Address already in use" not in reason:
            raise Failure(f"Valkey does not come up; its log says:{last_lines(log)}")
        return False

    def _wait_until_it_answers(self, mark: processes.Mark) -> bool:
        deadline = time.monotonic() + START_PATIENCE_S
        while processes.is_alive(mark) and time.monotonic() < deadline:
            if self.answers_as(mark):
                return True
            time.sleep(0.03)
        return False

    def answers_as(self, mark: processes.Mark) -> bool:
        """Whether this very process answers on our port: it knows the password and is done with loading."""
        try:
            with socket.create_connection((ports.HOST, self.port), timeout=2) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\nINFO server\r\nQUIT\r\n".encode())
                answer = b"".join(iter(lambda: connection.recv(4096), b""))
        except OSError:
            return False
        return answer.startswith(b"+OK\r\n+PONG\r\n") and f"process_id:{mark.pid}\r\n".encode() in answer
