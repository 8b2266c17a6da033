"""What things are called: rules, answers, components, sides, and the codes of the book."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from companies.enums import PaymentTerm
from corridor.enums import Country

RULE_NAMES = {
    "sides": _("Sides"),
    "commodity": _("Goods"),
    "parameters": _("Specification"),
    "certificates": _("Certificates"),
    "law": _("Law of the lane"),
    "time": _("Time"),
    "quantity": _("Quantity"),
    "price": _("Price"),
    "payment": _("Payment"),
    "standing": _("Standing"),
}

ANSWER_NAMES = {
    1: pgettext_lazy("answer of a rule", "fits"),
    0: pgettext_lazy("answer of a rule", "not known"),
    -1: pgettext_lazy("answer of a rule", "does not fit"),
}

COMPONENT_NAMES = {
    "price": _("Price"),
    "quantity": _("Quantity"),
    "quality": _("Quality"),
    "time": _("Time"),
    "certificates": _("Certificates"),
    "logistics": _("Logistics"),
    "trust": _("Trust"),
}

SIDE_NAMES = {
    "buyer": _("buyer"),
    "seller": _("seller"),
    "both": _("both sides"),
    "staff": _("city staff"),
}


@dataclass(frozen=True)
class Names:
    """What certificates and parameters are called in the reader's language; a code without a name speaks for itself."""

    certificates: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[tuple[str, str], str] = field(default_factory=dict)  # key and unit -> name
    values: Mapping[str, str] = field(default_factory=dict)

    def certificate(self, code: str) -> str:
        return str(self.certificates.get(code, code))

    def parameter(self, key: str, unit: str | None = None) -> str:
        """Another unit makes another parameter. Where the unit is not known: the one name of all with the key."""
        if (key, unit) in self.parameters:
            return str(self.parameters[key, unit])
        of_key = {str(name) for (named, _unit), name in self.parameters.items() if named == key}
        return of_key.pop() if len(of_key) == 1 else key

    def value(self, word: str) -> str:
        return str(self.values.get(word, word))


BY_CODE = Names()


def country(code: str) -> str:
    return str(Country(code).label) if code in Country.values else code


def term(code: str) -> str:
    return str(PaymentTerm(code).label) if code in PaymentTerm.values else code
