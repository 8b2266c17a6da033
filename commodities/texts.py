"""How the units of quality parameters, and long names of goods, are written for a reader.

The catalogue, the sheets of a book and the engine use the codes of `commodity_specs.csv`; a page writes the label.
"""

from django.utils.translation import pgettext_lazy

SHORT_NAME = 60  # letters: longer than the name of any tradable commodity

UNIT_LABELS = {
    "%": "%",
    "Cel": "°C",
    "g I2/100 g": pgettext_lazy("unit", "g I2/100 g"),
    "mg KOH/g": pgettext_lazy("unit", "mg KOH/g"),
    "meq O2/kg": pgettext_lazy("unit", "meq O2/kg"),
    "mg/kg": pgettext_lazy("unit", "mg/kg"),
    "kcal/kg": pgettext_lazy("unit", "kcal/kg"),
    "BTU/scf": pgettext_lazy("unit", "BTU/scf"),
    "pcs/lb": pgettext_lazy("unit", "pieces/lb"),
    "pcs/kg": pgettext_lazy("unit", "pieces/kg"),
    "g": pgettext_lazy("unit", "g"),
    "oz": pgettext_lazy("unit", "oz"),
    "g/cm3": pgettext_lazy("unit", "g/cm³"),
    "g/l": pgettext_lazy("unit", "g/l"),
    "mm": pgettext_lazy("unit", "mm"),
    "inch": pgettext_lazy("unit", "inch"),
    "s": pgettext_lazy("unit", "s"),
}


def unit_label(code: str) -> str:
    """The unit as the reader writes it; a code without a label speaks for itself."""
    return str(UNIT_LABELS.get(code, code))


def short_name(name: str) -> str:
    """The title of an HS code can fill a paragraph: what of it fits a heading or a row, cut at a word."""
    if len(name) <= SHORT_NAME:
        return name
    at_a_word = name[:SHORT_NAME].rpartition(" ")[0] or name[: SHORT_NAME - 1]
    return at_a_word.rstrip(" ,;:(-") + "\N{HORIZONTAL ELLIPSIS}"
