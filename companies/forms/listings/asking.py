"""Questions of a form: words with several readings. The person chooses one, or fills in the field they are about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from companies.forms.fields import OurForm
from companies.forms.listings.parameters import ParameterUse
from companies.own_words.prefill import Filled, Option, Question

ASK = "ask_"  # begins the name of the radios of a question


@dataclass(frozen=True)
class Asked:
    """A question as the page shows it; each option with whether it is chosen."""

    name: str
    words: str
    remark: str
    options: tuple[tuple[str, str, bool], ...]


class AskingForm(OurForm):
    """A form that begins with what was read of somebody's words (`filled`), and asks what it could not tell."""

    filled: Filled
    uses: list[ParameterUse]
    goods_chosen: str

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
        if data.get("shown_for", "") != self.goods_chosen:
            self._fill_new_properties(data)
        return data

    def _fill_new_properties(self, data) -> None:
        """The properties of goods chosen just now begin with what the words say of them."""
        data["shown_for"] = self.goods_chosen
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

    @property
    def asked_of_shares(self) -> list[Asked]:
        return [asked for at, asked in self.asked.items() if at not in self.fields]

    def _need_answers(self, cleaned: dict[str, Any]) -> None:
        """A question is answered by choosing, or by filling in the field it is about."""
        for question in self.filled.questions:
            if self._is_settled(question, self.data) or self._option(question, self.data) is not None:
                continue
            sentence = _("“%(words)s” can be read in several ways. Choose one, or fill in the field.")
            error = ValidationError(sentence % {"words": question.words}, code="question")
            at = question.at if question.at in self.fields else None
            for name in {at, *(name for option in question.options for name in option.values)}:
                self._errors.pop(name, None)  # what the answer fills in is not asked for twice
            self.add_error(at, error)
