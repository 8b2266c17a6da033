"""A person gets all that is kept about them, and nothing that would sign anybody in."""

import csv
import json

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import SecondFactor, User
from companies.models import ContactPerson
from matching.models import Decision
from tests.keeping.book import GOODBYE, NAME
from tests.people import PASSWORD

pytestmark = pytest.mark.slow


def test_an_export_holds_all_that_is_kept_about_a_person(sample, tmp_path, capsys):
    rina = User.objects.get(email=GOODBYE)
    SecondFactor.objects.create(user=rina, type=SecondFactor.Type.TOTP, data={"secret": "OPENSESAME"})
    Decision.objects.update(decided_by=rina)
    client = Client()
    client.post(reverse("account_login"), {"login": GOODBYE, "password": PASSWORD})
    path = tmp_path / "rina.json"

    call_command("export_person", GOODBYE.upper(), str(path))

    told = json.loads(path.read_text())
    sections = told["sections"]
    assert sorted(sections) == [
        *("account", "confirmed_addresses", "consents", "consents_recorded", "contact_person", "decisions_made"),
        *("history_of_consents", "history_of_memberships", "history_of_second_factors", "history_of_the_account"),
        *("looked_at_as_contact_person", "memberships", "notices", "second_factors"),
    ]
    assert (sections["account"][0]["email"], sections["account"][0]["name"]) == (GOODBYE, NAME)
    assert [row["phone"] for row in sections["contact_person"]] == ["+62 542 000"]
    assert [row["role"] for row in sections["looked_at_as_contact_person"]] == [Role.STAFF]
    assert [row["company_name"] for row in sections["memberships"]] == [str(rina.memberships.get().company)]
    assert sorted(sections["second_factors"][0]) == ["created_at", "id", "last_used_at", "type", "user"]
    assert told["kept_for"]["accounts.User.email"]["term"] == "until the person is erased"
    text = path.read_text()
    assert [secret for secret in ("OPENSESAME", rina.password, "md5$") if secret in text] == []
    assert path.stat().st_mode & 0o777 == 0o600
    assert "14 sections" in capsys.readouterr().out


def test_an_export_holds_nothing_of_others(sample, tmp_path):
    """Staff have decided, looked and acted for her; who they are is not Rina's to know."""
    staff = User.objects.get(role=Role.STAFF)
    assert (Decision.objects.filter(decided_by=staff).count(), staff.notices.count()) == (1, 0)

    call_command("export_person", GOODBYE, str(tmp_path / "rina.json"))
    call_command("export_person", staff.email, str(tmp_path / "staff.json"))

    assert staff.email not in (tmp_path / "rina.json").read_text()
    sections = json.loads((tmp_path / "staff.json").read_text())["sections"]
    assert {name: len(rows) for name, rows in sections.items() if not name.startswith("history")} == {
        "account": 1,
        "confirmed_addresses": 1,
        "second_factors": 1,
        "decisions_made": 1,
        "runs_started": 1,
        "looks_at_contact_persons": 1,
        "acted_for_companies": 1,
    }


def test_an_export_tells_which_changes_a_person_made(sample, tmp_path):
    rina = User.objects.get(email=GOODBYE)
    client = Client()
    client.force_login(rina)
    client.post(reverse("set_language"), {"language": "ru", "next": "/"})

    call_command("export_person", GOODBYE, str(tmp_path / "rina.json"))

    rina.refresh_from_db()
    assert rina.language == "ru"
    made = json.loads((tmp_path / "rina.json").read_text())["sections"]["changes_made"]
    assert [(row["what"], row["change"], row["row"]) for row in made] == [("accounts.User", "update", rina.pk)]


def test_an_export_as_one_table_runs_no_formula(sample, tmp_path):
    ContactPerson.objects.update(position="=cmd|' /C calc'!A0")
    path = tmp_path / "rina.csv"

    call_command("export_person", GOODBYE, str(path))

    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["section", "row", "field", "value"]
    assert ["contact_person", "1", "position", "'=cmd|' /C calc'!A0"] in rows
    assert ["account", "1", "name", NAME] in rows


@pytest.mark.parametrize(
    ("email", "name", "sentence"),
    [
        ("nobody@example.test", "x.json", "Nobody with the address nobody@example.test is known here"),
        (GOODBYE, "x.txt", r"let the name of the file end in \.json or \.csv"),
    ],
)
def test_an_export_that_makes_no_sense_is_refused(email, name, sentence, sample, tmp_path):
    with pytest.raises(CommandError, match=sentence):
        call_command("export_person", email, str(tmp_path / name))

    assert not (tmp_path / name).exists()
