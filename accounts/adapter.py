"""How allauth behaves here, in our words and four languages."""

import logging
from smtplib import SMTPException
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import SecondFactor, User
from accounts.permissions import needs_second_factor
from accounts.sealing import seal, unseal

logger = logging.getLogger(__name__)
WRONG_CODE = _("This code does not hold. Take the one that the app shows now, or another recovery code.")


def at_home(link: str) -> str:
    """A page of ours, under the address of the installation."""
    return settings.BASE_URL.rstrip("/") + urlsplit(link)._replace(scheme="", netloc="").geturl()


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This is the address that you have now."),
        "email_password_mismatch": _("The e-mail address and the password do not belong together."),
        "email_taken": _("This address belongs to another account."),
        "enter_current_password": _("This is not your password until now."),
        "incorrect_password": _("This is not your password."),
        "invalid_password_reset": _("The link no longer works."),
        "rate_limited": _("Too many requests. Wait a few minutes, then try again."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then try again."),
        "unknown_email": _("No account has this e-mail address."),
    }

    # Who an account is for.

    def new_user(self, request) -> User:
        """Whoever signs up trades for a business, and goes on in the language of the page."""
        language = get_language()
        return User(language=language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)

    def save_user(self, request, user: User, form, commit: bool = True) -> User:
        user.name = form.cleaned_data["name"]
        return super().save_user(request, user, form, commit)

    def confirm_email(self, request, email_address) -> bool:
        """An address that became somebody else's in the meantime stays theirs."""
        if User.objects.filter(email=email_address.email).exclude(pk=email_address.user_id).exists():
            failed = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, failed, {"email": email_address.email})
            return False
        return super().confirm_email(request, email_address)

    def clean_email(self, email: str) -> str:
        """Nobody signs up with, or changes to, an address that looks like somebody else's."""
        if not email.isascii():
            raise ValidationError(_("Write the address in plain Latin letters."))
        return super().clean_email(email)

    def set_password(self, user: User, password: str) -> None:
        """Nothing but the password is saved."""
        user.set_password(password)
        user.save(update_fields=["password"])

    # Where people go on to.

    def is_safe_url(self, url: str) -> bool:
        """A page of ours, under the name by which we were asked; what is no address at all is not safe either."""
        request = context.request
        try:
            return url_has_allowed_host_and_scheme(
                url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
            )
        except ValueError:
            return False

    # How often one may try. Never for good: whoever waits may try again.

    def _get_login_attempts_cache_key(self, request, **credentials) -> str:
        """By account and network address: a stranger elsewhere cannot keep the owner out with a few wrong passwords.

        The host that was asked, which allauth would add, is the visitor's to choose.
        """
        return f"{credentials.get('email', '').lower()}|{self.get_client_ip(request)}"

    def pre_authenticate(self, request, **credentials) -> None:
        """Beside that, by account alone, so that many addresses together cannot guess for long either."""
        super().pre_authenticate(request, **credentials)
        for_account = ratelimit.consume(
            request,
            app="allauth.account",
            action="login_failed_account",
            key=credentials.get("email", "").lower(),
        )
        if not for_account:
            raise self.validation_error("too_many_login_attempts")
        self._login_failed_rl_usage.usage.extend(for_account.usage)

    def _delete_login_attempts_cached_email(self, request, **credentials) -> None:
        super()._delete_login_attempts_cached_email(request, **credentials)
        account = credentials.get("email", "").lower()
        ratelimit.clear(request, app="allauth.account", action="login_failed_account", key=account)

    # Letters.

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """In the language of the account that has the address; of the page where none has it.

        A mail server that is away costs nobody what was typed: the page says that no letter went out. Links lead to
        our own address, not to the one that was asked: whoever asks may not be the one who gets the letter.
        """
        context = {name: at_home(fact) if name.endswith("_url") else fact for name, fact in context.items()}
        owner = User.objects.filter(email=email.lower()).first()
        with translation.override(owner.language if owner else get_language()):
            try:
                super().send_mail(template_prefix, email, context)
            except (OSError, SMTPException):
                logger.exception("a letter could not be sent: %s", template_prefix)
                self._say_that_no_letter_went_out()

    def _say_that_no_letter_went_out(self) -> None:
        text = gettext("The letter could not be sent: the mail server does not answer. Try again in a few minutes.")
        self.add_message(context.request, messages.ERROR, message=text)

    def format_email_subject(self, subject: str) -> str:
        """Our subjects name the product themselves."""
        return str(subject)

    def get_reauthentication_methods(self, user) -> list[dict]:
        """Ways to show once more who one is, in our words."""
        words = {
            "reauthenticate": _("Use the password"),
            "mfa_reauthenticate": _("Use a code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        return [method | {"description": words[method["id"]]} for method in super().get_reauthentication_methods(user)]


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("Your role needs a second factor. Set up another one first."),
        "cannot_generate_recovery_codes": _("Set up an app or a passkey first."),
        "incorrect_code": WRONG_CODE,
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        return "TradeMatch"

    def _get_site_name(self) -> str:
        return "TradeMatch"

    def generate_authenticator_name(self, user: User, type: str) -> str:
        count = SecondFactor.objects.filter(user=user, type=type).count()
        return gettext("Passkey %(number)s") % {"number": count + 1}

    def can_delete_authenticator(self, authenticator) -> bool:
        """The last way to prove who one is stays, where the role asks for one."""
        user = authenticator.user
        others = SecondFactor.objects.filter(user=user).proving().exclude(pk=authenticator.pk)
        return others.exists() or not needs_second_factor(user)
