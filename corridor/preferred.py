"""Preferential tariffs: the schemes that lines of the tariff name, and what each changes for which goods."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.text import slugify

from commodities.models import Commodity
from corridor.customs import IMPORT_DUTY, Tariffs, in_force
from corridor.enums import Country
from corridor.models import Preference, Requirement, Tariff


@dataclass(frozen=True)
class Scheme:
    """One preferential tariff: what the data say of it, and how it is switched."""

    name: str
    lines: tuple[Tariff, ...]  # that name it, in force on the day
    preference: Preference | None
    requirements: tuple[Requirement, ...]  # what the list of papers says of it

    @property
    def slug(self) -> str:
        return slugify(self.name)

    @property
    def statuses(self) -> list[str]:
        """What the tariff says of its state, as it says it."""
        return sorted({line.preference_status for line in self.lines if line.preference_status})

    @property
    def free(self) -> list[Tariff]:
        """Lines that ask for nothing anyway."""
        return [line for line in self.lines if line.ad_valorem_pct == 0 and line.specific_eur is None]

    @property
    def known(self) -> list[Tariff]:
        """Lines with a duty whose preferential rate is known."""
        return [line for line in self.lines if line not in self.free and line.preference_pct is not None]

    @property
    def unknown(self) -> list[Tariff]:
        return [line for line in self.lines if line not in self.free and line.preference_pct is None]

    def is_in_force(self, on: date) -> bool:
        return self.preference is not None and self.preference.in_force_from <= on


def known_schemes() -> list[str]:
    """The preferential tariffs that a line of the reference names, by name."""
    named = Tariff.objects.exclude(preference_scheme="").order_by("preference_scheme")
    return list(named.values_list("preference_scheme", flat=True).distinct())


def switches() -> dict[str, Preference]:
    """How each preferential tariff is switched that anybody switched on."""
    return {row.scheme: row for row in Preference.objects.select_related("switched_by")}


def schemes_on(on: date) -> list[Scheme]:
    """Every preferential tariff that a line names, or that somebody switched; by name."""
    lines: dict[str, list[Tariff]] = {}
    for line in Tariff.objects.filter(in_force(on)).exclude(preference_scheme="").order_by("code"):
        lines.setdefault(line.preference_scheme, []).append(line)
    switched = switches()
    papers = list(Requirement.objects.filter(kind="preference").order_by("code"))
    return [
        Scheme(
            name,
            tuple(lines.get(name, ())),
            switched.get(name),
            tuple(paper for paper in papers if paper.title_en.startswith(name)),
        )
        for name in sorted({*lines, *switched})
    ]


@dataclass(frozen=True)
class Effect:
    """Some goods in a market, with the lines that count for them and name the scheme."""

    goods: Commodity
    market: str
    lines: tuple[Tariff, ...]


def effects_of(scheme: Scheme, on: date) -> list[Effect]:
    """The goods whose duty the scheme may lower: those with a line that counts, names it and asks for something."""
    tariffs = Tariffs(on, None)
    dutiable = {line.pk for line in (*scheme.known, *scheme.unknown)}
    found = []
    for market in Country.values:
        for goods in goods_under(line for line in scheme.lines if line.market == market):
            counted = tariffs.counted(goods, market).lines
            if lines := tuple(line for line in counted if line.pk in dutiable):
                found.append(Effect(goods, market, lines))
    return found


def goods_under(lines: Iterable[Tariff]) -> list[Commodity]:
    codes = {line.hs6 for line in lines if line.measure == IMPORT_DUTY}
    return list(Commodity.objects.tradable().filter(hs_code__in=codes).order_by("tree_lo"))
