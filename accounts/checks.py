"""What a server must not be started with."""

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def sample_users_are_for_a_trial(app_configs, **kwargs) -> list[Error]:
    """Users whose passwords lie in a file may not be let in without a second factor where others can come."""
    if not (settings.SAMPLE_USERS_WITHOUT_SECOND_FACTOR and settings.HTTPS):
        return []
    return [
        Error(
            "TM_SAMPLE_USERS_WITHOUT_SECOND_FACTOR is on together with TM_HTTPS.",
            hint="Sample users are for a trial on one machine. Leave the first setting off on a server.",
            id="accounts.E001",
        )
    ]
