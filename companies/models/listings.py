"""What companies want and can supply: needs and capacities, with what is already taken of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.history import kept
from accounts.permissions import may_see_every_company
from commodities.enums import Unit
from companies.enums import (
    CommitmentKind,
    CompanyKind,
    CompanyStatus,
    ListingStatus,
    PaymentTerm,
    Period,
    PriceBasis,
    WeightBasis,
)
from companies.models.company import Company
from corridor.enums import Country, Currency, Incoterm

PRICE_UNITS = [(Unit.TONNE, "t"), (Unit.KILOGRAM, "kg")]


class ListingQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status=ListingStatus.OPEN)

    def open_on(self, day):
        """Open, and not expired on a day: the day until which a listing is valid is its last one."""
        return self.open().filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))

    def in_book(self, as_of):
        """What a run matches: open, not expired on the day, of a company that trades and is not hidden."""
        return (
            self.open_on(as_of)
            .filter(company__status=CompanyStatus.ACTIVE, company__is_hidden=False)
            .exclude(company__kind=CompanyKind.DIRECTORY)
        )

    def visible_to(self, user):
        """A company sees its own listings; staff and officers see them all."""
        if may_see_every_company(user):
            return self.filter(company__is_hidden=False)
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(company__memberships__user=user)


class Listing(models.Model):
    """What a need and a capacity have in common. Quantities are whole kilograms; what was typed is kept beside them."""

    reference = models.CharField(max_length=40, help_text=_("the company's own number for it"))
    own_words = models.TextField(blank=True, help_text=_("as the person wrote it, in their language"))
    language = models.CharField(max_length=2, blank=True)
    quantity_kg = models.PositiveBigIntegerField(help_text=_("in all, or in each month"))
    quantity_typed = models.DecimalField(max_digits=18, decimal_places=3)
    quantity_unit = models.CharField(max_length=5, choices=Unit)
    unit_kg = models.DecimalField(
        max_digits=12,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("what one bag, wagon or piece weighs net, as the person says; empty: as the catalogue knows"),
    )
    weight_basis = models.CharField(
        max_length=6,
        choices=WeightBasis,
        blank=True,
        db_default="",
        default="",
        help_text=_("what the typed quantity counts, of fish; empty: not asked"),
    )
    glaze_percent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, help_text=_("ice on the fish, of the weight with glaze")
    )
    period = models.CharField(max_length=8, choices=Period)
    price_amount = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    price_currency = models.CharField(max_length=3, choices=Currency, blank=True)
    price_unit = models.CharField(max_length=5, choices=PRICE_UNITS, blank=True)
    incoterm = models.CharField(max_length=3, choices=Incoterm, blank=True)
    payment_terms = ArrayField(models.CharField(max_length=20, choices=PaymentTerm), default=list, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=ListingStatus, default=ListingStatus.DRAFT)
    reminded_for = models.DateField(
        null=True, blank=True, help_text=_("the day of expiry of which its people have been told")
    )
    reminded_on = models.DateField(
        null=True, blank=True, help_text=_("the day on which that was said last, or that the day of expiry is over")
    )
    made_from = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("the listing that was copied or renewed"),
    )
    sent_as = models.UUIDField(
        null=True,
        blank=True,
        editable=False,
        help_text=_(
            "the page it was sent from: asked for under the company's lock, so that one page makes one listing"
        ),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = ListingQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_monthly(self) -> bool:
        return self.period == Period.MONTHLY


def listing_indexes(listing: str, until: str) -> list:
    """What is open, in the order in which lists show it: by the end of its window, and by when it leaves the book."""
    is_open = Q(status=ListingStatus.OPEN)
    return [
        models.Index(fields=[until, "id"], condition=is_open, name=f"{listing}_open_by_window"),
        models.Index(fields=["valid_until", "id"], condition=is_open, name=f"{listing}_open_by_end"),
    ]


def listing_constraints(listing: str) -> list:
    """Checks that a need and a capacity share."""
    return [
        models.UniqueConstraint(
            fields=["company", "reference"],
            name=f"{listing}_reference_is_used_once",
            violation_error_message=_("The company already has a listing with this reference."),
        ),
        models.CheckConstraint(
            condition=Q(unit_kg__isnull=True) | Q(unit_kg__gt=0), name=f"{listing}_unit_weighs_something"
        ),
        models.CheckConstraint(
            condition=Q(quantity_kg__gt=0),
            name=f"{listing}_quantity_is_positive",
            violation_error_message=_("Enter at least one kilogram."),
        ),
        models.CheckConstraint(condition=Q(quantity_unit__in=Unit.values), name=f"{listing}_unit_is_known"),
        models.CheckConstraint(condition=Q(period__in=Period.values), name=f"{listing}_period_is_known"),
        models.CheckConstraint(condition=Q(status__in=ListingStatus.values), name=f"{listing}_status_is_known"),
        models.CheckConstraint(
            condition=Q(price_amount__isnull=True, price_currency="", price_unit="")
            | Q(price_amount__gt=0, price_currency__in=Currency.values, price_unit__in=[Unit.TONNE, Unit.KILOGRAM]),
            name=f"{listing}_price_is_whole_or_absent",
            violation_error_message=_("A price needs an amount above zero, a currency and a unit."),
        ),
        models.CheckConstraint(condition=Q(incoterm__in=["", *Incoterm.values]), name=f"{listing}_incoterm_is_known"),
        models.CheckConstraint(
            condition=Q(weight_basis__in=["", WeightBasis.NET], glaze_percent__isnull=True)
            | Q(weight_basis=WeightBasis.GLAZED, glaze_percent__gte=0, glaze_percent__lt=100),
            name=f"{listing}_glaze_is_stated_with_its_basis",
            violation_error_message=_("A weight with glaze needs the share of the glaze, below 100 %."),
        ),
    ]


@kept(exclude=("reminded_for", "reminded_on", "sent_as"))
class Need(Listing):
    """What one importer wants: goods, how much of them, where and by when."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="needs")
    commodities = models.ManyToManyField("commodities.Commodity", through="NeedCommodity", related_name="+")
    smallest_share_kg = models.PositiveBigIntegerField(
        null=True, blank=True, help_text=_("from one supplier; empty: any share from one lot up")
    )
    price_basis = models.CharField(max_length=12, choices=PriceBasis, blank=True)
    named_place = models.ForeignKey(
        "corridor.Place",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("of the Incoterm"),
    )
    destination = models.ForeignKey("corridor.Place", on_delete=models.PROTECT, related_name="needs")
    window_from = models.DateField()
    window_until = models.DateField()
    required_certificates = models.ManyToManyField("commodities.CertificateKind", blank=True, related_name="+")
    accepted_origins = ArrayField(models.CharField(max_length=2, choices=Country), default=list, blank=True)
    excluded_origins = ArrayField(models.CharField(max_length=2, choices=Country), default=list, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = listing_indexes("need", "window_until")
        constraints = [
            *listing_constraints("need"),
            models.CheckConstraint(
                condition=Q(window_until__gte=F("window_from")),
                name="need_window_is_in_order",
                violation_error_message=_("The delivery window ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(smallest_share_kg__isnull=True)
                | Q(smallest_share_kg__gt=0, smallest_share_kg__lte=F("quantity_kg")),
                name="need_share_fits_quantity",
                violation_error_message=_("The smallest share cannot be more than the quantity."),
            ),
            models.CheckConstraint(
                condition=Q(price_basis__in=["", *PriceBasis.values]), name="need_price_basis_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company}: {self.reference}"


@kept(has_object=False)
class NeedCertificate(Need.required_certificates.through):
    """A kind of certificate that a need asks for, under a name of its own so that its history is kept too."""

    class Meta:
        proxy = True


@kept()
class NeedCommodity(models.Model):
    """A node, or a whole group, that a need accepts. Position 0 is the principal one."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="accepted")
    commodity = models.ForeignKey("commodities.Commodity", null=True, blank=True, on_delete=models.PROTECT)
    group = models.ForeignKey("commodities.CommodityGroup", null=True, blank=True, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["need", "position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(commodity__isnull=True, group__isnull=False)
                | Q(commodity__isnull=False, group__isnull=True),
                name="need_accepts_a_commodity_or_a_group",
            ),
            models.UniqueConstraint(fields=["need", "position"], name="need_commodity_position_is_used_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return (self.commodity or self.group).name


@kept(exclude=("reminded_for", "reminded_on", "sent_as"))
class Capacity(Listing):
    """What one exporter can supply: goods, how much of them in a period, from where and when."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="capacities")
    commodity = models.ForeignKey("commodities.Commodity", on_delete=models.PROTECT, related_name="capacities")
    origin_country = models.CharField(max_length=2, choices=Country)
    lot_kg = models.PositiveBigIntegerField(null=True, blank=True, help_text=_("smallest shipment; empty: not known"))
    lot_multiple_kg = models.PositiveBigIntegerField(
        null=True, blank=True, help_text=_("shipments are multiples of this; empty: any quantity from one lot up")
    )
    packaging = models.CharField(max_length=120, blank=True)
    net_kg_per_transport_unit = models.PositiveBigIntegerField(null=True, blank=True)
    place = models.ForeignKey("corridor.Place", on_delete=models.PROTECT, related_name="capacities")
    available_from = models.DateField()
    available_until = models.DateField()
    lead_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("from order; empty: not known"))

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "capacities"
        indexes = listing_indexes("capacity", "available_until")
        constraints = [
            *listing_constraints("capacity"),
            models.CheckConstraint(condition=Q(origin_country__in=Country.values), name="capacity_origin_is_known"),
            models.CheckConstraint(
                condition=Q(available_until__gte=F("available_from")),
                name="capacity_window_is_in_order",
                violation_error_message=_("The availability ends before it begins."),
            ),
            models.CheckConstraint(condition=Q(lot_kg__isnull=True) | Q(lot_kg__gt=0), name="capacity_lot_is_positive"),
            models.CheckConstraint(
                condition=Q(lot_multiple_kg__isnull=True) | Q(lot_multiple_kg__gt=0),
                name="capacity_multiple_is_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company}: {self.reference}"


class ListingParameter(models.Model):
    """A range or a set of values of one parameter."""

    parameter = models.ForeignKey("commodities.Parameter", on_delete=models.PROTECT, related_name="+")
    low = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    high = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    values = ArrayField(models.CharField(max_length=80), default=list, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.parameter)


def parameter_constraints(owner: str) -> list:
    return [
        models.UniqueConstraint(fields=[owner, "parameter"], name=f"{owner}_parameter_is_stated_once"),
        models.CheckConstraint(
            condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(high__gte=F("low")),
            name=f"{owner}_parameter_range_is_in_order",
        ),
        models.CheckConstraint(
            condition=Q(low__isnull=False) | Q(high__isnull=False) | ~Q(values=[]),
            name=f"{owner}_parameter_says_something",
        ),
    ]


@kept()
class NeedParameter(ListingParameter):
    """What the buyer accepts."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="parameters")

    class Meta:
        ordering = ["need", "parameter"]
        constraints = parameter_constraints("need")


@kept()
class CapacityParameter(ListingParameter):
    """What the seller guarantees, or offers to choose from (the commodity's parameter says which)."""

    capacity = models.ForeignKey(Capacity, on_delete=models.CASCADE, related_name="parameters")

    class Meta:
        ordering = ["capacity", "parameter"]
        constraints = parameter_constraints("capacity")


class Commitment(models.Model):
    """Kilograms of a need or a capacity that are already held, committed or shipped in a month."""

    need = models.ForeignKey(Need, null=True, blank=True, on_delete=models.CASCADE, related_name="commitments")
    capacity = models.ForeignKey(Capacity, null=True, blank=True, on_delete=models.CASCADE, related_name="commitments")
    month = models.DateField(help_text=_("first day: of shipping for a capacity, of delivery for a need"))
    quantity_kg = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=10, choices=CommitmentKind)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity_kg__gt=0), name="commitment_quantity_is_positive"),
            models.CheckConstraint(condition=Q(kind__in=CommitmentKind.values), name="commitment_kind_is_known"),
            models.CheckConstraint(condition=Q(month__day=1), name="commitment_month_is_a_first_day"),
            models.CheckConstraint(
                condition=Q(need__isnull=True, capacity__isnull=False) | Q(need__isnull=False, capacity__isnull=True),
                name="commitment_is_of_one_side",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need or self.capacity}: {self.quantity_kg} kg, {self.month:%Y-%m}"
