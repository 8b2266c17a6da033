"""What can be traded in a made book, and between which points: the catalogue and the corridor as they are here."""

from dataclasses import dataclass

import numpy as np
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from commodities.enums import NodeKind, ParameterKind
from commodities.models import CertificateKind, Commodity, CommodityParameter
from corridor.models import Place

# A few points a country: whoever has a thousand lists a thousand ways, each of which takes its time to be worked out.
SELLS_FROM = {"ID": ("IDKRG", "IDMAK"), "KZ": ("KZPPK", "KZUKK")}
BUYS_AT = {"ID": ("IDTPP", "IDSUB", "IDKRG"), "KZ": ("KZALA", "KZCIT", "X-KZ-AST")}
CERTIFICATES = ("halal_bpjph", "iso_22000", "eac_declaration", "haccp", "fssc_22000", "gmp_plus")
COUNTRIES = ("ID", "KZ")
ZIPF = 0.75  # how unequally headings are traded, as in matching/benchmarks/making.py
BOTH = "both"


@dataclass(frozen=True)
class Stated:
    """A parameter that listings of one good may state."""

    parameter: int
    low: float
    high: float
    values: list[str]


@dataclass(frozen=True)
class Goods:
    """One entry a good of the catalogue, ordered by heading; (g,)."""

    id: np.ndarray
    subheading: np.ndarray  # the node above it
    heading: np.ndarray  # and above that
    first_of_heading: np.ndarray  # place of the first good of its heading, and how many it has
    n_of_heading: np.ndarray
    share: np.ndarray  # how much it is traded; together 1
    from_indonesia: np.ndarray  # the chance that it goes from Indonesia to Kazakhstan
    stated: list[list[Stated]]

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True)
class Reference:
    """All that a made book is made of."""

    goods: Goods
    sells_from: dict[str, list[int]]
    buys_at: dict[str, list[int]]
    certificates: list[int]


def read_reference() -> Reference:
    """Refuses where the catalogue or the corridor is not loaded."""
    places = dict(Place.objects.values_list("code", "pk"))
    kinds = dict(CertificateKind.objects.values_list("code", "pk"))
    rows = list(
        Commodity.objects.filter(kind=NodeKind.COMMODITY)
        .exclude(direction="")
        .order_by("hs_code", "code")
        .values_list("pk", "hs_code", "direction")
    )
    nodes = {
        (kind, code): pk
        for pk, kind, code in Commodity.objects.filter(kind__in=[NodeKind.HEADING, NodeKind.SUBHEADING]).values_list(
            "pk", "kind", "hs_code"
        )
    }
    wanted = {code for codes in [*SELLS_FROM.values(), *BUYS_AT.values()] for code in codes}
    if not rows or not wanted <= places.keys() or not kinds.keys() >= set(CERTIFICATES):
        raise ValidationError(_("The catalogue and the corridor are not loaded: run load_reference first."))
    headings = [hs_code[:4] for _pk, hs_code, _direction in rows]
    return Reference(
        goods=Goods(
            id=np.array([pk for pk, _hs, _direction in rows]),
            subheading=np.array([nodes.get((NodeKind.SUBHEADING, hs_code), pk) for pk, hs_code, _direction in rows]),
            heading=np.array([nodes.get((NodeKind.HEADING, hs_code[:4]), pk) for pk, hs_code, _direction in rows]),
            first_of_heading=np.array([headings.index(heading) for heading in headings]),
            n_of_heading=np.array([headings.count(heading) for heading in headings]),
            share=shares(headings),
            from_indonesia=np.array([{"ID>KZ": 1.0, "KZ>ID": 0.0}.get(way, 0.5) for _pk, _hs, way in rows]),
            stated=stated_of([pk for pk, _hs, _direction in rows]),
        ),
        sells_from={country: [places[code] for code in codes] for country, codes in SELLS_FROM.items()},
        buys_at={country: [places[code] for code in codes] for country, codes in BUYS_AT.items()},
        certificates=[kinds[code] for code in CERTIFICATES],
    )


def shares(headings: list[str]) -> np.ndarray:
    """Headings with many goods are traded most, the others by Zipf's law after them; goods of one heading alike."""
    ordered = sorted(set(headings), key=lambda heading: (-headings.count(heading), heading))
    weight = {heading: 1 / (rank + 1) ** ZIPF / headings.count(heading) for rank, heading in enumerate(ordered)}
    share = np.array([weight[heading] for heading in headings])
    return share / share.sum()


def stated_of(goods: list[int]) -> list[list[Stated]]:
    found: dict[int, list[Stated]] = {pk: [] for pk in goods}
    for row in CommodityParameter.objects.filter(commodity__in=goods).order_by("commodity", "parameter"):
        if row.kind == ParameterKind.CHOICE and not row.values:
            continue
        high = float(row.limit_max) if row.limit_max is not None else float(row.limit_min or 50) * 2
        low = float(row.limit_min) if row.limit_min is not None else high / 2
        found[row.commodity_id].append(Stated(row.parameter_id, low, high, row.values if row.kind == "choice" else []))
    return [found[pk] for pk in goods]
