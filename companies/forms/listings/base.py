"""What the forms of a need and of a capacity share: fields filled from the person's own words, questions, the echo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts import figures
from accounts.reading import DayField, LineField, NumberField, WordsField
from commodities.enums import Unit
from commodities.models import Commodity
from commodities.quantities import MASS_KG, kilograms_per_unit
from companies.enums import PaymentTerm, Period, WeightBasis
from companies.facts import Node
from companies.faults import Refusal
from companies.forms.choosing import flat, under_headings
from companies.forms.fields import OurForm, SeenField
from companies.forms.listings.goods import Choice, Offered, choices_of, is_iced
from companies.forms.listings.parameters import ParameterUse, uses_of
from companies.models import Company
from companies.models.listings import PRICE_UNITS
from companies.own_words.prefill import Filled, Option, Question, Source
from companies.own_words.prefill_amounts import shown_quantity
from companies.own_words.prefill_parameters import fill_parameters
from companies.weights import MAX_QUANTITY_KG, allowed_units, net_of_glaze, weigh
from corridor.enums import Country, Currency, Incoterm
from corridor.models import Place

LONGEST_WORDS = 2000
USUAL_TERM, LONGEST_TERM = timedelta(days=90), timedelta(days=366)
USUAL_WINDOW = timedelta(days=180)
NOT_STATED = gettext_lazy("not stated")
FILLED_BY_US = gettext_lazy("We have filled this in. Change it where it is not so.")
BESIDE_OTHERS = ("unit", "currency", "price_unit")  # read from the words of the field before them
ASK = "ask_"  # begins the name of the radios of a question


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
class Asked:
    """A question as the page shows it; each option with whether it is chosen."""

    name: str
    words: str
    remark: str
    options: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True)
class Understood:
    """One line of what was read."""

    title: str
    said: list[str]
    source: Source
    anchor: str


def last_day() -> date:
    return timezone.localdate() + LONGEST_TERM


class ListingForm(OurForm):
    """One need or capacity. Begins with what was read, what a stored listing says, or what was typed before."""

    kind = ""
    goods_field = ""
    place_field = ""
    window_fields: tuple[str, str] = ("", "")
    groups: tuple[Group, ...] = ()
    # What the page says beside the fields.
    goods_words = ""
    found_nothing = ""
    not_understood: Sequence[str] = ()

    sent_as = forms.UUIDField(required=False, widget=forms.HiddenInput)
    seen_at = SeenField()
    made_from = NumberField(required=False, widget=forms.HiddenInput)
    reads = forms.CharField(required=False, widget=forms.HiddenInput)
    shown_for = forms.CharField(required=False, widget=forms.HiddenInput)
    offered = forms.CharField(required=False, widget=forms.HiddenInput)
    looked = forms.CharField(required=False, widget=forms.HiddenInput)
    own_words = WordsField(most=LONGEST_WORDS, required=False, label=gettext_lazy("Your own words"))
    look = LineField(
        most=200,
        required=False,
        label=gettext_lazy("Not among them? Say it in other words"),
        help_text=gettext_lazy("A trade name or an HS code, in any of the four languages."),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    quantity = NumberField(decimals=3, most=MAX_QUANTITY_KG, label=gettext_lazy("Quantity"))
    unit = forms.ChoiceField(choices=Unit.choices, label=gettext_lazy("Unit of the quantity"))
    unit_kg = NumberField(
        decimals=4,
        most=10_000_000,
        required=False,
        label=gettext_lazy("What does one of them weigh, in kilograms?"),
        help_text=gettext_lazy("Net, without the packing."),
    )
    weight_basis = forms.ChoiceField(
        choices=WeightBasis.choices,
        required=False,
        widget=forms.RadioSelect,
        label=gettext_lazy("Which weight is it?"),
        help_text=gettext_lazy("Fish is compared by its net weight, without glaze."),
    )
    glaze_percent = NumberField(
        decimals=2,
        most=Decimal("99.99"),
        required=False,
        label=gettext_lazy("How much of it is glaze?"),
        help_text=gettext_lazy("In percent of the weight with glaze. Leave it empty for net weight."),
    )
    period = forms.ChoiceField(choices=Period.choices, widget=forms.RadioSelect, label=gettext_lazy("How often?"))
    price = NumberField(decimals=4, required=False)
    currency = forms.ChoiceField(choices=[("", NOT_STATED), *Currency.choices], required=False)
    price_unit = forms.ChoiceField(choices=[("", NOT_STATED), *PRICE_UNITS], required=False)
    incoterm = forms.ChoiceField(
        choices=[("", NOT_STATED), *Incoterm.choices], required=False, label=gettext_lazy("Incoterm")
    )
    payment_terms = forms.MultipleChoiceField(
        choices=PaymentTerm.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("How may be paid?"),
        help_text=gettext_lazy("Tick all that you take."),
    )
    valid_until = DayField(
        earliest=timezone.localdate,
        latest=last_day,
        label=gettext_lazy("Until when does it hold?"),
        help_text=gettext_lazy("After that day it leaves the book. You are reminded before, and can renew it."),
    )
    reference = LineField(
        most=40,
        required=False,
        label=gettext_lazy("Your own number for it"),
        help_text=gettext_lazy("Leave it empty, and it gets one."),
    )

    def __init__(
        self,
        data: Mapping | None = None,
        *,
        company: Company,
        offered: Sequence[Offered] = (),
        filled: Filled | None = None,
        initial: dict[str, Any] | None = None,
    ):
        self.company, self.filled = company, filled or Filled()
        super().__init__(data, initial=self._defaults() | self.filled.values | (initial or {}))
        self._choose_goods(offered)
        self._choose_places()
        # As they are written after a figure: OurForm begins choices with a capital letter.
        self.fields["unit"].choices = Unit.choices
        self.fields["price_unit"].choices = [("", NOT_STATED), *PRICE_UNITS]
        self.uses = uses_of(self.nodes[:1])
        for use in self.uses:
            self.fields |= use.fields()
        if self.nodes:
            fill_parameters(self.filled, self.uses)
        self.initial |= {name: value for name, value in self.filled.values.items() if name not in self.initial}
        self._clear_what_is_asked()
        self.initial["shown_for"] = self.principal
        if not self.asks_ice:
            del self.fields["weight_basis"], self.fields["glaze_percent"]
        self.fields["own_words"].widget.attrs["rows"] = 4
        self.fields["unit_kg"].help_text = self._usual_weight() or self.fields["unit_kg"].help_text
        if data is not None:
            self.data = self._answered(data)

    # How it begins

    def _defaults(self) -> dict[str, Any]:
        today = timezone.localdate()
        first, last = self.window_fields
        return {
            "unit": Unit.TONNE,
            first: today,
            last: today + USUAL_WINDOW,
            "valid_until": today + USUAL_TERM,
            self.place_field: self.company.place_id,
        }

    def _choose_goods(self, offered: Sequence[Offered]) -> None:
        """What was offered, and whatever is chosen already."""
        chosen = self._sent(self.goods_field)
        known = {one.value for one in offered}
        offered = [*offered, *(Offered(value) for value in chosen[:20] if value not in known)]
        self.choices = choices_of(offered, for_need=self.is_need)
        self.fields[self.goods_field].choices = [(one.value, one.node.name) for one in self.choices]
        self.initial["offered"] = " ".join(str(Offered(one.value, one.score)) for one in self.choices)

    def _choose_places(self) -> None:
        places = list(Place.objects.all())
        self.places = {place.pk: place for place in places}
        own = [place for place in places if place.country == self.company.country]
        other = [place for place in places if place.country in set(Country.values) - {self.company.country}]
        between = [place for place in places if place.country not in Country.values]
        countries = dict(Country.choices)
        title = countries.get(other[0].country, "") if other else ""
        groups = [(countries[self.company.country], own), (title, other)]
        for name in self.place_names:
            wide = groups if name == "destination" else [*groups, (_("On the way"), between)]
            self.fields[name].choices = under_headings(wide)

    def _sent(self, name: str) -> list[str]:
        """The values of a field with several, as they were sent or as the form begins."""
        if not self.is_bound:
            value = self.initial.get(name) or []
            return [value] if isinstance(value, str) else [str(one) for one in value]
        getter = getattr(self.data, "getlist", None)
        value = getter(name) if getter else self.data.get(name, [])
        return [value] if isinstance(value, str) else [str(one) for one in value]

    def _usual_weight(self) -> str:
        """What the catalogue knows of the weight of one box, piece or litre, which holds where nothing is said."""
        unit, node = self._read("unit"), self.nodes[0] if self.nodes else None
        if not isinstance(node, Commodity) or unit in (None, *MASS_KG) or unit not in allowed_units(node):
            return ""
        usual = figures.shortest(kilograms_per_unit(unit, node))
        return _("Net, without the packing. Left empty, it is the usual one: %(kg)s kg.") % {"kg": usual}

    # Questions

    def _clear_what_is_asked(self) -> None:
        """What is asked is not filled in by us meanwhile."""
        for question in self.filled.questions:
            for name in {name for option in question.options for name in option.values} - {"unit"}:
                self.initial.pop(name, None)

    def _answered(self, data: Mapping) -> Mapping:
        """The data with the answers to the questions in the fields they are about, where nothing was typed there."""
        data = data.copy()
        for question in self.filled.questions:
            option = self._option(question, data)
            if option and not self._is_settled(question, data):
                for name in option.values:
                    self._put(data, name, option.values[name])
        if data.get("shown_for", "") != self.principal:
            self._fill_new_properties(data)
        return data

    def _fill_new_properties(self, data) -> None:
        """The properties of goods chosen just now begin with what the words say of them."""
        data["shown_for"] = self.principal
        for name in (name for use in self.uses for name in use.names):
            if name in self.filled.values and not any(data.getlist(name)):
                self._put(data, name, self.filled.values[name])

    def _put(self, data, name: str, value: Any) -> None:
        if isinstance(value, (list, tuple)):
            data.setlist(name, [str(one) for one in value])
        elif name in self.fields:
            data[name] = str(self.fields[name].prepare_value(value))

    def _option(self, question: Question, data: Mapping) -> Option | None:
        chosen = data.get(ASK + question.at, "")
        is_number = chosen.isascii() and chosen.isdigit() and len(chosen) < 3
        return question.options[int(chosen)] if is_number and int(chosen) < len(question.options) else None

    def _is_settled(self, question: Question, data: Mapping) -> bool:
        """Whether the field that a question is about says something."""
        if question.at in self.fields:
            return any(data.getlist(question.at))
        return any(any(data.getlist(name)) for option in question.options for name in option.values)

    @property
    def asked(self) -> dict[str, Asked]:
        """The questions that are open, by the field they are about."""
        open_ones = {}
        for question in self.filled.questions:
            if self.is_bound and self._is_settled(question, self.data):
                continue
            chosen = self.data.get(ASK + question.at, "") if self.is_bound else ""
            options = tuple(
                (str(number), option.label, str(number) == chosen) for number, option in enumerate(question.options)
            )
            open_ones[question.at] = Asked(ASK + question.at, question.words, question.remark, options)
        return open_ones

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
    def understood(self) -> list[Understood]:
        """What was read, one line for the same words: what it is, what it says, the words, and where to change it."""
        lines: dict[str, Understood] = {}
        for name, source in self.filled.sources.items():
            if name not in self.fields:
                continue
            line = lines.setdefault(source.words, Understood(self._title_of(name), [], source, f"id_{name}"))
            said = self._with_bound(name)
            if said not in line.said:
                line.said.append(said)
        return list(lines.values())

    @property
    def has_read(self) -> bool:
        """Whether there is something to tell of the person's words."""
        return not self.is_bound and bool(self.goods_words or self.filled.sources or self.asked or self.filled.kept)

    def _title_of(self, name: str) -> str:
        use = self._use_of(name)
        return use.parameter.name if use else str(self.fields[name].label)

    # What is checked beyond the single fields

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._need_answers(cleaned)
        self._weigh_units(cleaned)
        if self.asks_ice and not cleaned.get("weight_basis") and "weight_basis" not in self.errors:
            self.add_error("weight_basis", _("Say whether the quantity is net weight or weight with glaze."))
        return cleaned

    def _need_answers(self, cleaned: dict[str, Any]) -> None:
        """A question is answered by choosing, or by filling in the field it is about."""
        for question in self.filled.questions:
            if self._is_settled(question, self.data) or self._option(question, self.data) is not None:
                continue
            sentence = _("“%(words)s” can be read in several ways. Choose one, or fill in the field.")
            error = ValidationError(sentence % {"words": question.words}, code="question")
            at = question.at if question.at in self.fields else None
            self._errors.pop(at, None)
            self.add_error(at, error)

    def _weigh_units(self, cleaned: dict[str, Any]) -> None:
        unit = cleaned.get("unit")
        if not unit or not self.nodes:
            return
        if unit in MASS_KG:
            cleaned["unit_kg"] = None
        elif not cleaned.get("unit_kg") and unit not in allowed_units(self.nodes[0]) and "unit_kg" not in self.errors:
            self.add_error("unit_kg", _("Nobody here knows what one of them weighs. Say it in kilograms."))

    # What the services take

    def stated(self) -> dict[str, Any]:
        """The facts that a need and a capacity share, as the services take them."""
        cleaned = self.cleaned_data
        is_iced_weight = cleaned.get("weight_basis") == WeightBasis.GLAZED
        return {
            "company": self.company,
            "reference": cleaned["reference"],
            "own_words": cleaned["own_words"],
            "language": (get_language() or "en")[:2] if cleaned["own_words"] else "",
            "quantity": Decimal(cleaned["quantity"]),
            "unit": cleaned["unit"],
            "unit_kg": cleaned.get("unit_kg"),
            "weight_basis": cleaned.get("weight_basis", ""),
            "glaze_percent": cleaned.get("glaze_percent") if is_iced_weight else None,
            "period": cleaned["period"],
            "price": cleaned["price"],
            "currency": cleaned["currency"],
            "price_unit": cleaned["price_unit"],
            "incoterm": cleaned["incoterm"],
            "payment_terms": tuple(cleaned["payment_terms"]),
            "parameters": tuple(filter(None, (use.stated(cleaned) for use in self.uses))),
            "valid_until": cleaned["valid_until"],
            "sent_as": cleaned["sent_as"],
        }

    def place_of(self, name: str) -> Place | None:
        return self.places.get(self.cleaned_data.get(name))

    # What the page asks of the form

    @property
    def is_need(self) -> bool:
        return self.kind == "need"

    @property
    def place_names(self) -> tuple[str, ...]:
        return (self.place_field,)

    @property
    def chosen(self) -> list[Choice]:
        values = self._sent(self.goods_field)
        return [choice for choice in self.choices if choice.value in values]

    @property
    def principal(self) -> str:
        """The goods that count most: their properties are asked."""
        return self.chosen[0].value if self.chosen else ""

    @property
    def waiting(self) -> list[str]:
        """Shares that were read, and whose they are hangs on the goods."""
        return [] if self.nodes else [words for _share, words in self.filled.shares]

    @property
    def nodes(self) -> list[Node]:
        return [choice.node for choice in self.chosen]

    @property
    def asks_ice(self) -> bool:
        return any(is_iced(node) for node in self.nodes)

    def quiet(self) -> "ListingForm":
        """Show what was typed without saying what is wrong with it: the person has not finished."""
        self._errors = ErrorDict()
        return self

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

    def compare_with(self, now: "ListingForm") -> None:
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

    # What the page shows

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

    @property
    def asked_of_shares(self) -> list[Asked]:
        return [asked for at, asked in self.asked.items() if at not in self.fields]

    @property
    def goods_rows(self) -> list[dict]:
        boxes = self[self.goods_field].subwidgets
        return [{"choice": choice, "box": box} for choice, box in zip(self.choices, boxes, strict=True)]

    @property
    def quality_rows(self) -> list[dict]:
        return [{"use": use} for use in self.uses]

    @property
    def echo_words(self) -> str:
        return self.echo()

    @property
    def asks_unit_kg(self) -> bool:
        """Where the quantity is not counted by weight, or something was said of what one of them weighs."""
        return self._read("unit") not in MASS_KG or bool(self._said("unit_kg"))
