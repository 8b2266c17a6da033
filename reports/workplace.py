"""Where rows and files lie while they are made: on a disk, for a large report does not fit into a memory."""

from pathlib import Path

from django.conf import settings


def work_dir() -> Path | None:
    """The folder that the operator gave, made when it is not there; None: where the system keeps temporary files."""
    if not settings.REPORTS_WORK_DIR:
        return None
    folder = Path(settings.REPORTS_WORK_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
