"""What a page or a person has seen of some fields, so that a later change is noticed."""

import hashlib


def seen_of(thing, names: tuple[str, ...]) -> str:
    """What a page keeps of some fields, to notice that they have changed meanwhile."""
    values = "\n".join(f"{name}={_plain(getattr(thing, name))}" for name in names)
    return hashlib.sha256(values.encode()).hexdigest()[:20]


def _plain(value) -> str:
    if isinstance(value, list):
        return ",".join(str(one) for one in value)
    return str(value.pk if hasattr(value, "pk") else value)
