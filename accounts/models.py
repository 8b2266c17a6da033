"""Who is asking: a person with an e-mail address and one role."""

from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import LetterRhythm, Role
from accounts.history import kept


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **facts) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **facts)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **facts) -> "User":
        return self.create_user(email, password, role=Role.ADMIN, is_superuser=True, **facts)

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)


@kept(exclude=("password", "last_login", "date_joined", "email", "name"))
class User(AbstractUser):
    """A person who signs in. The role says which pages are theirs; companies are joined through members."""

    username = None
    first_name = None
    last_name = None
    is_staff = None
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.BUSINESS)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="en")

    letters = models.CharField(_("notices by mail"), max_length=8, choices=LetterRhythm, default=LetterRhythm.DAILY)
    erased_at = models.DateTimeField(null=True, blank=True, help_text=_("when the person was forgotten"))

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_is_known"),
            models.CheckConstraint(condition=Q(letters__in=LetterRhythm.values), name="user_letters_are_known"),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(is_active=False), name="erased_user_is_closed"
            ),
            models.CheckConstraint(
                condition=Q(language__in=[code for code, _name in settings.LANGUAGES]), name="user_language_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    get_short_name = get_full_name
