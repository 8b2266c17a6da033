"""Exports carry away exactly the rows that the list shows, in its order, with what they rest on."""

import csv
import hashlib
import io
import json

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from commodities.enums import Sector
from commodities.facts import Confidence
from companies.enums import CompanyKind
from corridor.models import FreightQuote
from matching.enums import MatchState
from reports.models import ReportDownload
from tests.factories import CommodityFactory
from tests.matching.book import capacity, company, need, open_corridor, port
from tests.matching.found import finished_run, found, some_matches
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    client.force_login(person(Role.OFFICER))
    return client


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def csv_rows(text: str, delimiter: str = ",") -> list[dict]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))


def xlsx_rows(content: bytes) -> list[dict]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.fixture
def two_sectors():
    fish, oil = CommodityFactory(sector=Sector.FISHERIES, hs_code="030617"), CommodityFactory(sector=Sector.PALM_OIL)
    open_corridor()
    run = finished_run()
    return [
        found(run, need(fish), capacity(fish), score_ppm=500_000, unknown=("price",)),
        found(run, need(oil), capacity(oil), score_ppm=900_000),
        found(run, need(fish), capacity(fish), score_ppm=700_000, movable_kg=1_500, state=MatchState.SHORTLISTED),
    ]


@pytest.mark.parametrize(
    "query", ["", "?sector=fisheries", "?sector=fisheries&sort=score", "?state=shortlisted", "?unknown=few"]
)
def test_exports_hold_exactly_the_rows_of_the_list_in_its_order(officer, two_sectors, query):
    listed = [result.match_id for result in officer.get(f"/matches/{query}").context["page"].object_list]

    in_csv = [int(row["Match"]) for row in csv_rows(body(officer.get(f"/reports/matches.csv{query}")).decode())]
    in_xlsx = [int(row["Match"]) for row in xlsx_rows(body(officer.get(f"/reports/matches.xlsx{query}")))]

    assert in_csv == in_xlsx == listed != []


def test_export_writes_codes_as_text_and_quantities_as_numbers(officer, two_sectors):
    (row,) = xlsx_rows(body(officer.get("/reports/matches.xlsx?state=shortlisted")))

    expected = {
        "HS code": "030617",
        "Can move, t": 1.5,
        "Score, of 100": 70,
        "State": "shortlisted",
        "Rule: Price": "fits",
        "Example": "example",
        "From country": "Indonesia",
        "Limit, USD/t": 1150,
    }
    assert {name: row[name] for name in expected} == expected


def test_export_says_what_it_rests_on(officer, two_sectors):
    content = body(officer.get("/reports/matches.xlsx?sector=fisheries&at_least_t=1"))

    cover = openpyxl.load_workbook(io.BytesIO(content)).worksheets[-1]
    said = [(label, text) for label, text, *_more in cover.iter_rows(values_only=True)]
    expected = [
        ("Run", str(two_sectors[0].run.pk)),
        ("Data of", "4 Jan 2027, 09:30 WITA (06:30 Astana)"),
        ("Taken as today", "4 Jan 2027"),
        ("Rules, engine", "1, 1"),
        ("Weights", "Price 30%; Quantity 15%; Quality 15%; Time 10%; Certificates 10%; Logistics 10%; Trust 10%"),
        ("Filter", "Sector: Fisheries; At least, in tonnes: 1"),
        ("Example", "Companies and figures marked as examples are invented; goods and places are real."),
        ("Freight and rates", "Freight, premiums and rates of exchange are examples until quotes replace them."),
        ("Rows", "2"),
        ("Number of the report", "none: this file was written at once, and nobody keeps what it holds"),
    ]
    assert [line for line in said if line in expected] == expected


def test_export_names_the_country_where_the_need_takes_delivery(officer):
    goods = CommodityFactory()
    open_corridor()
    offered = capacity(goods, company=company("KZ"), origin_country="KZ")
    found(finished_run(), need(goods, destination=port()), offered)

    (row,) = csv_rows(body(officer.get("/reports/matches.csv")).decode())

    assert (row["From country"], row["To country"]) == ("Kazakhstan", "Indonesia")


@pytest.mark.parametrize("confidence", [Confidence.EXAMPLE, Confidence.VERIFIED])
def test_every_export_says_what_costs_rest_on(tmp_path, confidence):
    goods, real = CommodityFactory(), {"kind": CompanyKind.REGISTERED}
    open_corridor()
    FreightQuote.objects.update(confidence=confidence)
    run, is_example = finished_run(), confidence == Confidence.EXAMPLE
    sides = need(goods, company=company("KZ", **real)), capacity(goods, company=company("ID", **real))
    found(run, *sides, rests_on_examples=is_example)
    files = {kind: tmp_path / f"matches.{kind}" for kind in ("csv", "xlsx", "json")}

    for file in files.values():
        call_command("export_matches", str(file))

    word = "example" if is_example else "quoted"
    (in_csv,) = csv_rows(files["csv"].read_text(encoding="utf-8"))
    (in_xlsx,) = xlsx_rows(files["xlsx"].read_bytes())
    in_json = json.loads(files["json"].read_text(encoding="utf-8"))
    for row in (in_csv, in_xlsx):
        assert (row["Landed cost rests on"], row["Example"] or None) == (word, None)
    assert [row["cost_rests_on"] for row in in_json["rows"]["matches"]] == [word]
    assert ({"en": "Freight and rates"} in [line["label"] for line in in_json["about"]]) == is_example


def test_export_leaves_empty_what_a_cost_rests_on_where_it_is_not_known(officer):
    goods = CommodityFactory()
    found(finished_run(), need(goods), capacity(goods), facts={})

    (row,) = csv_rows(body(officer.get("/reports/matches.csv")).decode())

    assert row["Landed cost rests on"] == ""


def test_export_at_once_is_in_the_log_of_downloads(officer, two_sectors):
    content = body(officer.get("/reports/matches.csv?sector=fisheries"))
    refused = officer.head("/reports/matches.csv").status_code

    log = ReportDownload.objects.values_list("report", "asked", "sha256", "taken_by__email", "had_contacts")
    digest = hashlib.sha256(content).hexdigest()
    assert (list(log), refused) == ([(None, "sector=fisheries", digest, "officer@example.test", False)], 405)


def test_export_neutralises_a_company_named_like_a_formula(officer):
    goods = CommodityFactory()
    open_corridor()
    evil = company("ID", name_registered='=cmd|"/c calc"!A1')
    found(finished_run(), need(goods), capacity(goods, company=evil))

    assert csv_rows(body(officer.get("/reports/matches.csv")).decode())[0]["Exporter"] == '\'=cmd|"/c calc"!A1'
    assert xlsx_rows(body(officer.get("/reports/matches.xlsx")))[0]["Exporter"] == '=cmd|"/c calc"!A1'


@pytest.mark.parametrize("language", ["id", "ru", "kk"])
def test_csv_download_is_in_the_language_of_the_page(officer, two_sectors, language):
    officer.cookies["django_language"] = language

    text = body(officer.get("/reports/matches.csv?state=shortlisted")).decode()

    assert text.startswith("\ufeff")
    assert ";1,500;" in text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_export_is_not_found_for_business_users(client, two_sectors, kind):
    client.force_login(person(Role.BUSINESS))

    assert client.get(f"/reports/matches.{kind}").status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_export_refuses_nonsense_like_the_list(officer, two_sectors, kind):
    response = officer.get(f"/reports/matches.{kind}?sector=silk")

    assert response.status_code == 400
    assert "silk is no choice here." in response.content.decode()


def test_export_refuses_more_rows_than_a_file_should_hold(officer, two_sectors, monkeypatch):
    monkeypatch.setattr("reports.services.at_once.MOST_ROWS", 2)

    response = officer.get("/reports/matches.csv?sort=goods")

    page = response.content.decode()
    assert response.status_code == 400
    assert "3 rows are too many to hand over at once (at most 2). Order them as a report." in page
    assert 'href="/reports/new/?subject=matches&amp;query=sort%3Dgoods"' in page


def test_export_costs_the_same_queries_for_one_row_as_for_forty(officer):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            body(officer.get("/reports/matches.csv"))
        return len(asked)

    goods = CommodityFactory()
    some_matches(goods, 1)
    queries()  # what is remembered from the first time on
    one = queries()
    some_matches(goods, 40)

    assert queries() == one


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_command_writes_what_the_pages_show(two_sectors, tmp_path, kind):
    file = tmp_path / f"matches.{kind}"

    call_command("export_matches", str(file), "--sector", "fisheries", "--sort=-score")

    read = {
        "csv": lambda: [int(row["Match"]) for row in csv_rows(file.read_text(encoding="utf-8"))],
        "xlsx": lambda: [row["Match"] for row in xlsx_rows(file.read_bytes())],
        "json": lambda: [row["match"] for row in json.loads(file.read_text(encoding="utf-8"))["rows"]["matches"]],
    }[kind]()
    assert read == [two_sectors[2].match_id, two_sectors[0].match_id]


def test_command_writes_what_an_older_run_found(tmp_path):
    goods = CommodityFactory()
    open_corridor()
    wanted, offered = need(goods), capacity(goods)
    older, newer = finished_run(), finished_run()
    found(older, wanted, offered, score_ppm=400_000)
    found(newer, wanted, offered, score_ppm=600_000)

    def scores(*options: str) -> list[float]:
        call_command("export_matches", str(tmp_path / "m.json"), *options)
        return [
            row["score"] for row in json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))["rows"]["matches"]
        ]

    assert scores("--run", str(older.pk)) == [40.0]
    assert scores() == [60.0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["m.ods"], "ends in none of"),
        (["m.csv", "--run", "999"], "No finished run has the number 999."),
        (["m.csv", "--sector", "silk"], "silk is no choice here."),
        (["no/such/folder/m.csv"], "No such file or directory"),
    ],
)
def test_command_refuses_in_words(two_sectors, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(CommandError, match=words):
        call_command("export_matches", *arguments)


def test_files_hold_the_columns_that_the_list_shows(officer, two_sectors):
    query = "?sector=fisheries&sort=score&columns=importer&columns=planned&columns=first&columns=rank&density=compact"

    rows = csv_rows(body(officer.get(f"/reports/matches.csv{query}")).decode())
    sheet = xlsx_rows(body(officer.get(f"/reports/matches.xlsx{query}")))

    columns = ["Match", "Example", "Exporter", "Exporter in Latin letters", "Place of the exporter", "Capacity"]
    columns += ["Importer", "Importer in Latin letters", "Place of the importer", "Need"]
    columns += ["Rank for the need", "Rank for the capacity", "First found", "Planned, t", "Run"]
    assert list(rows[0]) == list(sheet[0]) == columns
    assert [int(row["Match"]) for row in rows] == [two_sectors[0].match_id, two_sectors[2].match_id]
    assert [row["First found"] for row in rows] == ["2027-01-04"] * 2
