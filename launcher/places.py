"""Where things lie: the checkout, its environment, and the one folder that keeps everything else."""

import os
from dataclasses import dataclass
from pathlib import Path

from launcher.failures import Failure

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
DOTENV = ROOT / ".env"

LOG_IS_LONG_BYTES = 5_000_000


@dataclass(frozen=True)
class Places:
    """One data folder (`var/` by default): databases, logs, secrets. Two folders are two TradeMatches."""

    data: Path

    @property
    def run(self) -> Path:
        """Pid files, locks and sockets: what describes running processes."""
        return self.data / "run"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def mail(self) -> Path:
        """Letters that are kept instead of sent."""
        return self.data / "mail"

    def log(self, name: str) -> Path:
        """The log of one part; a long one is set aside, so that the folder does not grow for ever."""
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > LOG_IS_LONG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return path

    def make(self) -> None:
        """Create the folder for this user alone: it will hold passwords and other people's trade."""
        try:
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            for folder in (self.run, self.logs, self.mail):
                folder.mkdir(mode=0o700, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise Failure(f"{error.filename} is a file, not a folder: choose another one with --data DIR.") from error
        if not os.access(self.run, os.W_OK | os.X_OK):
            raise PermissionError(13, "Permission denied", str(self.data))


def default_data_folder() -> Path:
    return Path(os.environ.get("TM_DATA_DIR") or ROOT / "var")


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user may read; whoever looks sees the old text or the new, never half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
