"""What can be wrong with something a person wrote, as a code with its facts. `texts.py` says it in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from companies.texts import sentence


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: with which field, which rule it breaks, and the facts of it."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    field: str = ""


class Refusal(ValueError):  # noqa: N818  a refusal is an answer, not a mishap
    """A written value that cannot be taken, with the rule it breaks."""

    def __init__(self, code: str, /, **params):
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return sentence(self.code, self.params)

    def as_fault(self, field: str = "") -> Fault:
        return Fault(self.code, self.params, field)


def refuse(faults: Iterable[Fault]) -> None:
    """Raise what is wrong as a ValidationError, each sentence at its field; do nothing where nothing is wrong."""
    by_field: dict[str, list[ValidationError]] = {}
    for fault in faults:
        error = ValidationError(sentence(fault.code, fault.params), code=fault.code)
        by_field.setdefault(fault.field or NON_FIELD_ERRORS, []).append(error)
    if by_field:
        raise ValidationError(by_field)
