"""Secrets that anybody could guess are refused at start, in a sentence that says how to make better ones."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

LEAST_LENGTH, LEAST_DIFFERENT = 50, 10
# Keys out of manuals and examples, and what people write until they think of something better.
KNOWN = (
    *("django-insecure", "insecure", "changeme", "change-me", "change_me", "change this", "changethis", "replace-me"),
    *("your-secret-key", "your_secret_key", "yoursecretkey", "my-secret", "not-so-secret", "notsosecret", "topsecret"),
    *("supersecret", "secret-key-here", "only-for-this-step", "example-key", "placeholder"),
)
KNOWN_PASSWORDS = {
    *("", "postgres", "postgresql", "password", "passwort", "tradematch", "redis", "valkey", "admin", "root", "secret"),
    *("changeme", "change-me", "test", "tm", "12345678", "123456789", "qwerty", "letmein", "example"),
}
REMEDY = 'make one with: python3 -c "import secrets; print(secrets.token_hex(32))"'


def refuse_weak_key(key: str) -> None:
    """Whoever knows this key can sign in as anybody."""
    if fault := fault_of_key(key):
        raise ImproperlyConfigured(f"SECRET_KEY {fault}: {REMEDY}")


def fault_of_key(key: str) -> str:
    """What is wrong with it; empty when nothing is."""
    if len(key) < LEAST_LENGTH:
        return f"is shorter than {LEAST_LENGTH} characters"
    if len(set(key)) < LEAST_DIFFERENT:
        return f"has fewer than {LEAST_DIFFERENT} different characters"
    if any(known in key.lower() for known in KNOWN):
        return "is one that everybody knows"
    if any(key == (key[:period] * len(key))[: len(key)] for period in range(1, len(key) // 3 + 1)):
        return "only repeats itself"
    return ""


def refuse_known_password(name: str, url: str) -> None:
    """The password in the address of a server that a city runs."""
    password = urlsplit(url).password
    if password is not None and password.lower() in KNOWN_PASSWORDS:
        raise ImproperlyConfigured(f"The password in {name} is one that everybody tries first: {REMEDY}")
