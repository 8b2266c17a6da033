"""A file on its way from the answer to the confirmation: it goes along with the page, sealed, and is stored nowhere."""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from django.core.signing import BadSignature, TimestampSigner

SALT = "corridor.quotes"
HOLDS_S = 24 * 60 * 60


@dataclass(frozen=True)
class Sealed:
    """What was sent, and what was answered to it."""

    name: str
    data: bytes
    digest: str


def seal(sealed: Sealed, user_pk: int) -> str:
    """Text that only this installation can have made, for this person."""
    head = f"{user_pk}\n{sealed.digest}\n{sealed.name}".encode()
    packed = zlib.compress(len(head).to_bytes(4, "big") + head + sealed.data)
    return TimestampSigner(salt=SALT).sign(urlsafe_b64encode(packed).decode())


def unseal(text: str, user_pk: int) -> Sealed | None:
    """What was sealed for the person today; None for anything else."""
    try:
        packed = zlib.decompress(urlsafe_b64decode(TimestampSigner(salt=SALT).unsign(text, max_age=HOLDS_S)))
    except (BadSignature, ValueError, zlib.error):
        return None
    end = 4 + int.from_bytes(packed[:4], "big")
    owner, digest, name = packed[4:end].decode().split("\n", 2)
    return Sealed(name, packed[end:], digest) if owner == str(user_pk) else None
