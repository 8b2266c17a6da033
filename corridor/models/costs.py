"""What the way costs: rates of exchange, duties, quotes; and the trade figures of both countries."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.history import kept
from commodities.facts import Confidence, Sourced, sourced_constraint
from corridor.enums import Cover, Currency, QuotePer, QuoteScope
from corridor.models.places import Equipment, Leg, Place

EXAMPLE = Q(confidence=Confidence.EXAMPLE)


@kept()
class ExchangeRate(Sourced):
    """What one unit of a currency is worth in USD on a day."""

    on = models.DateField()
    currency = models.CharField(max_length=3, choices=Currency)
    usd_per_unit = models.DecimalField(max_digits=18, decimal_places=10)

    class Meta:
        ordering = ["currency", "-on"]
        constraints = [
            sourced_constraint("exchange_rate"),
            models.UniqueConstraint(fields=["on", "currency"], name="exchange_rate_is_one_a_day"),
            models.CheckConstraint(condition=Q(usd_per_unit__gt=0), name="exchange_rate_is_positive"),
            models.CheckConstraint(condition=Q(currency__in=Currency.values), name="exchange_rate_currency_is_known"),
        ]


class InsurancePremiumQuerySet(models.QuerySet):
    def in_force(self, on):
        """What is reckoned with on a day: an example gives way to a premium that people entered for its cover."""
        standing = self.filter(valid_from__lte=on, valid_to__gte=on)
        entered = InsurancePremium.objects.exclude(EXAMPLE).filter(
            valid_from__lte=on, valid_to__gte=on, cover=OuterRef("cover")
        )
        return standing.exclude(EXAMPLE, Exists(entered))


@kept()
class InsurancePremium(Sourced):
    """What insuring goods on their way costs, dated: a share of the price and ten percent. Example rows at first."""

    code = models.CharField(max_length=10, unique=True)
    cover = models.CharField(max_length=1, choices=Cover)
    percent_low = models.DecimalField(max_digits=6, decimal_places=4)
    percent_high = models.DecimalField(max_digits=6, decimal_places=4)
    valid_from = models.DateField()
    valid_to = models.DateField()
    basis = models.CharField(max_length=300)
    given_by = models.CharField(max_length=200, blank=True)

    objects = InsurancePremiumQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            sourced_constraint("insurance_premium"),
            models.CheckConstraint(condition=Q(cover__in=Cover.values), name="premium_cover_is_known"),
            models.CheckConstraint(
                condition=Q(percent_low__gte=0, percent_high__gte=F("percent_low"), percent_high__lte=20),
                name="premium_is_in_order",
            ),
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="premium_days_are_in_order"),
        ]

    def __str__(self) -> str:
        return self.code


@kept()
class Preference(models.Model):
    """A preferential tariff that somebody switched on: since when, and by which legal reference."""

    scheme = models.CharField(max_length=100, unique=True)
    in_force_from = models.DateField()
    legal_reference = models.CharField(max_length=300)
    switched_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["scheme"]
        constraints = [
            models.CheckConstraint(condition=~Q(legal_reference=""), name="preference_has_a_legal_reference"),
        ]

    def __str__(self) -> str:
        return self.scheme


class FreightQuoteQuerySet(models.QuerySet):
    def standing(self, on):
        """Valid on a day and not withdrawn."""
        return self.filter(valid_from__lte=on, valid_to__gte=on, withdrawn_at__isnull=True)

    def in_force(self, on):
        """What is reckoned with on a day: an example gives way to a quote that people entered for the same thing."""
        return self.standing(on).exclude(EXAMPLE, Exists(entered_for_the_same(on)))


def entered_for_the_same(on) -> models.QuerySet:
    """The quotes of people, standing on a day, for what the quote of the query around is for."""
    # Quotes without a leg are the same where both have none, which NULL would not say.
    same = FreightQuote.objects.standing(on).exclude(EXAMPLE).annotate(on_leg=Coalesce("leg_id", 0))
    return same.filter(
        **{name: OuterRef(name) for name in ("scope", "origin_id", "destination_id", "equipment_id")},
        on_leg=Coalesce(OuterRef("leg_id"), 0),
    )


@kept()
class FreightQuote(Sourced):
    """What a carrier or a terminal asks for, dated. Example rows until officers enter real ones."""

    code = models.CharField(max_length=10, unique=True)
    scope = models.CharField(max_length=8, choices=QuoteScope)
    origin = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    leg = models.ForeignKey(Leg, null=True, blank=True, on_delete=models.PROTECT, related_name="quotes")
    equipment = models.ForeignKey(Equipment, on_delete=models.PROTECT, related_name="quotes")
    amount = models.DecimalField(max_digits=14, decimal_places=4)
    currency = models.CharField(max_length=3, choices=Currency)
    per = models.CharField(max_length=3, choices=QuotePer)
    valid_from = models.DateField()
    valid_to = models.DateField()
    basis = models.CharField(max_length=300, help_text="what it holds and what not")
    given_by = models.CharField(max_length=200, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="taken back before its first day")

    objects = FreightQuoteQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            sourced_constraint("freight_quote"),
            models.CheckConstraint(condition=Q(scope__in=QuoteScope.values), name="quote_scope_is_known"),
            models.CheckConstraint(condition=Q(per__in=QuotePer.values), name="quote_unit_is_known"),
            models.CheckConstraint(condition=Q(currency__in=Currency.values), name="quote_currency_is_known"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="quote_is_not_negative"),
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="quote_days_are_in_order"),
            models.CheckConstraint(
                condition=Q(scope=QuoteScope.LEG, leg__isnull=False) | (~Q(scope=QuoteScope.LEG) & Q(leg__isnull=True)),
                name="quote_of_a_leg_names_it",
            ),
        ]

    def __str__(self) -> str:
        return self.code


@kept()
class Tariff(Sourced):
    """One line of an official tariff: import duty, export duty, levy or VAT."""

    code = models.CharField(max_length=10, unique=True)
    hs6 = models.CharField(max_length=6, db_index=True)
    national_code = models.CharField(max_length=12, blank=True)
    market = models.CharField(max_length=4)
    market_scope = models.CharField(max_length=100, blank=True)
    measure = models.CharField(max_length=30)
    ad_valorem_pct = models.DecimalField(max_digits=8, decimal_places=4, null=True, blank=True)
    specific_eur = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    specific_unit = models.CharField(max_length=20, blank=True)
    specific_rule = models.CharField(max_length=20, blank=True)
    specific_usd_per_t = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    rate_text = models.CharField(max_length=300, blank=True)
    condition = models.TextField(blank=True)
    packing_up_to_kg = models.PositiveIntegerField(
        null=True, blank=True, help_text="net mass of one packing for which the line is meant"
    )
    packing_over_kg = models.PositiveIntegerField(null=True, blank=True)
    preference_scheme = models.CharField(max_length=100, blank=True)
    preference_status = models.CharField(max_length=100, blank=True)
    preference_pct = models.DecimalField(max_digits=8, decimal_places=4, null=True, blank=True)
    relevance = models.CharField(max_length=20, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    source_date = models.DateField(null=True, blank=True)
    line_note = models.TextField(blank=True)
    is_usual = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]
        constraints = [sourced_constraint("tariff")]

    def __str__(self) -> str:
        return f"{self.code}, HS {self.national_code or self.hs6}"


@kept()
class DutyChoice(models.Model):
    """The national line that a person picked for a commodity where its subheading has several, and on whose word."""

    commodity = models.ForeignKey("commodities.Commodity", on_delete=models.CASCADE, related_name="+")
    market = models.CharField(max_length=4)
    tariff = models.ForeignKey(Tariff, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=300, help_text=_("why this line, with its source"))
    source = models.CharField(max_length=300, db_default="", help_text=_("who or what says so"))
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    chosen_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["commodity", "market"]
        constraints = [
            models.UniqueConstraint(fields=["commodity", "market"], name="duty_is_chosen_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="duty_choice_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.commodity}: {self.tariff}"

    @property
    def code(self) -> str:
        """What a landed cost names it by among its sources."""
        return f"DC{self.pk}"


class TradeFlow(Sourced):
    """A published trade figure. Reporters differ; never mix them in one series."""

    code = models.CharField(max_length=10, unique=True)
    reporter = models.CharField(max_length=60)
    partner = models.CharField(max_length=60)
    flow = models.CharField(max_length=20)
    period = models.CharField(max_length=20)
    period_type = models.CharField(max_length=20)
    hs = models.CharField(max_length=20, blank=True)
    product = models.TextField(blank=True)
    value = models.DecimalField(max_digits=20, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    quantity = models.DecimalField(max_digits=20, decimal_places=3, null=True, blank=True)
    quantity_unit = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [sourced_constraint("trade_flow")]
