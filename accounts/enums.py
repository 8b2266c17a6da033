from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person came to do."""

    BUSINESS = "business", _("business user")
    OFFICER = "officer", _("embassy officer")
    STAFF = "staff", _("city staff")
    ADMIN = "admin", _("administrator")
