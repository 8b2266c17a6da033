"""What every row of reference data carries: names in four languages, a source, a confidence."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

# Where a name is missing in the reader's language, the next one it is likely to be read in.
FALLBACKS = {"id": ("id", "en"), "ru": ("ru", "en"), "kk": ("kk", "ru", "en"), "en": ("en",)}

LATIN_LANGUAGES = ("en", "id")


class Confidence(models.TextChoices):
    VERIFIED = "verified", _("verified")
    SECONDARY = "secondary", _("one secondary source")
    UNSURE = "unsure", _("unsure")
    EXAMPLE = "example", _("example")


def sourced_constraint(model: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(confidence__in=Confidence.values), name=f"{model}_confidence_is_known")


class Sourced(models.Model):
    """A row that says where it comes from and how sure that is."""

    source = models.TextField(blank=True)
    confidence = models.CharField(max_length=10, choices=Confidence, default=Confidence.UNSURE)

    class Meta:
        abstract = True

    @property
    def is_example(self) -> bool:
        return self.confidence == Confidence.EXAMPLE


class Named(models.Model):
    """A thing with a name in each language; `name` is the reader's, or the nearest there is."""

    name_en = models.CharField(max_length=600)
    name_id = models.CharField(max_length=1200, blank=True)
    name_ru = models.CharField(max_length=1200, blank=True)
    name_kk = models.CharField(max_length=600, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        language = (get_language() or "en")[:2]
        for code in FALLBACKS.get(language, ("en",)):
            if text := getattr(self, f"name_{code}"):
                return text
        return self.name_en

    @property
    def name_without_remark(self) -> str:
        """ "Surabaya" of "Surabaya (Tanjung Perak)"."""
        return _without_remark(self.name)

    def is_called(self, text: str) -> bool:
        """Whether this is one of its names, in any language."""
        names = (getattr(self, f"name_{code}") for code in FALLBACKS)
        return bool(text) and text.casefold() in {_without_remark(name).casefold() for name in names}


def _without_remark(name: str) -> str:
    return name.partition(" (")[0]
