"""What the law of a lane asks for."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from commodities.facts import Confidence, Sourced, sourced_constraint
from corridor.enums import Bearer, Stage

SURE_CLASSES = (Confidence.SECONDARY, Confidence.VERIFIED)


class RequirementQuerySet(models.QuerySet):
    def gates(self):
        """Standing requirements that are sure enough to refuse a pair: verified in text and classified."""
        return self.filter(
            stage=Stage.STANDING,
            kind="mandatory",
            confidence=Confidence.VERIFIED,
            class_confidence__in=SURE_CLASSES,
            certificate_kind__isnull=False,
        )

    def voluntary(self):
        """Certificates that help on a lane although nobody demands them."""
        return self.filter(kind="voluntary", certificate_kind__isnull=False)

    def in_force(self, on):
        return self.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=on)).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=on)
        )


class Requirement(Sourced):
    """A certificate, permit, label or fiscal rule of one direction of the corridor."""

    code = models.CharField(max_length=10, unique=True)
    direction = models.CharField(max_length=5, help_text="ID>KZ, KZ>ID or both")
    side = models.CharField(max_length=10)
    sectors = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    commodity = models.ForeignKey("commodities.Commodity", null=True, blank=True, on_delete=models.PROTECT)
    title_en = models.CharField(max_length=300)
    kind = models.CharField(max_length=25)
    document = models.TextField(blank=True)
    issuing_body = models.TextField(blank=True)
    legal_basis = models.TextField(blank=True)
    bearer = models.CharField(max_length=10, choices=Bearer, blank=True)
    stage = models.CharField(max_length=20, choices=Stage)
    certificate_kind = models.ForeignKey(
        "commodities.CertificateKind", null=True, blank=True, on_delete=models.PROTECT, related_name="requirements"
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    class_confidence = models.CharField(max_length=10, choices=Confidence)

    objects = RequirementQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            sourced_constraint("requirement"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="requirement_stage_is_known"),
        ]

    @property
    def tree(self) -> tuple[int, int] | None:
        """The half-open interval of the commodity it speaks of."""
        return self.commodity and (self.commodity.tree_lo, self.commodity.tree_hi)

    @property
    def is_gate(self) -> bool:
        """Whether it refuses a pair when it is not held; see `gates`."""
        return (
            self.stage == Stage.STANDING
            and self.kind == "mandatory"
            and self.confidence == Confidence.VERIFIED
            and self.class_confidence in SURE_CLASSES
            and self.certificate_kind is not None
        )
