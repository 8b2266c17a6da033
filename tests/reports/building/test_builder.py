"""The builder: what a link brings along, what stays of what was typed, what is refused, what is ordered."""

import pytest

from accounts.enums import Role
from accounts.models import SavedView
from commodities.enums import Sector
from companies.models import Company
from reports.cutting.subjects import SUBJECTS
from reports.enums import Format, Grouping, Office, Subject
from reports.models import Report
from tests.factories import CommodityFactory
from tests.matching.book import capacity, company, need, open_corridor
from tests.matching.found import finished_run, found
from tests.people import person
from tests.reports.building.kept import ready_report

pytestmark = pytest.mark.django_db
NEW = "/reports/new/"
SAID = {
    "subject": "matches",
    "query": "sector=palm_oil",
    "sector": ["palm_oil"],
    "languages": ["ru", "id"],
    "formats": ["pdf", "xlsx"],
    "columns": ["exporter", "match"],
    "order": ["exporter", "match"],
    "grouping": "importer",
    "office": "embassy",
    "recipient": "Mr Akhmetov",
}


@pytest.fixture
def officer(client):
    user = person(Role.OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def pairs():
    """Two matches of palm oil and one of fish, each of two companies of its own."""
    open_corridor()
    run = finished_run()
    names = {"one": Sector.PALM_OIL, "two": Sector.PALM_OIL, "three": Sector.FISHERIES}
    for name, sector in names.items():
        goods = CommodityFactory(sector=sector)
        buyer, seller = company("KZ", name_registered=f"Buyer {name}"), company("ID", name_registered=f"Seller {name}")
        found(run, need(goods, company=buyer), capacity(goods, company=seller))


def chips(answer) -> list[str]:
    return [str(chip["text"]) for chip in answer.context["narrowing"].chips()]


def test_without_a_subject_each_one_is_offered(client, officer):
    offered = client.get(NEW).context["subjects"]

    assert {"matches", "plan", "unmet", "companies", "pair"} <= {subject["value"] for subject in offered}


def test_a_list_brings_its_filter_its_columns_and_the_way_back(client, officer, pairs):
    answer = client.get(NEW, {"subject": "matches", "query": "?sector=palm_oil&sort=-days&page=2&columns=days"})

    chosen = [row.key for row in answer.context["form"].column_rows() if row.is_chosen]
    columns = ["match", "example", "exporter", "exporter_place", "capacity", "days_low", "days_high", "run"]
    assert (chips(answer), chosen) == (["Palm oil"], columns)
    assert answer.context["narrowing"].address == "/matches/?sector=palm_oil&sort=-days&columns=days"


def test_what_was_taken_last_time_is_proposed(client, officer):
    ready_report(officer, files=(("pdf", ["id", "ru"]), ("xlsx", ["id", "ru"])))

    form = client.get(NEW, {"subject": "matches"}).context["form"]

    names = ("formats", "languages", "side_by_side", "office")
    assert [form[name].value() for name in names] == [["pdf", "xlsx"], ["id", "ru"], True, Office.BOTH]


def test_each_language_gets_files_of_its_own(client, officer, pairs):
    answer = client.post(NEW, SAID | {"do": "make"})

    report = Report.objects.get()
    order = report.asked
    assert (answer.status_code, answer["Location"]) == (302, f"/reports/{report.public_id}/")
    assert [(file.format, file.languages) for file in report.files.all()] == [
        (kind, [language]) for kind in (Format.PDF, Format.XLSX) for language in ("ru", "id")
    ]
    assert (report.name, order.subject, order.query, order.columns, order.grouping, order.office, order.recipient) == (
        "Palm oil",
        Subject.MATCHES,
        "sector=palm_oil",
        ("exporter", "match"),
        Grouping.IMPORTER,
        Office.EMBASSY,
        "Mr Akhmetov",
    )


def test_two_languages_side_by_side_are_one_file(client, officer, pairs):
    client.post(NEW, SAID | {"do": "make", "side_by_side": "on", "formats": ["pdf"]})

    assert [file.languages for file in Report.objects.get().files.all()] == [["ru", "id"]]


def test_side_by_side_left_from_the_last_time_is_passed_over_with_one_language(client, officer, pairs):
    client.post(NEW, SAID | {"do": "make", "side_by_side": "on", "formats": ["pdf"], "languages": ["ru"]})

    assert [file.languages for file in Report.objects.get().files.all()] == [["ru"]]


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"languages": []}, {"languages": ["Fill this in."]}),
        ({"formats": []}, {"formats": ["Fill this in."]}),
        (
            {"side_by_side": "on", "languages": ["ru", "id", "en"]},
            {"languages": ["Side by side stand exactly two languages. Tick two."]},
        ),
        ({"columns": []}, {"columns": ["Choose at least one column."]}),
        ({"since": "2027-02-01", "until": "2027-01-01"}, {"until": ["The last day is before the first one."]}),
        ({"company_words": "Nobody"}, {"company_words": ["No company is called Nobody."]}),
        (
            {"company_words": "Buyer"},
            {"company_words": ["Several companies are called so. Tick those that are meant."]},
        ),
        ({"query": "colour=red"}, {"__all__": ["colour is no filter of this list."]}),
    ],
)
def test_what_cannot_be_made_is_refused_and_everything_typed_stays(client, officer, pairs, said, refused):
    answer = client.post(NEW, SAID | said | {"do": "make"})

    form = answer.context["form"]
    assert (answer.status_code, dict(form.errors)) == (400, refused)
    assert [form[name].value() for name in ("recipient", "grouping", "office")] == [
        "Mr Akhmetov",
        "importer",
        "embassy",
    ]
    assert not Report.objects.exists()


def test_a_name_with_a_control_character_is_refused_in_words(client, officer, pairs):
    answer = client.post(NEW, SAID | {"do": "make", "company_words": "Buyer\x00 one"})

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["company_words"]


def test_names_that_are_typed_are_the_companies_that_bear_them(client, officer, pairs):
    client.post(NEW, SAID | {"do": "make", "company_words": "Buyer one; seller two"})

    report = Report.objects.get()
    names = Company.objects.in_bulk(report.asked.companies)
    assert [names[key].name_registered for key in report.asked.companies] == ["Buyer one", "Seller two"]


def test_a_name_of_several_is_offered_to_tick_and_stays_until_one_is(client, officer, pairs):
    offered = client.post(NEW, SAID | {"do": "search", "company_words": "Buyer"}).context["form"]
    one = offered.offered_companies()[0].company
    ticked = client.post(NEW, SAID | {"do": "search", "company_words": "Buyer", "companies": [one.pk]}).context["form"]

    assert [offer.company.name_registered for offer in offered.offered_companies()] == [
        "Buyer one",
        "Buyer three",
        "Buyer two",
    ]
    assert ([offered.company_words_left(), ticked.company_words_left()], offered.errors) == (["Buyer", ""], {})
    assert [offer.is_chosen for offer in ticked.offered_companies()] == [True, False, False]


def test_preview_shows_the_first_rows_in_the_first_language(client, officer, pairs):
    preview = client.post(NEW, SAID | {"do": "preview"}).context["preview"]

    (table,) = preview.tables
    names = [[cell for cell, _is_figure in row[:3:2]] for row in sorted(table.rows)]  # between: in Latin letters
    assert (preview.language, table.count, names) == (
        "ru",
        2,
        [["Buyer one", "Seller one"], ["Buyer two", "Seller two"]],
    )
    assert not Report.objects.exists()


def test_a_filter_is_taken_off_and_the_rest_stays(client, officer, pairs):
    said = SAID | {"query": "sector=palm_oil&state=new", "name": "For Monday"}

    dropped = client.post(NEW, said | {"do": "drop:sector=palm_oil"})
    form = dropped.context["form"]

    assert (chips(dropped), form["sector"].value(), form["name"].value()) == (["new"], [], "For Monday")
    assert (form["recipient"].value(), dict(form.errors)) == ("Mr Akhmetov", {})


def test_a_saved_view_replaces_the_filter(client, officer, pairs):
    view = SavedView.objects.create(owner=officer, page="matching:match-list", name="Fish", query="sector=fisheries")

    taken = client.post(NEW, SAID | {"do": f"view:{view.pk}"})

    assert (chips(taken), taken.context["form"]["sector"].value()) == (["Fisheries"], ["fisheries"])


def test_columns_move_without_script(client, officer, pairs):
    rows = client.post(NEW, SAID | {"do": "down:exporter"}).context["form"].column_rows()

    assert [(row.key, row.is_chosen) for row in rows[:3]] == [
        ("match", True),
        ("exporter", True),
        ("example", False),
    ]


def test_a_file_with_contact_persons_names_purpose_country_and_recipient(client, officer, pairs):
    said = {name: SAID[name] for name in ("languages", "formats", "office")}
    dossier = said | {"subject": "companies", "companies": [Company.objects.first().pk], "contacts": "on", "do": "make"}

    assert client.post(NEW, dossier).context["form"].errors == {
        "purpose": ["Say what they are needed for."],
        "crosses_to": ["Say in which country it is read."],
        "recipient": ["A file with contact persons names who gets it."],
    }


def test_a_brief_is_about_a_match_one_may_see(client, officer, pairs):
    refused = client.post(NEW, {"subject": "pair", "match": "999999", **{n: SAID[n] for n in ("languages", "formats")}})

    assert refused.context["form"].non_field_errors() == [
        "There is no such match. Open the match and take it along from there."
    ]


def test_what_was_asked_is_asked_anew(client, officer, pairs):
    client.post(NEW, SAID | {"do": "make", "name": "For Monday"})
    report = Report.objects.get()

    form = client.get(f"/reports/{report.public_id}/anew/").context["form"]

    names = ("sector", "formats", "languages", "columns", "grouping", "office", "recipient", "name")
    assert [form[name].value() for name in names] == [
        ["palm_oil"],
        ["pdf", "xlsx"],
        ["id", "ru"],
        ["exporter", "match"],
        Grouping.IMPORTER,
        Office.EMBASSY,
        "Mr Akhmetov",
        "For Monday",
    ]


@pytest.mark.parametrize("subject", [subject.value for subject in SUBJECTS])
def test_every_subject_opens_in_kazakh(client, officer, pairs, subject):
    officer.language = "kk"
    officer.save(update_fields=["language"])

    assert client.get(NEW, {"subject": subject, "query": "sector=palm_oil"}).status_code == 200


def test_a_summary_by_sector_is_narrowed_though_it_has_no_list(client, officer, pairs):
    answer = client.get(NEW, {"subject": "sectors", "query": "sector=palm_oil"})

    assert (chips(answer), answer.context["narrowing"].address) == (["Palm oil"], "")


def test_pressing_twice_makes_one_report_and_other_files_another(client, officer, pairs):
    twice = [client.post(NEW, SAID | {"do": "make"})["Location"] for _time in range(2)]
    other = client.post(NEW, SAID | {"do": "make", "formats": ["csv"]})["Location"]

    assert (twice[0] == twice[1], other == twice[0], Report.objects.count()) == (True, False, 2)
