"""How allauth behaves here, in our words and four languages."""

from allauth.account.adapter import DefaultAccountAdapter
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("The e-mail address and the password do not belong together."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then try again."),
        "unknown_email": _("No account has this e-mail address."),
        "invalid_password_reset": _("The link no longer works."),
        "rate_limited": _("Too many requests. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request) -> bool:
        """Companies register in a later step of the product; until then accounts are given by the city."""
        return False

    def _get_login_attempts_cache_key(self, request, **credentials) -> str:
        """Attempts are counted by account alone; the host, which allauth would add, is the visitor's to choose."""
        return credentials.get("email", "").lower()

    def format_email_subject(self, subject: str) -> str:
        """Our subjects name the product themselves."""
        return str(subject)
