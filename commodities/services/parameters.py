"""The properties that buyer and seller compare, with their names, and the usual limits of each commodity."""

from collections.abc import Collection

from commodities.loading import NAMES, SOURCE, Column, Loading, Row, Table, checked, columns
from commodities.loading.cells import text, words
from commodities.models import CommodityParameter, Parameter

# The research writes these two where a property has no unit.
NO_UNIT = ("text", "1")


def unit(cell: str) -> str:
    """A unit as it is kept: empty where a property has none."""
    code = text(20, required=True)(cell)
    return "" if code in NO_UNIT else code


PARAMETERS = Table(
    "parameters.csv",
    key=("param_key", "unit"),
    columns=(Column("param_key", "key"), Column("unit", read=unit), *NAMES, *SOURCE),
    model=Parameter,
)


def limits_table(named: Collection[tuple[str, str]]) -> Table:
    """The limits, each of a parameter that has a name: `named` are the key and the unit of those."""

    def complete(row: Row) -> None:
        low, high = row.cells["limit_min"], row.cells["limit_max"]
        if low is not None and high is not None and low > high:
            raise ValueError(f"limit_min {low} is above limit_max {high}")
        if (row.cells["param_key"], row.cells["unit"]) not in named:
            key, typed_unit = row.typed["param_key"], row.typed["unit"]
            raise ValueError(f"{PARAMETERS.file} has no param_key '{key}' with the unit '{typed_unit}'")

    return Table(
        "commodity_specs.csv",
        key=("slug", "param_key", "unit"),
        columns=(
            Column("slug", "commodity"),
            checked("param_key", text(60, required=True)),
            checked("name_en", text(200, required=True)),  # what the good's own standard calls it
            checked("unit", unit),
            *columns("rule", "limit_min", "limit_max", "kind"),
            Column("enum_values", "values", words(text(80, required=True))),
            *columns("text", "standard"),
            *SOURCE,
        ),
        model=CommodityParameter,
        complete=complete,
    )


def load_parameters(loading: Loading) -> None:
    """Load the parameters in four languages, and their usual limits by commodity."""
    parameters = loading.read(PARAMETERS)
    loading.keep(PARAMETERS, parameters, key=PARAMETERS.key_fields)

    named = {(row.values["key"], row.values["unit"]) for row in parameters}
    table = limits_table(named)
    limits = loading.read(table)
    ids = {(key, unit): pk for pk, key, unit in Parameter.objects.values_list("pk", "key", "unit")}
    for row in limits:
        row.values["parameter"] = ids[row.cells["param_key"], row.cells["unit"]]
    loading.keep(table, limits, key=("commodity", "parameter"))
