"""Long lists to choose from, under headings: regions, kinds of certificates."""

from collections.abc import Iterable
from operator import itemgetter

from django.utils.translation import gettext_lazy as _

from accounts.alphabet import by_alphabet
from commodities.models import CertificateKind
from companies.models import Company
from corridor.enums import Country
from corridor.models import Region

NEAREST, WITHIN_IT = "kecamatan", "kelurahan"  # the smallest that is asked for; a kelurahan lies where it does


def region_choices(country: str, chosen: int | None) -> list[tuple]:
    """The regions one chooses from: the smallest of Balikpapan, those of Kalimantan, the provinces elsewhere."""
    regions = list(Region.objects.filter(country=country).select_related("parent"))
    parents = {region.parent_id for region in regions}
    offered: dict[Region | None, list[Region]] = {}
    for region in regions:
        is_smallest = region.level == NEAREST or (region.pk not in parents and region.level != WITHIN_IT)
        if is_smallest or region.pk == chosen:
            offered.setdefault(region.parent, []).append(region)
    tops = offered.pop(None, [])
    below = [(parent.name, regions) for parent, regions in offered.items()]
    # The parts of the town whose product this is come first.
    below = by_alphabet(below, itemgetter(0))
    below.sort(key=lambda group: all(region.level != NEAREST for region in group[1]))
    title = _("Cities and oblasts") if country == Country.KAZAKHSTAN else _("Other provinces")
    return under_headings([*below, (title, tops)])


def certificate_choices(company: Company) -> list[tuple]:
    """Kinds not stated yet: those of the company's sectors first, then those of every sector, then the others."""
    stated = company.certificates.filter(capacity__isnull=True).values("kind")
    own, general, others = [], [], []
    for kind in CertificateKind.objects.exclude(pk__in=stated):
        group = general if not kind.sectors else own if set(kind.sectors) & set(company.sectors) else others
        group.append(kind)
    return under_headings([(_("For your goods"), own), (_("For all goods"), general), (_("Others"), others)])


def under_headings(groups: Iterable[tuple]) -> list[tuple]:
    """Rows of reference data as choices under headings, by their names in the reader's language."""
    named = [(title, by_alphabet(((row.pk, row.name) for row in rows), itemgetter(1))) for title, rows in groups]
    return [("", _("choose one")), *((title, rows) for title, rows in named if rows)]


def flat(choices: Iterable[tuple]) -> list[tuple]:
    """Choices without their headings."""
    rows = []
    for value, label in choices:
        rows += label if isinstance(label, (list, tuple)) else [(value, label)]
    return rows
