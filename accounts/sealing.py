"""What a stolen copy of the database must not tell: the keys of second factors, sealed by means of SECRET_KEY."""

import base64
import hashlib
import logging
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

PURPOSE = b"tradematch: the keys of second factors\0"
APP_KEY_BYTES = 20
logger = logging.getLogger(__name__)


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed with this SECRET_KEY or a former one.

    Where that key is lost the text is too. Then the answer is a key that nobody knows, so that no code can hold: an
    administrator takes the factor off, and the person sets up a new one.
    """
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        logger.warning("a second factor was sealed with another SECRET_KEY: its codes do not hold any more")
        return base64.b32encode(secrets.token_bytes(APP_KEY_BYTES)).decode()


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(PURPOSE + key.encode()).digest())) for key in keys]
    )
