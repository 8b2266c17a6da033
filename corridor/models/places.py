"""Where goods start, change hands and arrive, and what joins those places."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.history import kept
from commodities.facts import Named, Sourced, sourced_constraint
from corridor.enums import Country, LegStatus, Mode


@kept()
class Corridor(models.Model):
    """An ordered pair of countries between which matching is switched on."""

    origin = models.CharField(max_length=2, choices=Country)
    destination = models.CharField(max_length=2, choices=Country)
    is_enabled = models.BooleanField(default=True)

    class Meta:
        ordering = ["origin", "destination"]
        constraints = [
            models.UniqueConstraint(fields=["origin", "destination"], name="corridor_is_listed_once"),
            models.CheckConstraint(condition=~Q(origin=F("destination")), name="corridor_joins_two_countries"),
        ]

    def __str__(self) -> str:
        return f"{self.origin} > {self.destination}"


class Place(Named, Sourced):
    """A port, station, border point, airport or town."""

    code = models.CharField(max_length=12, unique=True)
    unlocode = models.CharField(max_length=5, blank=True)
    country = models.CharField(max_length=2)
    lat = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    lon = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    roles = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    note = models.TextField(blank=True)
    code_source = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [sourced_constraint("place")]


class Region(Named, Sourced):
    """A province, kabupaten, city, kecamatan, kelurahan or oblast, with its nearest place."""

    code = models.CharField(max_length=30, unique=True)
    national_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, choices=Country)
    level = models.CharField(max_length=12)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    aliases = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    capital = models.CharField(max_length=80, blank=True)
    lat = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    lon = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="regions")
    distance_km = models.PositiveIntegerField(null=True, blank=True)
    distance_method = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            sourced_constraint("region"),
            models.CheckConstraint(condition=Q(country__in=Country.values), name="region_country_is_known"),
        ]


class Equipment(Named, Sourced):
    """A box, wagon, vessel or truck."""

    code = models.CharField(max_length=10, unique=True)
    iso_6346 = models.CharField(max_length=4, blank=True)
    payload_kg = models.PositiveBigIntegerField(null=True, blank=True)
    volume_m3 = models.DecimalField(max_digits=12, decimal_places=1, null=True, blank=True)
    is_reefer = models.BooleanField(default=False)
    is_liquid = models.BooleanField(default=False)
    modes = ArrayField(models.CharField(max_length=10), default=list)
    unit_kind = models.CharField(max_length=10)
    chain_groups = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        help_text="loose goods may change between two of one group; empty: the box itself travels through",
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "equipment"
        constraints = [sourced_constraint("equipment")]


class TransportClassEquipment(Sourced):
    """What carries a transport class, in order of preference."""

    transport_class = models.CharField(max_length=30)
    equipment = models.ForeignKey(Equipment, on_delete=models.PROTECT)
    preference = models.PositiveSmallIntegerField()
    net_load_kg = models.PositiveBigIntegerField()
    only_some_goods = models.BooleanField(
        default=False, help_text="the note says which goods of the class it fits; others never travel in it"
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["transport_class", "preference"]
        constraints = [
            sourced_constraint("class_equipment"),
            models.UniqueConstraint(fields=["transport_class", "equipment"], name="class_equipment_is_listed_once"),
        ]


@kept()
class Leg(Sourced):
    """A connection between two places."""

    code = models.CharField(max_length=10, unique=True)
    origin = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="legs_out")
    destination = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="legs_in")
    mode = models.CharField(max_length=10, choices=Mode)
    distance_km = models.PositiveIntegerField(null=True, blank=True)
    distance_method = models.CharField(max_length=200, blank=True)
    transit_days_low = models.PositiveSmallIntegerField(null=True, blank=True)
    transit_days_high = models.PositiveSmallIntegerField(null=True, blank=True)
    transit_method = models.CharField(max_length=300, blank=True)
    is_bidirectional = models.BooleanField(default=True)
    status = models.CharField(max_length=10, choices=LegStatus)
    parts = ArrayField(
        models.CharField(max_length=10),
        default=list,
        blank=True,
        help_text="legs that a composite leg consists of; it is never chained with them",
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            sourced_constraint("leg"),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="leg_mode_is_known"),
            models.CheckConstraint(condition=Q(status__in=LegStatus.values), name="leg_status_is_known"),
            models.CheckConstraint(
                condition=Q(transit_days_low__isnull=True) | Q(transit_days_high__gte=F("transit_days_low")),
                name="leg_days_are_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class LegSwitchQuerySet(models.QuerySet):
    def in_force(self, on):
        return self.filter(from_day__lte=on).filter(Q(until__isnull=True) | Q(until__gte=on))


@kept()
class LegSwitch(models.Model):
    """A leg that a person opened or closed from a day on, with the reason. The newest switch of a day decides."""

    leg = models.ForeignKey(Leg, on_delete=models.CASCADE, related_name="switches")
    is_open = models.BooleanField()
    from_day = models.DateField()
    until = models.DateField(null=True, blank=True, help_text=_("last day; empty: until switched again"))
    reason = models.CharField(max_length=300)
    switched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    switched_at = models.DateTimeField(auto_now_add=True)

    objects = LegSwitchQuerySet.as_manager()

    class Meta:
        ordering = ["leg", "-pk"]
        verbose_name_plural = "leg switches"
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="leg_switch_has_a_reason"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("from_day")), name="leg_switch_days_are_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leg}, {self.from_day}"


class LegEquipment(Sourced):
    """What can pass a leg."""

    leg = models.ForeignKey(Leg, on_delete=models.CASCADE, related_name="equipment_links")
    equipment = models.ForeignKey(Equipment, on_delete=models.PROTECT)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            sourced_constraint("leg_equipment"),
            models.UniqueConstraint(fields=["leg", "equipment"], name="leg_equipment_is_listed_once"),
        ]
