"""What lies beside the database: the secret key, what the set-up has done, how sample users sign in, uploads."""

import json
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from launcher.places import write_private

SECRETS, SET_UP, SIGN_INS = "secrets.json", "set-up.json", "sample_sign_ins.json"
# Parts of the set-up that are true of the database wherever it is. The others are of the folder and its sources.
OF_THE_DATABASE = ("sample users", "first run")


def read(name: str):
    """A file of the data folder; None where there is none, or none that can be read."""
    try:
        return json.loads((settings.DATA_DIR / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def write(name: str, facts: object) -> None:
    write_private(settings.DATA_DIR / name, json.dumps(facts, indent=2))


def secrets() -> dict[str, object]:
    """What the product cannot do without and nobody else may know."""
    kept: dict[str, object] = {"SECRET_KEY": settings.SECRET_KEY}
    if sign_ins := read(SIGN_INS):
        kept["sample_sign_ins"] = sign_ins
    return kept


def set_up_of_the_database() -> dict[str, str]:
    done = read(SET_UP) or {}
    return {name: done[name] for name in OF_THE_DATABASE if name in done}


def keeps_its_own_key() -> bool:
    """Whether the secret key in use is the one that `run.py` made up and keeps in this folder."""
    kept = read(SECRETS)
    return isinstance(kept, dict) and kept.get("secret_key") == settings.SECRET_KEY


def take_over(secrets: dict[str, object] | None, set_up: dict[str, str]) -> bool:
    """Let a folder of `run.py` go on where the one of the backup stood; whether the secret key is the same now."""
    is_ours = keeps_its_own_key()
    if is_ours:
        # Sample users belong to a first look; a database without them gets none because it was restored.
        done = {"sample users": "without companies"} | set_up
        write(SET_UP, (read(SET_UP) or {}) | done)
    if not secrets:
        return False
    if is_ours:
        if sign_ins := secrets.get("sample_sign_ins"):
            write(SIGN_INS, sign_ins)
        write(SECRETS, (read(SECRETS) or {}) | {"secret_key": secrets["SECRET_KEY"]})
        return True
    return secrets["SECRET_KEY"] == settings.SECRET_KEY


def uploads() -> Iterator[tuple[str, Path]]:
    """Every uploaded file with its name below the folder, in a fixed order. Links are not followed."""
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(root).as_posix(), path
