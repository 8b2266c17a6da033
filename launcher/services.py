"""The two programs of our own that run beside the databases: the Celery worker and the web server."""

import hashlib
import re
import socket
import time
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException

from launcher import ports, processes
from launcher.console import Console
from launcher.failures import Failure, last_lines
from launcher.places import PYTHON, Places
from launcher.processes import PidFile

READY_PATIENCE_S = 120
# In either form of its log: a sentence at the end of a line, or within a JSON object.
SAYS_IT_IS_READY = re.compile(rb"@\S+ ready\.\s*(?:\n|\")")


class Worker:
    """One Celery worker with the clock (beat) inside: the right thing as long as there is exactly one."""

    name = "The worker"

    def __init__(self, places: Places, environ: Callable[[], Mapping[str, str]], console: Console):
        self.places, self.environ, self.console = places, environ, console
        self.pid_file = PidFile(places.run / "worker.pid")
        self.log = places.logs / "worker.log"

    def start(self) -> None:
        if self.is_running():
            return
        if killed := self.pid_file.read():
            processes.kill_group(killed[0])  # a killed worker's children would go on with its tasks
        node = hashlib.sha256(str(self.places.data).encode()).hexdigest()[:8]
        command = [
            *(PYTHON, "-m", "celery", "--quiet", "-A", "tradematch", "worker", "-n", f"tradematch-{node}@%h"),
            *("--beat", "--schedule", self.places.run / "beat-schedule"),
            *("--concurrency", "2", "--queues", "matching,reports,mail,default", "--loglevel", "info"),
            *("--without-gossip", "--without-mingle"),
        ]
        log = self.places.log("worker")
        written_before = log.stat().st_size if log.exists() else 0
        mark = processes.start_detached(command, env={**self.environ(), "TM_PROCESS": "worker"}, log=log)
        self.pid_file.write(mark, written_before=written_before)

    def wait_until_ready(self, look_after: Callable[[], None]) -> None:
        """Wait until it takes tasks: until then it looks to others as if there were none."""
        if self._says_it_is_ready():
            return
        deadline = time.monotonic() + READY_PATIENCE_S
        with self.console.step("Waiting for the worker"):
            while time.monotonic() < deadline:
                look_after()
                if self._says_it_is_ready():
                    return
                time.sleep(0.1)
        raise Failure(f"The worker is not ready after {READY_PATIENCE_S} s; its log says:{last_lines(self.log)}")

    def _says_it_is_ready(self) -> bool:
        running = self.pid_file.running()
        if running is None:
            return False
        with self.log.open("rb") as log:
            log.seek(running[1].get("written_before", 0))
            return SAYS_IT_IS_READY.search(log.read()) is not None

    def is_running(self) -> bool:
        return self.pid_file.running() is not None

    def stop(self) -> None:
        """End the worker. A task that takes longer is cut off: its run is taken up again at the next start."""
        if remembered := self.pid_file.read():
            processes.stop(remembered[0], patience_s=5)
        self.pid_file.forget()


class Web:
    """gunicorn. It is handed a socket that the launcher holds, so the promised port stays ours when it is restarted."""

    name = "The web server"

    def __init__(self, places: Places, environ: Callable[[], Mapping[str, str]], console: Console):
        self.places, self.environ, self.console = places, environ, console
        self.pid_file = PidFile(places.run / "web.pid")
        self.log = places.logs / "web.log"
        self.listener: socket.socket | None = None

    @property
    def port(self) -> int:
        return self.listener.getsockname()[1] if self.listener else 0

    def listen(self, wished_port: int) -> None:
        """Take the wished port or the next free one, and say so when it is another one."""
        self.listener = ports.listen_near(wished_port)
        if wished_port and self.port != wished_port:
            self.console.say(f"Port {wished_port} is taken by another program; using {self.port} instead.")

    def start(self) -> None:
        if self.is_running():
            return
        if killed := self.pid_file.read():
            processes.kill_group(killed[0])
        descriptor = self.listener.fileno()
        command = [
            *(PYTHON, "-m", "gunicorn", "tradematch.wsgi", "--workers", "2", "--preload", "--no-control-socket"),
            # Threads: a browser's spare connections, on which nothing comes yet, must not hold up the pages.
            *("--worker-class", "gthread", "--threads", "4", "--forwarder-headers", ""),
            *("--bind", f"fd://{descriptor}", "--timeout", "60", "--graceful-timeout", "30"),
            *("--logger-class", "tradematch.gunicorn_log.Logger"),
        ]
        environ = {**self.environ(), "TM_PROCESS": "web"}
        mark = processes.start_detached(command, env=environ, log=self.places.log("web"), keep_fds=[descriptor])
        self.pid_file.write(mark, port=self.port)

    def is_running(self) -> bool:
        return self.pid_file.running() is not None

    def stop(self) -> None:
        if remembered := self.pid_file.read():
            processes.stop(remembered[0], patience_s=5)
        self.pid_file.forget()

    def wait_until_ready(self, look_after: Callable[[], None]) -> None:
        """Look at /readyz until it says yes; an address is printed only when somebody can use it."""
        deadline = time.monotonic() + READY_PATIENCE_S
        answer = "nothing"
        with self.console.step("Waiting for the first page"):
            while time.monotonic() < deadline:
                look_after()
                answer = self._ask("/readyz")
                if answer.startswith("200"):
                    return
                time.sleep(0.1)
        raise Failure(
            f"The web server is not ready after {READY_PATIENCE_S} s: /readyz answered {answer.splitlines()[0]}; "
            f"its log says:{last_lines(self.log)}"
        )

    def _ask(self, path: str) -> str:
        connection = HTTPConnection(ports.HOST, self.port, timeout=5)
        try:
            connection.request("GET", path, headers={"X-Forwarded-Proto": "https"})  # as the proxy of a city would
            answer = connection.getresponse()
            return f"{answer.status} {answer.read(300).decode('utf-8', 'replace')}"
        except (OSError, HTTPException) as error:
            return f"nothing ({error})"
        finally:
            connection.close()
