"""The properties that buyer and seller compare, and the usual limits of each commodity."""

from commodities.loading import SOURCE, Column, Loading, Row, Table, checked, columns
from commodities.loading.cells import text, words
from commodities.models import CommodityParameter, Parameter

# The research writes these two where a property has no unit.
NO_UNIT = ("text", "1")


def complete_limits(row: Row) -> None:
    low, high = row.cells["limit_min"], row.cells["limit_max"]
    if low is not None and high is not None and low > high:
        raise ValueError(f"limit_min {low} is above limit_max {high}")


LIMITS = Table(
    "commodity_specs.csv",
    key=("slug", "param_key", "unit"),
    columns=(
        Column("slug", "commodity"),
        checked("param_key", text(60, required=True)),
        checked("name_en", text(200, required=True)),
        checked("unit", text(20, required=True)),
        *columns("rule", "limit_min", "limit_max", "kind"),
        Column("enum_values", "values", words(text(80, required=True))),
        *columns("text", "standard"),
        *SOURCE,
    ),
    model=CommodityParameter,
    complete=complete_limits,
)
PARAMETERS = Table(
    "commodity_specs.csv (parameters)", key=("key", "unit"), columns=columns("key", "unit", "name_en"), model=Parameter
)


def load_parameters(loading: Loading) -> None:
    """Load the parameters, each named as where it is met first, and their limits by commodity."""
    limits = loading.read(LIMITS)
    first: dict[tuple[str, str], Row] = {}
    for row in limits:
        first.setdefault(_key_and_unit(row), row)
    parameters = [
        Row(row.line, values={"key": key, "unit": unit, "name_en": row.cells["name_en"]})
        for (key, unit), row in first.items()
    ]
    loading.keep(PARAMETERS, parameters, key=("key", "unit"))

    ids = {(key, unit): pk for pk, key, unit in Parameter.objects.values_list("pk", "key", "unit")}
    for row in limits:
        row.values["parameter"] = ids[_key_and_unit(row)]
    loading.keep(LIMITS, limits, key=("commodity", "parameter"))


def _key_and_unit(row: Row) -> tuple[str, str]:
    unit = row.cells["unit"]
    return row.cells["param_key"], "" if unit in NO_UNIT else unit
