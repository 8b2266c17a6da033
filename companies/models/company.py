"""Who trades: companies, the people who act for them, what was checked about them, what they hold."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.history import kept
from accounts.permissions import may_see_every_company, may_stand_in
from commodities.enums import Sector
from commodities.facts import LATIN_LANGUAGES, Confidence
from companies.enums import (
    Activity,
    CertificateState,
    CompanyKind,
    CompanySize,
    CompanyStatus,
    FactKind,
    FileKind,
    LegalForm,
    MemberRole,
    Screening,
)
from corridor.enums import Country

PLAIN_NAME = Case(When(name_short="", then="name_registered"), default="name_short")
LATIN_NAME = Case(When(name_latin="", then=PLAIN_NAME), default="name_latin")


class CompanyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A person sees the companies they act for; staff and officers see all that is not hidden.

        Of one that was merged into another they see that other.
        """
        if may_see_every_company(user):
            return self.filter(is_hidden=False)
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(memberships__user=user, merged_into=None)

    def with_shown_name(self):
        """Each with `shown_name`, to sort by: the name that the reader sees, whether it begins large or small."""
        return self.annotate(shown_name=Lower(LATIN_NAME if get_language() in LATIN_LANGUAGES else PLAIN_NAME))

    def acted_for_by(self, user):
        """Those a person may act for: as a member, or as city staff who stand in for them now.

        Whoever works for the city or the embassy acts for no company as its member, whatever they did before.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        acted_for = Q(pk__in=[]) if may_see_every_company(user) else Q(memberships__user=user)
        if may_stand_in(user):
            acted_for |= Q(stand_ins__user=user, stand_ins__ended_at__isnull=True)
        # The rows by themselves: a company with many members and stand-ins is still one.
        return self.filter(pk__in=self.model.objects.filter(acted_for, is_hidden=False).values("pk"))


@kept()
class Company(models.Model):
    """A registered business: importer, exporter or both."""

    kind = models.CharField(max_length=12, choices=CompanyKind, default=CompanyKind.REGISTERED)
    code = models.SlugField(max_length=40, unique=True, help_text=_("the key by which an imported book knows it"))
    name_registered = models.CharField(_("registered name"), max_length=250)
    name_latin = models.CharField(_("name in Latin letters"), max_length=250, blank=True)
    name_short = models.CharField(_("short name"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2, choices=Country)
    registration_number = models.CharField(_("registration number"), max_length=20, blank=True)
    legal_form = models.CharField(
        _("legal form"), max_length=12, choices=LegalForm, blank=True, db_default="", default=""
    )
    tax_number = models.CharField(
        max_length=20, blank=True, db_default="", default="", help_text=_("the NPWP of an Indonesian company")
    )
    region = models.ForeignKey("corridor.Region", null=True, blank=True, on_delete=models.PROTECT)
    place = models.ForeignKey(
        "corridor.Place", null=True, blank=True, on_delete=models.PROTECT, help_text=_("nearest place of the corridor")
    )
    first_mile_km = models.PositiveIntegerField(null=True, blank=True)
    city = models.CharField(max_length=120, blank=True)
    activities = ArrayField(models.CharField(max_length=8, choices=Activity), null=True, default=list, blank=True)
    sectors = ArrayField(models.CharField(max_length=12, choices=Sector), default=list, blank=True)
    size = models.CharField(_("size"), max_length=6, choices=CompanySize, blank=True, db_default="", default="")
    languages = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    website = models.CharField(max_length=200, blank=True)
    role_mailbox = models.EmailField(blank=True)
    switchboard = models.CharField(max_length=30, blank=True)
    description = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=CompanyStatus, default=CompanyStatus.DRAFT)
    status_reason = models.CharField(
        max_length=500, blank=True, db_default="", default="", help_text=_("why it was sent back or suspended")
    )
    screening = models.CharField(max_length=12, choices=Screening, default=Screening.NOT_SCREENED)
    screening_note = models.CharField(
        max_length=500, blank=True, db_default="", default="", help_text=_("for those who verify, not for the company")
    )
    is_hidden = models.BooleanField(default=False, help_text=_("kept off every page until somebody has checked it"))
    submitted_at = models.DateTimeField(null=True, blank=True, help_text=_("since when it waits to be verified"))
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="merged_companies",
        help_text=_("the same company, under which its listings and people are found now"),
    )
    source = models.TextField(blank=True)
    confidence = models.CharField(max_length=10, choices=Confidence, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "companies"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CompanyKind.values), name="company_kind_is_known"),
            models.CheckConstraint(condition=Q(country__in=Country.values), name="company_country_is_known"),
            models.CheckConstraint(condition=Q(status__in=CompanyStatus.values), name="company_status_is_known"),
            models.CheckConstraint(condition=Q(screening__in=Screening.values), name="company_screening_is_known"),
            models.UniqueConstraint(
                fields=["country", "registration_number"],
                condition=~Q(registration_number=""),
                name="company_number_is_registered_once",
                violation_error_message=_("A company with this registration number is here already."),
            ),
        ]
        # The first page of the list is read off an index, however many companies there are.
        indexes = [
            models.Index(Lower(PLAIN_NAME), "id", name="company_by_plain_name"),
            models.Index(Lower(LATIN_NAME), "id", name="company_by_latin_name"),
            # The few that somebody has to verify, among all that trade.
            models.Index(
                fields=["country"],
                condition=Q(status__in=[CompanyStatus.SUBMITTED, CompanyStatus.SUSPENDED]),
                name="company_waiting",
            ),
            # Those that changed since a moment: every refresh of a large book asks for them.
            models.Index(fields=["changed_at"], name="company_by_change"),
        ]

    def __str__(self) -> str:
        return self.name_short or self.name_registered

    @property
    def where(self) -> str:
        """Where it is, in the reader's language; for rows, select `place` and `region` with the company.

        Its town, named as its nearest place or its region is if they are that town. Another town is said as typed to
        those who read its letters, and as its region to the others: the nearest place may lie far away.
        """
        for known in (self.place, self.region):
            if known and known.is_called(self.city):
                return known.name_without_remark
        is_readable = self.city.isascii() == (get_language() in LATIN_LANGUAGES)
        if self.city and (is_readable or not self.region):
            return self.city
        nearest = self.region or self.place
        return nearest.name if nearest else ""

    @property
    def is_example(self) -> bool:
        return self.kind == CompanyKind.EXAMPLE

    @property
    def is_directory(self) -> bool:
        return self.kind == CompanyKind.DIRECTORY

    @property
    def is_suspended(self) -> bool:
        return self.status == CompanyStatus.SUSPENDED


@kept()
class Membership(models.Model):
    """A person who acts for a company."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=MemberRole, default=MemberRole.EDITOR)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "user"], name="member_is_listed_once"),
            models.CheckConstraint(condition=Q(role__in=MemberRole.values), name="member_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.company}"


@kept()
class VerificationFact(models.Model):
    """Something a person checked about a company: who, when, what."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="facts")
    kind = models.CharField(max_length=16, choices=FactKind)
    checked_on = models.DateField()
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["company", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["company", "kind"], name="fact_is_kept_once"),
            models.CheckConstraint(condition=Q(kind__in=FactKind.values), name="fact_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.company}: {self.get_kind_display()}"


@kept()
class Certificate(models.Model):
    """What a company says about one certificate, and what was seen of it. No row: not stated."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="certificates")
    kind = models.ForeignKey("commodities.CertificateKind", on_delete=models.PROTECT, related_name="certificates")
    capacity = models.ForeignKey(
        "companies.Capacity",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="own_certificates",
        help_text=_("empty: it covers all that the company sells"),
    )
    state = models.CharField(max_length=10, choices=CertificateState)
    number = models.CharField(max_length=80, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    scope = models.CharField(max_length=300, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["company", "kind"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CertificateState.values), name="certificate_state_is_known"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="certificate_days_are_in_order",
            ),
            models.UniqueConstraint(
                fields=["company", "kind", "capacity"], nulls_distinct=False, name="certificate_is_stated_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company}: {self.kind}"

    @property
    def papers(self) -> list[str]:
        """By what its files are known: another paper is another thing to hold it against."""
        return sorted(file.digest for file in self.files.all())


def kept_at(file: "CertificateFile", _name: str) -> str:
    """Where a file lies: under a name of chance, which tells nothing and cannot be guessed. Its own is not used."""
    return f"certificates/{uuid4().hex}.{file.kind}"


class CertificateFile(models.Model):
    """A certificate as a picture or PDF. It may name people: no history of it is kept, so that it can be forgotten."""

    certificate = models.ForeignKey(Certificate, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to=kept_at)
    kind = models.CharField(max_length=4, choices=FileKind)
    size = models.PositiveIntegerField(help_text=_("bytes"))
    digest = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FileKind.values), name="certificate_file_kind_is_known"),
            models.UniqueConstraint(fields=["certificate", "digest"], name="certificate_file_is_kept_once"),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.get_kind_display()}"
