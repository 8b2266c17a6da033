"""Contact persons: personal data, apart from the company, seen for a stated purpose and where they agreed to it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.history import kept
from companies.enums import ContactPurpose
from companies.models.company import Company
from corridor.enums import Country

# Where those sit who read contact persons by role: the city in Indonesia, the embassy in Kazakhstan.
READS_IN = {Role.STAFF: Country.INDONESIA, Role.ADMIN: Country.INDONESIA, Role.OFFICER: Country.KAZAKHSTAN}


class ContactPersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A company sees its own; staff and officers those who consented to be seen in the country where they sit.

        Staff and officers state a purpose first, which is kept: `services.look_at_contacts`.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.role in READS_IN:
            return self.filter(
                company__is_hidden=False,
                consents__withdrawn_at__isnull=True,
                consents__countries__contains=[READS_IN[user.role]],
            ).distinct()
        return self.filter(company__memberships__user=user)

    def crossing_to(self, country: str):
        """Those who agreed to be seen in a country, by the consent in force: what is told of them may go there."""
        there = Consent.objects.filter(withdrawn_at__isnull=True, countries__contains=[country])
        return self.filter(pk__in=there.values("contact"))


class ContactPerson(models.Model):
    """Somebody of a company whom one may call. Personal data: no history of it is kept, so that it can be forgotten."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=150)
    position = models.CharField(_("position"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    languages = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = ContactPersonQuerySet.as_manager()

    class Meta:
        ordering = ["company", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone=""),
                name="contact_can_be_reached",
                violation_error_message=_("Give an e-mail address or a telephone number."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def consent(self) -> "Consent | None":
        """The one in force, if any; load `consents` with a list of people."""
        return next((consent for consent in self.consents.all() if consent.withdrawn_at is None), None)


@kept()
class Consent(models.Model):
    """What a contact person agreed to: to be seen, for introductions, by those who work in the named countries."""

    contact = models.ForeignKey(ContactPerson, on_delete=models.CASCADE, related_name="consents")
    wording = models.CharField(max_length=20, help_text=_("version of the words that were agreed to"))
    countries = ArrayField(models.CharField(max_length=2, choices=Country))
    given_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["contact", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(countries=[]), name="consent_names_a_country"),
            models.UniqueConstraint(
                fields=["contact"], condition=Q(withdrawn_at__isnull=True), name="consent_is_in_force_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id}: {', '.join(self.countries)}"


class ContactLook(models.Model):
    """Somebody of the city or the embassy looked at a company's contact persons: who, when, for what. Never changed."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="contact_looks")
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=10, choices=ContactPurpose)
    words = models.CharField(_("in words"), max_length=300, blank=True)
    seen = models.PositiveSmallIntegerField(help_text=_("how many contact persons were shown"))
    looked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=ContactPurpose.values), name="look_purpose_is_known"),
            models.CheckConstraint(
                condition=~Q(purpose=ContactPurpose.OTHER) | ~Q(words=""),
                name="look_for_another_purpose_says_which",
                violation_error_message=_("Say in words what you need it for."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.get_purpose_display()}"
