"""What kind of process this is, and how long it may wait for the database.

`TM_PROCESS` says so: the launcher, the compose file and our entry points set it.
"""

from enum import StrEnum


class Process(StrEnum):
    WEB = "web"
    WORKER = "worker"
    BEAT = "beat"
    COMMAND = "command"  # typed by a person: migrations, imports, a backup


# How long one statement may take. A person waits for a page; a command may rewrite a table.
STATEMENT_S = {Process.WEB: 15, Process.WORKER: 600, Process.BEAT: 15, Process.COMMAND: 0}
LOCK_S = 3  # then somebody else is at it, and whoever waits is told so, or tries again
IDLE_IN_TRANSACTION_S = 30  # a program that stopped in the middle must not hold rows for ever
CONNECT_S = 3
# A server that vanished from the network is given up after these, not after the quarter of an hour of the system.
UNHEARD = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}


def database_options(process: Process, given: str = "") -> dict[str, object]:
    """OPTIONS of the database; `given` are options of the server from the address, which go before ours."""
    limits = {
        # A client that was killed in a long statement holds its locks until the server looks whether anybody listens.
        "client_connection_check_interval": 5,
        "lock_timeout": LOCK_S,
        "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_S,
        "statement_timeout": STATEMENT_S[process],
    }
    ours = " ".join(f"-c {name}={seconds}s" for name, seconds in limits.items())
    return {"options": f"{ours} {given}".strip(), "connect_timeout": CONNECT_S, **UNHEARD}
