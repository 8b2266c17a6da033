"""A broken file stops the whole load, and says which file, which line and why."""

import re

import pytest

from commodities.loading import ReferenceDataError
from commodities.models import Commodity
from corridor.models import Place, Region
from corridor.services.reference import load_reference

pytestmark = pytest.mark.django_db

BROKEN_CELLS = [
    ("places.csv", 2, "lat", "-1,27", "places.csv, line 2, column lat: '-1,27' is not a number"),
    ("places.csv", 2, "lat", "1e1", "places.csv, line 2, column lat: '1e1' is not a number"),
    ("places.csv", 2, "lat", "1.1234567", "places.csv, line 2, column lat: 1.1234567 has more than 6 decimal places"),
    ("places.csv", 2, "lat", "1234", "places.csv, line 2, column lat: 1234 is too large"),
    ("places.csv", 2, "confidence", "verifed", "places.csv, line 2, column confidence: 'verifed' is none of: "
     "example, secondary, unsure, verified"),
    ("places.csv", 2, "source", "", "places.csv, line 2, column source: must not be empty"),
    ("places.csv", 2, "name_en", "", "places.csv, line 2, column name_en: must not be empty"),
    ("places.csv", 2, "name_en", " Balikpapan", "places.csv, line 2, column name_en: has blanks before or after "
     "the text"),
    ("places.csv", 2, "note", "one\ntwo", "places.csv, line 2, column note: holds a control character or a line break"),
    ("places.csv", 2, "code", "IDBALIKPAPAN1", "places.csv, line 2, column code: is 13 characters long, at most 12 "
     "fit"),
    ("places.csv", 2, "role", "sea_port;harbour", "places.csv, line 2, column role: 'harbour' is none of: airport, "
     "border_crossing, city, coal_terminal, container_terminal, dry_port, ferry_terminal, rail_terminal, river_port, "
     "sea_port, transshipment"),
    ("places.csv", 2, "role", "city;city", "places.csv, line 2, column role: names a word twice"),
    ("regions.csv", 60, "parent", "ID-XX", "regions.csv, line 60, column parent: no region above has the code 'ID-XX'"),
    ("regions.csv", 2, "place_code", "IDXXX", "regions.csv, line 2, column place_code: no place has the code 'IDXXX'"),
    ("regions.csv", 2, "distance_km", "12.5", "regions.csv, line 2, column distance_km: '12.5' is not a whole number"),
    ("regions.csv", 2, "lon", "", "regions.csv, line 2: a point needs both lat and lon"),
    ("requirements.csv", 2, "valid_from", "18/10/2026", "requirements.csv, line 2, column valid_from: '18/10/2026' is "
     "not a day like 2026-11-24"),
    ("requirements.csv", 2, "valid_from", "2026-02-30", "requirements.csv, line 2, column valid_from: '2026-02-30' is "
     "not a day like 2026-11-24"),
    ("requirements.csv", 2, "sector", "", "requirements.csv, line 2, column sector: must not be empty: write 'all' "
     "where it holds for all"),
    ("requirements.csv", 2, "stage", "standing", "requirements.csv, line 2: a standing requirement names the "
     "certificate that meets it"),
    ("legs.csv", 2, "transit_days_low", "9", "legs.csv, line 2: transit_days_low 9 is above transit_days_high 1"),
    ("legs.csv", 2, "transit_days_low", "-1", "legs.csv, line 2, column transit_days_low: -1 is not between 0 "
     "and 32767"),
    ("legs.csv", 2, "transit_days_low", "", "legs.csv, line 2: transit days need both the lower and the higher "
     "figure"),
    ("legs.csv", 2, "to_code", "IDKRG", "legs.csv, line 2: a leg joins two different places"),
    ("legs.csv", 2, "bidirectional", "ja", "legs.csv, line 2, column bidirectional: 'ja' is neither 'yes' nor 'no'"),
    ("equipment.csv", 2, "chain_group", "air", "equipment.csv, line 2: loose goods need a chain_group, boxes have "
     "none"),
    ("example_exchange_rates.csv", 3, "usd_per_unit", "0.0198", "example_exchange_rates.csv, line 3: usd_per_unit and "
     "units_per_usd contradict each other"),
    ("example_exchange_rates.csv", 3, "usd_per_unit", "0", "example_exchange_rates.csv, line 3: a rate of exchange is "
     "above zero"),
    ("example_freight_quotes.csv", 2, "leg_id", "L999", "example_freight_quotes.csv, line 2, column leg_id: no leg "
     "has the code 'L999'"),
    ("example_freight_quotes.csv", 2, "leg_id", "", "example_freight_quotes.csv, line 2: a quote of scope leg names "
     "its leg, and no other does"),
    ("tariffs.csv", 2, "hs6", "999998", "tariffs.csv, line 2, column hs6: no commodity has the code '999998'"),
    ("tariffs.csv", 2, "ad_valorem_pct", "-1", "tariffs.csv, line 2: a rate is not negative"),
    ("tariffs.csv", 2, "preference_pct", "-1", "tariffs.csv, line 2: a rate is not negative"),
    ("tariffs.csv", 2, "specific_eur", "0.1", "tariffs.csv, line 2: an amount in EUR needs its unit and its rule"),
    ("hs_codes.csv", 3, "parent", "02", "hs_codes.csv, line 3: the parent of 0101 is '01', not '02'"),
    ("hs_codes.csv", 3, "level", "6", "hs_codes.csv, line 3: '0101' is not an HS code of 6 digits"),
    ("hs_codes.csv", 3, "section", "C", "hs_codes.csv, line 3, column section: no HS section has the code 'C'"),
    ("hs_headings_i18n.csv", 3, "code", "0199", "hs_headings_i18n.csv, line 3: no HS code is '0199'"),
    ("commodities.csv", 2, "hs6", "151199", "commodities.csv, line 2, column hs6: no HS subheading has the code "
     "'151199'"),
    ("commodities.csv", 2, "unece_unit", "KGM", "commodities.csv, line 2: the UN/ECE code of 't' is not KGM"),
    ("commodities.csv", 2, "min_qty", "0.0005", "commodities.csv, line 2, column min_qty: 0.0005 has more than 3 "
     "decimal places"),
    ("commodities.csv", 2, "min_qty", "0", "commodities.csv, line 2: a lot of 0 is no lot"),
    ("commodities.csv", 2, "temp_min_c", "50", "commodities.csv, line 2: is carried at 50 C or more and at 40 C or "
     "less"),
    ("commodities.csv", 2, "names_confidence_kk", "sure", "commodities.csv, line 2, column names_confidence_kk: "
     "'sure' is none of: example, secondary, unsure, verified"),
    ("commodity_units.csv", 2, "value", "0", "commodity_units.csv, line 2: density_kg_per_l must be above zero"),
    ("commodity_units.csv", 3, "value", "0.5", "commodity_units.csv, line 3: a box holds whole kilograms"),
    ("commodity_units.csv", 2, "slug", "palm", "commodity_units.csv, line 2, column slug: no commodity has the code "
     "'palm'"),
    ("commodity_group_members.csv", 2, "member_kind", "hs4", "commodity_group_members.csv, line 2: '030616' is of "
     "kind hs6, not hs4"),
    ("commodity_specs.csv", 4, "limit_min", "60", "commodity_specs.csv, line 4: limit_min 60 is above limit_max 55"),
    ("commodity_specs.csv", 4, "param_key", "iodine", "commodity_specs.csv, line 4: parameters.csv has no param_key "
     "'iodine' with the unit 'g I2/100 g'"),
    ("commodity_specs.csv", 4, "unit", "g/100 g", "commodity_specs.csv, line 4: parameters.csv has no param_key 'iv' "
     "with the unit 'g/100 g'"),
    ("commodity_specs.csv", 4, "unit", "", "commodity_specs.csv, line 4, column unit: must not be empty"),
    ("parameters.csv", 2, "name_en", "", "parameters.csv, line 2, column name_en: must not be empty"),
    ("parameters.csv", 2, "source", "", "parameters.csv, line 2, column source: must not be empty"),
    ("parameters.csv", 2, "param_key", "", "parameters.csv, line 2, column param_key: must not be empty"),
    ("parameters.csv", 2, "unit", "", "parameters.csv, line 2, column unit: must not be empty"),
    ("certificate_kinds.csv", 2, "sectors", "fish", "certificate_kinds.csv, line 2, column sectors: 'fish' is none "
     "of: energy, fertilisers, fisheries, grains, metals, other, palm_oil, wood"),
]  # fmt: skip


def refusal(files) -> str:
    """What the load says, having made sure that it wrote nothing."""
    with pytest.raises(ReferenceDataError) as refused:
        load_reference(files.directory)
    assert [model.objects.count() for model in (Commodity, Place, Region)] == [0, 0, 0]
    return str(refused.value)


@pytest.mark.parametrize(("file", "line", "column", "value", "reason"), BROKEN_CELLS)
def test_load_reference_refuses_a_broken_cell(files, file, line, column, value, reason):
    files.set(file, line, column, value)

    assert refusal(files).startswith(reason)


@pytest.mark.parametrize(
    ("file", "line", "key"),
    [
        ("places.csv", 3, "code"),
        ("hs_codes.csv", 5, "code"),
        ("commodity_specs.csv", 4, "slug, param_key, unit"),
        ("parameters.csv", 4, "param_key, unit"),
        ("leg_equipment.csv", 7, "leg_id, equipment"),
    ],
)
def test_load_reference_refuses_a_key_that_stands_twice(files, file, line, key):
    files.add(file, files.rows(file)[line - 1])
    last = len(files.rows(file))

    assert refusal(files) == f"{file}, line {last}: the same {key} as on line {line}"


def test_load_reference_refuses_a_parameter_named_twice_where_both_ways_of_writing_no_unit_stand(files):
    line = files.line_of("parameters.csv", "chain")
    key, _unit, *names = files.rows("parameters.csv")[line - 1]
    files.add("parameters.csv", [key, "1", *names])

    assert refusal(files) == f"parameters.csv, line 106: the same param_key, unit as on line {line}"


def test_load_reference_refuses_another_header(files):
    rows = files.rows("corridors.csv")
    files.write("corridors.csv", [["from", *rows[0][1:]], *rows[1:]])

    assert refusal(files) == (
        "corridors.csv, line 1: the header must be exactly 'origin,destination,is_enabled,source,confidence', "
        "not 'from,destination,is_enabled,source,confidence'"
    )


def test_load_reference_refuses_an_empty_file(files):
    (files.directory / "places.csv").write_bytes(b"")

    assert refusal(files).startswith("places.csv, line 1: the header must be exactly 'code,unlocode,name_en")


def test_load_reference_refuses_a_missing_file(files):
    (files.directory / "legs.csv").unlink()

    assert refusal(files) == "legs.csv: cannot be read (No such file or directory)"


def test_load_reference_refuses_what_is_not_utf8(files):
    path = files.directory / "places.csv"
    path.write_bytes(path.read_bytes().replace("Самаринда".encode(), "Самаринда".encode("cp1251"), 1))

    assert refusal(files) == "places.csv, line 4: is not UTF-8 text: save it as 'CSV UTF-8'"


def test_load_reference_refuses_a_row_with_a_cell_too_few(files):
    rows = files.rows("legs.csv")
    files.write("legs.csv", [*rows[:9], rows[9][:-1], *rows[10:]])

    assert refusal(files) == "legs.csv, line 10: has 14 cells, the header has 15"


def test_load_reference_refuses_a_quote_that_never_ends(files):
    path = files.directory / "corridors.csv"
    path.write_text(path.read_text("utf-8") + 'KZ,"ID\n', "utf-8")

    assert re.match(r"corridors.csv, line 4: is not well-formed CSV \(.+\)$", refusal(files))


def test_load_reference_reads_what_a_spreadsheet_program_saved(files):
    """A byte order mark and Windows line ends are no fault of the person who corrected a row."""
    path = files.directory / "corridors.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))

    counts = {count.file: count.new for count in load_reference(files.directory)}

    assert counts["corridors.csv"] == 2


def test_load_reference_leaves_what_was_there_when_a_row_breaks(files):
    load_reference(files.directory)
    files.set("places.csv", 2, "name_en", "Somewhere else")
    files.set("trade_flows.csv", 2, "value", "lots")

    with pytest.raises(ReferenceDataError, match=r"^trade_flows\.csv, line 2, column value: 'lots' is not a number$"):
        load_reference(files.directory)

    assert not Place.objects.filter(name_en="Somewhere else").exists()
