"""Which countries trade here, their regions, and the places where goods start, change hands and arrive."""

from commodities.loading import NAMES, SOURCE, SOURCE_CHECKED, Column, Loading, Row, Table, checked, columns
from commodities.loading.cells import one_of, text, words
from corridor.models import Corridor, Place, Region

LEVELS = ["province", "kabupaten", "city", "kecamatan", "kelurahan", "oblast"]
ROLES = [
    "sea_port",
    "river_port",
    "container_terminal",
    "coal_terminal",
    "ferry_terminal",
    "transshipment",
    "rail_terminal",
    "dry_port",
    "border_crossing",
    "airport",
    "city",
]

CORRIDORS = Table(
    "corridors.csv",
    key=("origin", "destination"),
    columns=(*columns("origin", "destination", "is_enabled"), *SOURCE_CHECKED),
    model=Corridor,
)

PLACES = Table(
    "places.csv",
    key=("code",),
    columns=(
        *columns("code", "unlocode"),
        *NAMES,
        Column("country", read=text(2, required=True)),
        *columns("lat", "lon"),
        Column("role", "roles", words(one_of(ROLES))),
        *columns("note", "code_source"),
        *SOURCE,
    ),
    model=Place,
)


def complete_region(row: Row) -> None:
    if (row.cells["lat"] is None) != (row.cells["lon"] is None):
        raise ValueError("a point needs both lat and lon")
    iso = row.cells["iso_3166_2"]
    if iso and iso != row.cells["code"]:
        raise ValueError(f"the code must be the ISO 3166-2 code {iso}, where there is one")
    if said := row.cells["point_source"]:
        row.values["source"] += f"; point: {said}"


REGIONS = Table(
    "regions.csv",
    key=("code",),
    columns=(
        *columns("code", "national_code"),
        checked("iso_3166_2", text(6)),
        *columns("country"),
        Column("level", read=one_of(LEVELS)),
        *columns("parent"),
        *NAMES,
        *columns("aliases", "capital", "lat", "lon"),
        checked("point_source", text()),
        Column("place_code", "place"),
        *columns("distance_km", "distance_method"),
        *SOURCE,
    ),
    model=Region,
    complete=complete_region,
)


def load_places(loading: Loading) -> None:
    """Load corridors, places and regions. A corridor that people switched off stays off."""
    loading.load(CORRIDORS, only_new=True)
    loading.load(PLACES)
    loading.load(REGIONS)
