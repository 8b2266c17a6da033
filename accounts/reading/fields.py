"""Form fields for a number and for a day. What can be read two ways is asked back with both readings to choose from.

    at_least_t = NumberField(decimals=3, label=_("At least, in tonnes"))
    deliver_on = DayField(label=_("On which day?"))

`ui/_field.html` shows the question: both readings as radios (in the companion `<name>_meant`), and the field to type
again. It works without script, and what was typed stays.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import figures
from accounts.reading.days import parse_day
from accounts.reading.numbers import parse_number, stripped, typed_form
from accounts.reading.refusals import Refusal
from accounts.reading.sentences import sentence
from accounts.reading.spelling import spelled

MEANT = "_meant"  # ends the name of the companion that says which reading was meant
TWO_READINGS = "two_readings"
MOST = Decimal(10) ** 12
MISSING = gettext_lazy("Fill this in.")


class Typed(str):
    """What was typed, with the reading that was chosen where it had two."""

    __slots__ = ("meant",)

    def __new__(cls, text: str, meant: str = ""):
        typed = super().__new__(cls, text)
        typed.meant = meant
        return typed


@dataclass(frozen=True)
class Reading:
    """One thing that was typed can mean: as it is sent, as it is shown, and in words."""

    value: str
    shown: str
    words: str
    is_chosen: bool = False


class TypedInput(forms.TextInput):
    def value_from_datadict(self, data, files, name) -> Typed | None:
        text = data.get(name)
        return None if text is None else Typed(text, data.get(name + MEANT) or "")


class DayInput(TypedInput):
    """A calendar where the browser has one, which sends ISO days. Anything else that was typed is kept as text."""

    def get_context(self, name, value, attrs) -> dict:
        context = super().get_context(name, value, attrs)
        try:
            is_iso = not value or date.fromisoformat(value).isoformat() == value
        except ValueError:
            is_iso = False
        context["widget"]["type"] = "date" if is_iso else "text"
        return context


class TypedField(forms.Field):
    """What both fields share. A kind of field reads a text (`read`), bounds a value and says its readings."""

    default_error_messages = {"required": MISSING}

    def to_python(self, typed):
        if typed is None or not isinstance(typed, str):
            return typed
        if not stripped(typed):
            return None
        try:
            value = self.read(typed)
        except Refusal as refusal:
            if not refusal.code.endswith(TWO_READINGS):
                raise ValidationError(str(refusal), code=refusal.code) from None
            value = self._meant(typed, refusal)
        if fault := self.fault(value):
            raise ValidationError(sentence(*fault), code=fault[0])
        return value

    def readings(self, typed) -> list[Reading]:
        """Everything the typed text can mean, of which this field would take one or more; nothing where it is clear."""
        if not isinstance(typed, str):
            return []
        try:
            self.read(typed)
        except Refusal as refusal:
            if refusal.code.endswith(TWO_READINGS):
                values = [self.value_of(refusal.params[name]) for name in ("one", "two")]
                chosen = getattr(typed, "meant", "")
                return [self.reading(value, chosen) for value in values if not self.fault(value)]
        return []

    def _meant(self, typed: str, refusal: Refusal):
        """The reading that was chosen. Raises ValidationError, with both, where none was."""
        for reading in self.readings(typed):
            if reading.is_chosen:
                return self.value_of(reading.value)
        raise ValidationError(self.question(refusal.params), code=TWO_READINGS)

    def read(self, text: str):
        raise NotImplementedError

    def value_of(self, reading):
        raise NotImplementedError

    def fault(self, value) -> tuple[str, dict] | None:
        raise NotImplementedError

    def reading(self, value, chosen: str) -> Reading:
        raise NotImplementedError

    def question(self, params: dict) -> str:
        raise NotImplementedError


class NumberField(TypedField):
    """A number of at most `decimals` decimals between two bounds; whole ones (no decimals) are int, others Decimal."""

    widget = TypedInput

    def __init__(self, *, decimals: int = 0, least: Decimal | int = 0, most: Decimal | int = MOST, **options):
        super().__init__(**options)
        self.decimals, self.least, self.most = decimals, Decimal(least), Decimal(most)
        self.widget.attrs.setdefault("inputmode", "decimal" if decimals else "numeric")
        self.widget.attrs.setdefault("autocomplete", "off")

    def read(self, text: str) -> int | Decimal:
        number = parse_number(text, decimals=self.decimals, signed=self.least < 0)
        return number if self.decimals else int(number)

    def value_of(self, reading: str) -> int | Decimal:
        number = Decimal(reading)
        return int(number) if not self.decimals and number == int(number) else number

    def fault(self, value: int | Decimal) -> tuple[str, dict] | None:
        most = max(4, self.decimals)  # the least rate of exchange is not written as 0
        shown = figures.shortest(Decimal(value), most)
        if value < self.least:
            return "number_below_least", {"text": shown, "least": figures.shortest(self.least, most)}
        if value > self.most:
            return "number_above_most", {"text": shown, "most": figures.shortest(self.most, most)}
        if -Decimal(value).normalize().as_tuple().exponent > self.decimals:
            code = "number_too_fine" if self.decimals else "number_not_whole"
            return code, {"text": shown, "decimals": self.decimals}
        return None

    def reading(self, value: int | Decimal, chosen: str) -> Reading:
        plain = typed_form(Decimal(value))
        words = spelled(Decimal(value)) if value >= 0 else ""
        return Reading(plain, figures.shortest(Decimal(value)), words, plain == chosen)

    def question(self, params: dict) -> str:
        """Both readings, written so that each can be typed again."""
        sign = formats.get_format("DECIMAL_SEPARATOR")
        both = {name: params[name].replace(".", sign) for name in ("one", "two")}
        return _("“%(text)s” can be read as %(one)s or as %(two)s. Choose one, or type it again.") % {
            "text": params["text"],
            **both,
        }

    def prepare_value(self, value):
        """A stored number, written in the reader's language so that it has one meaning."""
        if value is None or isinstance(value, (str, bool)):
            return value
        return typed_form(Decimal(value), formats.get_format("DECIMAL_SEPARATOR"))


class DayField(TypedField):
    """A day of the calendar. The bounds are days, or functions that give them (today)."""

    widget = DayInput

    def __init__(
        self,
        *,
        earliest: date | Callable[[], date] | None = None,
        latest: date | Callable[[], date] | None = None,
        **options,
    ):
        super().__init__(**options)
        self.earliest, self.latest = earliest, latest

    def read(self, text: str) -> date:
        return parse_day(text)

    def value_of(self, reading: date | str) -> date:
        return date.fromisoformat(reading) if isinstance(reading, str) else reading

    def fault(self, value: date) -> tuple[str, dict] | None:
        earliest = self.earliest() if callable(self.earliest) else self.earliest
        latest = self.latest() if callable(self.latest) else self.latest
        if earliest and value < earliest:
            return "day_too_early", {"text": figures.written_day(value), "least": earliest}
        if latest and value > latest:
            return "day_too_late", {"text": figures.written_day(value), "most": latest}
        return None

    def reading(self, value: date, chosen: str) -> Reading:
        iso = value.isoformat()
        return Reading(iso, figures.written_day(value), figures.weekday(value), iso == chosen)

    def question(self, params: dict) -> str:
        return _("“%(text)s” can be %(one)s or %(two)s. Choose one, or type it again.") % {
            "text": params["text"],
            "one": figures.written_day(params["one"]),
            "two": figures.written_day(params["two"]),
        }

    def prepare_value(self, value):
        return value.isoformat() if isinstance(value, date) else value
