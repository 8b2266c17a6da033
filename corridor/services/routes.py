"""What joins the places, and what carries goods along it."""

from commodities.loading import NAMES, SOURCE, Column, Loading, Row, Table, columns
from commodities.loading.cells import known_code, one_of, text, words, yes_no
from commodities.models import Commodity
from corridor.enums import Mode
from corridor.models import Equipment, Leg, LegEquipment, TransportClassEquipment

UNIT_KINDS = ["box", "loose"]
CHAIN_GROUPS = ["loose_dry", "loose_break", "loose_liquid", "loose_gas", "loose_reefer", "air"]


def complete_leg(row: Row) -> None:
    low, high = row.cells["transit_days_low"], row.cells["transit_days_high"]
    if (low is None) != (high is None):
        raise ValueError("transit days need both the lower and the higher figure")
    if low is not None and low > high:
        raise ValueError(f"transit_days_low {low} is above transit_days_high {high}")
    if row.cells["from_code"] == row.cells["to_code"]:
        raise ValueError("a leg joins two different places")


def complete_equipment(row: Row) -> None:
    if (row.cells["unit_kind"] == "box") != (not row.cells["chain_group"]):
        raise ValueError("loose goods need a chain_group, boxes have none")


EQUIPMENT = Table(
    "equipment.csv",
    key=("code",),
    columns=(
        *columns("code"),
        *NAMES,
        *columns("iso_6346", "payload_kg", "volume_m3"),
        Column("reefer", "is_reefer", yes_no("y", "n")),
        Column("liquid", "is_liquid", yes_no("y", "n")),
        Column("modes", read=words(one_of(Mode.values))),
        Column("unit_kind", read=one_of(UNIT_KINDS)),
        Column("chain_group", "chain_groups", words(one_of(CHAIN_GROUPS))),
        *columns("note"),
        *SOURCE,
    ),
    model=Equipment,
    complete=complete_equipment,
)

LEGS = Table(
    "legs.csv",
    key=("id",),
    columns=(
        Column("id", "code"),
        Column("from_code", "origin"),
        Column("to_code", "destination"),
        *columns("mode", "distance_km", "distance_method"),
        *columns("transit_days_low", "transit_days_high", "transit_method"),
        Column("bidirectional", "is_bidirectional"),
        *columns("status"),
        Column("parts", read=words(text(10))),
        *columns("note"),
        *SOURCE,
    ),
    model=Leg,
    complete=complete_leg,
)

LEG_EQUIPMENT = Table(
    "leg_equipment.csv",
    key=("leg_id", "equipment"),
    columns=(Column("leg_id", "leg"), *columns("equipment", "note"), *SOURCE),
    model=LegEquipment,
)


def class_equipment_table(transport_classes: set[str]) -> Table:
    return Table(
        "transport_class_equipment.csv",
        key=("transport_class", "equipment"),
        columns=(
            Column("transport_class", read=known_code(transport_classes, "commodity's transport class")),
            *columns("equipment", "preference", "net_load_kg", "only_some_goods", "note"),
            *SOURCE,
        ),
        model=TransportClassEquipment,
    )


def load_routes(loading: Loading) -> None:
    """Load equipment, legs, what can pass each leg, and what carries each transport class."""
    loading.load(EQUIPMENT)
    loading.load(LEGS)
    loading.load(LEG_EQUIPMENT)
    classes = set(Commodity.objects.tradable().values_list("transport_class", flat=True))
    loading.load(class_equipment_table(classes))
