"""What can be traded: one tree of HS codes and tradable commodities, groups, parameters, certificate kinds."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commodities.enums import FoundKind, Holder, NodeKind, ParameterKind, Sector, SpecRule, Unit, WordKind
from commodities.facts import Confidence, Named, Sourced, sourced_constraint
from commodities.texts import unit_label


class CommodityQuerySet(models.QuerySet):
    def tradable(self):
        """The leaves that companies trade in, not the headings above them."""
        return self.filter(kind=NodeKind.COMMODITY)

    def within(self, node: "Commodity"):
        """The node and everything below it."""
        return self.filter(tree_lo__gte=node.tree_lo, tree_lo__lt=node.tree_hi)


class Commodity(Named, Sourced):
    """One node of the tree: HS chapter > heading > subheading > tradable commodity.

    `tree_lo` and `tree_hi` number the tree from left to right: a node lies at or below another when its
    `tree_lo` is inside the other's half-open interval [tree_lo, tree_hi).
    """

    code = models.CharField(max_length=60, unique=True, help_text="HS digits, or the slug of a tradable commodity")
    kind = models.CharField(max_length=10, choices=NodeKind)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    hs_code = models.CharField(max_length=6, db_index=True, help_text="the HS digits of the node or of its subheading")
    tree_lo = models.IntegerField(default=0)
    tree_hi = models.IntegerField(default=1)
    synonyms = models.JSONField(
        default=dict, blank=True, help_text='{"en": [...], "id": [...], "ru": [...], "kk": [...]}'
    )
    sector = models.CharField(max_length=12, choices=Sector, blank=True)
    direction = models.CharField(max_length=5, blank=True, help_text="ID>KZ, KZ>ID or both: what the corridor expects")
    base_unit = models.CharField(max_length=5, choices=Unit, default=Unit.TONNE)
    transport_class = models.CharField(max_length=30, blank=True)
    temp_min_c = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    temp_max_c = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    usual_lot_kg = models.PositiveBigIntegerField(null=True, blank=True)
    usual_lot_note = models.CharField(max_length=200, blank=True)
    usual_lot_confidence = models.CharField(max_length=10, choices=Confidence, blank=True)
    temp_confidence = models.CharField(max_length=10, choices=Confidence, blank=True)
    density_kg_per_l = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    piece_kg = models.DecimalField(max_digits=10, decimal_places=4, null=True, blank=True)
    box20_kg = models.PositiveIntegerField(null=True, blank=True, help_text="usual net mass in one 20-foot box, kg")
    units_source = models.TextField(blank=True)
    units_confidence = models.CharField(max_length=10, choices=Confidence, blank=True)
    names_confidence = models.JSONField(default=dict, blank=True, help_text="how sure the names are, by language")

    objects = CommodityQuerySet.as_manager()

    class Meta:
        ordering = ["tree_lo"]
        verbose_name_plural = "commodities"
        indexes = [
            models.Index(fields=["tree_lo"], name="commodity_tree_lo"),
            GinIndex(
                name="commodity_name_trgm",
                fields=["name_en", "name_id", "name_ru", "name_kk"],
                opclasses=["gin_trgm_ops"] * 4,
            ),
        ]
        constraints = [
            sourced_constraint("commodity"),
            models.CheckConstraint(condition=Q(kind__in=NodeKind.values), name="commodity_kind_is_known"),
            models.CheckConstraint(condition=Q(tree_hi__gt=F("tree_lo")), name="commodity_interval_is_not_empty"),
            models.CheckConstraint(
                condition=Q(density_kg_per_l__isnull=True) | Q(density_kg_per_l__gt=0),
                name="commodity_density_is_positive",
            ),
            models.CheckConstraint(
                condition=Q(piece_kg__isnull=True) | Q(piece_kg__gt=0), name="commodity_piece_is_positive"
            ),
        ]


class CommodityGroup(Named, Sourced):
    """Goods that buyers ask for together ("frozen shrimp"). A need may accept a group; it expands to its members."""

    code = models.SlugField(max_length=60, unique=True)
    sector = models.CharField(max_length=12, choices=Sector)
    synonyms = models.JSONField(default=dict, blank=True)
    note = models.TextField(blank=True)
    members = models.ManyToManyField(Commodity, through="CommodityGroupMember", related_name="groups")

    class Meta:
        ordering = ["code"]
        constraints = [sourced_constraint("commodity_group")]


class CommodityGroupMember(Sourced):
    group = models.ForeignKey(CommodityGroup, on_delete=models.CASCADE)
    commodity = models.ForeignKey(Commodity, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            sourced_constraint("group_member"),
            models.UniqueConstraint(fields=["group", "commodity"], name="group_member_is_listed_once"),
        ]


class Parameter(Named, Sourced):
    """A property that buyer and seller compare. The same key and unit mean the same thing everywhere."""

    key = models.SlugField(max_length=60)
    unit = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["key", "unit"]
        constraints = [
            sourced_constraint("parameter"),
            models.UniqueConstraint(fields=["key", "unit"], name="parameter_key_and_unit_are_one"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({unit_label(self.unit)})" if self.unit else self.name


class CommodityParameter(Sourced):
    """A parameter of one commodity with its usual limits, for pre-filling a form. Only verified limits are law."""

    commodity = models.ForeignKey(Commodity, on_delete=models.CASCADE, related_name="parameters")
    parameter = models.ForeignKey(Parameter, on_delete=models.PROTECT, related_name="uses")
    kind = models.CharField(max_length=10, choices=ParameterKind)
    rule = models.CharField(max_length=10, choices=SpecRule)
    limit_min = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    limit_max = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    values = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    text = models.TextField(blank=True)
    standard = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            sourced_constraint("commodity_parameter"),
            models.UniqueConstraint(fields=["commodity", "parameter"], name="commodity_parameter_is_listed_once"),
            models.CheckConstraint(
                condition=Q(kind__in=ParameterKind.values), name="commodity_parameter_kind_is_known"
            ),
            models.CheckConstraint(condition=Q(rule__in=SpecRule.values), name="commodity_parameter_rule_is_known"),
        ]


class CertificateKind(Named, Sourced):
    """A certificate or status that a company, plant or product can hold."""

    code = models.SlugField(max_length=60, unique=True)
    issuer_type = models.CharField(max_length=300, blank=True)
    holder = models.CharField(max_length=10, choices=Holder)
    typical_validity_months = models.PositiveSmallIntegerField(null=True, blank=True)
    sectors = ArrayField(models.CharField(max_length=12), default=list, blank=True, help_text=_("empty means all"))
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            sourced_constraint("certificate_kind"),
            models.CheckConstraint(condition=Q(holder__in=Holder.values), name="certificate_kind_holder_is_known"),
        ]


class CommodityWord(Sourced):
    """What traders call a thing, in four languages: words for a code, words for a word of the nomenclature, small talk.

    `means` is an HS code, the slug of a good or `group:` and a group; or words that stand in the English nomenclature;
    or what the words have in common that say nothing of goods.
    """

    kind = models.CharField(max_length=8, choices=WordKind)
    means = models.CharField(max_length=120)
    words = models.JSONField(default=dict, blank=True, help_text='{"en": [...], "id": [...], "ru": [...], "kk": [...]}')

    class Meta:
        ordering = ["kind", "means"]
        constraints = [
            sourced_constraint("commodity_word"),
            models.CheckConstraint(condition=Q(kind__in=WordKind.values), name="commodity_word_kind_is_known"),
            models.UniqueConstraint(fields=["kind", "means"], name="commodity_word_means_one_thing"),
        ]

    def __str__(self) -> str:
        return self.means


class FinderIndex(models.Model):
    """Of what the words and entries of the commodity finder were made: the same need not be made again."""

    fingerprint = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.fingerprint


class FinderWord(models.Model):
    """A word or a phrase that the commodity finder knows, folded, with what it means. Made by `load_reference`."""

    key = models.CharField(max_length=120, help_text="stems in Latin letters, a blank between")
    language = models.CharField(max_length=2)
    concepts = ArrayField(models.CharField(max_length=80), help_text="what it is filed under in the entries")
    rarities = ArrayField(models.FloatField(), help_text="of each concept: from 0, in every heading, to 1, in one only")
    kind = models.CharField(max_length=8, choices=WordKind, help_text="how much it says: see the trade words")

    class Meta:
        indexes = [
            models.Index(fields=["key"], name="finder_word_key"),
            GinIndex(name="finder_word_trgm", fields=["key"], opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.language})"


class FinderEntry(models.Model):
    """One name, title or trade word of a code, a good or a group, as the commodity finder reads it."""

    kind = models.CharField(max_length=10, choices=FoundKind)
    code = models.CharField(max_length=60, db_index=True)
    hs_code = models.CharField(max_length=6, blank=True)
    is_title = models.BooleanField(help_text="a title of the nomenclature: long, and matched in parts")
    is_name = models.BooleanField(help_text="what it is called here, not only by some: of two, this one goes first")
    text = models.CharField(max_length=1200)
    concepts = ArrayField(models.CharField(max_length=80))
    mass = models.FloatField(help_text="the rarities of its concepts, added up")

    class Meta:
        verbose_name_plural = "finder entries"
        indexes = [GinIndex(name="finder_entry_concepts", fields=["concepts"])]

    def __str__(self) -> str:
        return f"{self.text} ({self.code})"
