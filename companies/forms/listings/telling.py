"""What the page of a listing tells beside its fields: what was read, the echo in kilograms, what is not stated."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _

from accounts import figures
from accounts.reading import DayField
from commodities.quantities import MASS_KG
from companies.enums import WeightBasis
from companies.facts import Node
from companies.faults import Refusal
from companies.forms.choosing import flat
from companies.forms.listings.asking import AskingForm
from companies.forms.listings.goods import Choice
from companies.forms.listings.parameters import ParameterUse
from companies.own_words.prefill import Source
from companies.own_words.prefill_amounts import shown_quantity
from companies.weights import net_of_glaze, weigh

BESIDE_OTHERS = ("unit", "currency", "price_unit")  # read from the words of the field before them


def _as_day(value: Any) -> Any:
    """A day that a browser's calendar sends, as the day that it is."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


@dataclass(frozen=True)
class Group:
    """Fields that belong together and are folded away until they are needed."""

    key: str
    title: str
    names: tuple[str, ...]
    counts: bool = True  # whether not stating it leaves a question and costs points


@dataclass(frozen=True)
class Section:
    """A group of fields on the page."""

    group: Group
    said: str
    is_open: bool


@dataclass(frozen=True)
class Understood:
    """One line of what was read."""

    title: str
    said: list[str]
    source: Source
    anchor: str


class TellingForm(AskingForm):
    """A form of a listing, as its page shows it."""

    groups: tuple[Group, ...] = ()
    goods_field = ""
    choices: list[Choice]
    nodes: list[Node]
    # What the page says of the search for goods.
    goods_words = ""
    found_nothing = ""
    not_understood: tuple[str, ...] = ()

    @property
    def sections(self) -> list[Section]:
        """The groups of fields that are folded away, each with what it says; open where something is to be done."""
        sections = []
        for group in self.groups:
            names = [name for use in self.uses for name in use.names] if group.key == "quality" else group.names
            said = ", ".join(filter(None, (self._section_says(name) for name in names)))
            is_open = any(name in self.errors or name in self.asked for name in names) if self.is_bound else False
            is_open = is_open or any(name in self.asked for name in names)
            is_open = is_open or (group.key == "quality" and bool(self.asked_of_shares))
            sections.append(Section(group, said, is_open))
        return sections

    def _section_says(self, name: str) -> str:
        said = self._with_bound(name)
        use = self._use_of(name)
        return f"{use.parameter.name} {said}" if use and said else said

    def _with_bound(self, name: str) -> str:
        """ "At most 0.1 %" of the upper end of a property; of other fields what they say."""
        said, use = self._said(name), self._use_of(name)
        if not said or not use or not use.is_range:
            return said
        figure = {"figure": figures.measured(said, use.unit)}
        return _("at least %(figure)s") % figure if name == use.names[0] else _("at most %(figure)s") % figure

    def _use_of(self, name: str) -> ParameterUse | None:
        return next((use for use in self.uses if name in use.names), None)

    def source_of(self, name: str) -> Source | None:
        """The words a field was filled from, as long as it says what they say."""
        source = self.filled.sources.get(name)
        if source is None or name not in self.fields or name in BESIDE_OTHERS:
            return None
        if self.is_bound:
            typed = self.fields[name].widget.value_from_datadict(self.data, {}, name)
            if self.fields[name].has_changed(self.filled.values[name], typed):
                return None
        return source

    @property
    def has_read(self) -> bool:
        """Whether there is something to tell of the person's words."""
        return not self.is_bound and bool(self.goods_words or self.filled.sources or self.asked or self.filled.kept)

    @property
    def understood(self) -> list[Understood]:
        """What was read, one line for the same words: what it is, what it says, the words, and where to change it."""
        lines: dict[str, Understood] = {}
        for name, source in self.filled.sources.items():
            if name not in self.fields:
                continue
            line = lines.setdefault(source.words, Understood(self._title_of(name), [], source, f"id_{name}"))
            said = self._with_bound(name)
            if name == "price_unit" and line.said:  # 1,100 USD/t
                line.said[-1] += f"/{said}"
            elif said not in line.said:
                line.said.append(said)
        return list(lines.values())

    def _title_of(self, name: str) -> str:
        use = self._use_of(name)
        return use.parameter.name if use else str(self.fields[name].label)

    @property
    def waiting(self) -> list[str]:
        """Shares that were read, and whose they are hangs on the goods."""
        return [] if self.nodes else [words for _share, words in self.filled.shares]

    @property
    def goods_rows(self) -> list[dict]:
        boxes = self[self.goods_field].subwidgets
        return [{"choice": choice, "box": box} for choice, box in zip(self.choices, boxes, strict=True)]

    @property
    def asks_unit_kg(self) -> bool:
        """Where the quantity is not counted by weight, or something was said of what one of them weighs."""
        return self._read("unit") not in MASS_KG or bool(self._said("unit_kg"))

    def echo(self) -> str:
        """The quantity in kilograms as it would be kept: 40 t = 40,000 kg."""
        quantity, unit = self._read("quantity"), self._read("unit")
        if not quantity or not unit or not self.nodes:
            return ""
        glaze = self._read("glaze_percent") if self._read("weight_basis") == WeightBasis.GLAZED else None
        try:
            gross = weigh(Decimal(quantity), unit, self.nodes[0], self._read("unit_kg"))
        except Refusal:
            return ""
        typed = shown_quantity(Decimal(quantity), unit)
        shown = {"typed": typed, "kg": figures.measured(figures.decimal(net_of_glaze(gross, glaze)), _("kg"))}
        if not glaze:
            return _("%(typed)s = %(kg)s") % shown
        shown["glaze"] = figures.measured(figures.shortest(Decimal(glaze), 2), "%")
        return _("%(typed)s with %(glaze)s glaze = %(kg)s net, rounded down to the kilogram") % shown

    def compare_with(self, now: "TellingForm") -> None:
        """Somebody else has saved: say at each field that differs what is stored now; saving again replaces it."""
        for name, field in self.fields.items():
            if name in now.fields and not isinstance(field.widget, forms.HiddenInput):
                typed = field.widget.value_from_datadict(self.data, {}, name)
                if field.has_changed(now.initial.get(name), typed):
                    field.stored = now.shown(name)

    def shown(self, name: str) -> str:
        """What a field says now, as a person reads it."""
        return self._said(name) or _("nothing")

    def _said(self, name: str) -> str:
        field = self.fields[name]
        value = self._raw(name)
        if value in (None, "", []):
            return ""
        if hasattr(field, "choices"):
            chosen = [str(one) for one in (value if isinstance(value, (list, tuple)) else [value])]
            return ", ".join(str(label) for key, label in flat(field.choices) if str(key) in chosen and key != "")
        if isinstance(field, DayField):
            value = _as_day(value)
        if isinstance(value, date):
            return figures.written_day(value)
        if isinstance(value, int | Decimal):
            return figures.shortest(Decimal(value))
        return str(field.prepare_value(value))

    def _raw(self, name: str) -> Any:
        """As it was typed, or as the form begins."""
        if self.is_bound:
            return self.fields[name].widget.value_from_datadict(self.data, {}, name)
        return self.initial.get(name)

    def _read(self, name: str) -> Any:
        """What a field means now, or nothing where it cannot be read."""
        if name not in self.fields:
            return None
        if not self.is_bound:
            return self.initial.get(name)
        try:
            return self.fields[name].clean(self.fields[name].widget.value_from_datadict(self.data, {}, name))
        except ValidationError:
            return None

    def quiet(self) -> "TellingForm":
        """Show what was typed without saying what is wrong with it: the person has not finished."""
        self._errors = ErrorDict()
        return self
