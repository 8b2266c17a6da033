"""Who is asking: a person with an e-mail address, one role, and for most roles a second factor."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.enums import LetterRhythm, Role
from accounts.history import kept
from accounts.permissions import may_see_every_company


class UserManager(BaseUserManager):
    @transaction.atomic
    def create_user(self, email: str, password: str | None = None, **facts) -> "User":
        """A person whom the city lets in: the city knows the address, so nobody has to confirm it."""
        user = self.model(email=self.normalize_email(email).lower(), **facts)
        user.set_password(password)
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    def create_superuser(self, email: str, password: str | None = None, **facts) -> "User":
        return self.create_user(email, password, role=Role.ADMIN, is_superuser=True, **facts)

    def get_by_natural_key(self, email: str) -> "User":
        """Small letters are kept. The database, asked without regard to case, takes ı for an i, and so for another."""
        return self.get(email=email.lower())


@kept(exclude=("password", "last_login", "date_joined", "email", "name", "session_round"))
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
    is_sample = models.BooleanField(_("sample user"), default=False, db_default=False, editable=False)
    # Sessions of an earlier round are over, whichever browser or shelf of the database they lie in.
    session_round = models.PositiveIntegerField(default=0, db_default=0, editable=False)

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

    def save(self, *args, **kwargs) -> None:
        """Whoever changes a person says what: the rest may have been decided anew since the row was read.

        Django's command `changepassword` does not say it, and means the password alone.
        """
        if not self._state.adding and kwargs.get("update_fields") is None:
            if self._password is None:
                raise ValueError("Save a person who is there already with update_fields.")
            kwargs["update_fields"] = ["password"]
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    get_short_name = get_full_name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must still agree with: a new password, another role or a new round ends it at once."""
        stands_for = f"{self.password}|{self.role}|{self.session_round}"
        return salted_hmac("accounts.models.User.session", stands_for, secret=secret, algorithm="sha256").hexdigest()

    def end_all_sessions(self) -> None:
        """Whoever is signed in as this person, anywhere, has to sign in again."""
        User.objects.filter(pk=self.pk).update(session_round=F("session_round") + 1)
        self.refresh_from_db(fields=["session_round"])
        for session in self.usersession_set.all():
            session.end()


class SecondFactorQuerySet(models.QuerySet):
    def proving(self):
        """Those that open a session. Recovery codes only stand in for one of them."""
        return self.exclude(type=Authenticator.Type.RECOVERY_CODES)


@kept(exclude=("data", "last_used_at"))
class SecondFactor(Authenticator):
    """What a person has beside a password: an app that shows codes, a passkey; and recovery codes for a lost one."""

    objects = SecondFactorQuerySet.as_manager()

    class Meta:
        proxy = True


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and those that somebody of the house shared with everybody who may open the list."""
        if not user.is_authenticated:
            return self.none()
        own = Q(owner=user)
        return self.filter(own | Q(is_shared=True)) if may_see_every_company(user) else self.filter(own)


class SavedView(models.Model):
    """A list as somebody wants to find it again: which page, and all that its address says."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=80, help_text=_("the name of the page, such as matching:match-list"))
    name = models.CharField(max_length=80)
    query = models.TextField(blank=True, help_text=_("what stands after the question mark of its address"))
    is_shared = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["page", "name", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "page", "name"], name="saved_view_has_one_name")]

    def __str__(self) -> str:
        return self.name
