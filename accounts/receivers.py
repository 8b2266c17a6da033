"""What follows when somebody signs in, or changes how they sign in."""

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.conf import settings
from django.dispatch import receiver

from accounts.languages import FROM_ACCOUNT, keep_language
from accounts.sessions import end_other_sessions


@receiver(account.user_logged_in)
def read_in_the_language_of_the_account(request, response, user, **kwargs) -> None:
    """The pages go on in the language of the account, unless the person has chosen one on this browser."""
    if not request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
        request.session[FROM_ACCOUNT] = True
        keep_language(response, user.language)


@receiver(mfa.authenticator_added)
@receiver(account.password_changed)
def end_sessions_that_know_less(request, user, **kwargs) -> None:
    """A session that was opened with less than it takes now, maybe by a stranger, is over."""
    if request.user.is_authenticated and request.user.pk == user.pk:
        end_other_sessions(request)


@receiver(account.password_reset)
def end_every_session(user, **kwargs) -> None:
    user.end_all_sessions()


@receiver(account.email_changed)
def be_no_sample_any_more(user, **kwargs) -> None:
    """Somebody who uses a sample account as their own follows the rules of all others."""
    if user.is_sample:
        user.is_sample = False
        user.save(update_fields=["is_sample"])
