from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person came to do."""

    BUSINESS = "business", _("business user")
    OFFICER = "officer", _("embassy officer")
    STAFF = "staff", _("city staff")
    ADMIN = "admin", _("administrator")


class LetterRhythm(models.TextChoices):
    """How notices reach a person by mail. Inside the product they are there at once."""

    AT_ONCE = "at_once", _("each at once")
    DAILY = "daily", _("once a day, together")
    WEEKLY = "weekly", _("once a week, together")
    NEVER = "never", _("never; I read them here")
