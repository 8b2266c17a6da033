"""A person is forgotten: their name and address are nowhere left, and the facts of the trade stay."""

import io
import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from accounts.models import SecondFactor, User
from accounts.services import close_account
from companies.enums import CompanyStatus, MemberRole
from companies.models import Company, Consent, ContactPerson, Invitation, Membership, StandIn
from companies.services import make_claim, part_member
from matching.models import Decision, Run
from notices.models import Notice
from tests.keeping.book import GOODBYE, NAME
from tests.matching.faults import wait_until
from tests.people import member_of, person
from tradematch.keeping import erase, erasures, tools
from tradematch.keeping.failures import KeepingError

pytestmark = pytest.mark.slow

ERASE = ("erase_person", GOODBYE, "--reason", "asked for it by letter 12", "--yes", "--leave-company")


def whole_database() -> str:
    """Everything the database holds, as text, in small letters."""
    pg_dump = tools.find("pg_dump", at_least=17)
    environ = tools.environ(connection.settings_dict["NAME"])
    return subprocess.run([pg_dump], env=environ, capture_output=True, text=True, check=True).stdout.lower()


def register() -> list[erasures.Erasure]:
    return erasures.read(django_settings.ERASURE_REGISTER)


def test_an_erased_person_is_nowhere_in_the_database(sample, capsys):
    rina = User.objects.get(email=GOODBYE)
    SecondFactor.objects.create(user=rina, type=SecondFactor.Type.TOTP, data={"secret": "x"})
    Company.objects.filter(memberships__user=rina).update(description=f"Ask {NAME}!", role_mailbox=GOODBYE)
    before = whole_database()
    assert (before.count(GOODBYE), before.count(NAME.lower())) >= (5, 5)

    call_command(*ERASE, "--scrub-texts")

    after = whole_database()
    assert (after.count(GOODBYE), after.count(NAME.lower()), after.count("wulandari")) == (0, 0, 0)
    assert "Read and change" not in capsys.readouterr().out


def test_an_erasure_keeps_the_facts_of_the_trade(sample, capsys):
    rina = User.objects.get(email=GOODBYE)
    decisions, runs = Decision.objects.count(), Run.objects.count()
    Decision.objects.update(decided_by=rina)
    Client().force_login(rina)
    other = Client()
    other.force_login(User.objects.get(role=Role.STAFF))
    assert Session.objects.count() == 2

    call_command(*ERASE)

    rina.refresh_from_db()
    assert (rina.email, rina.name, rina.is_active, rina.has_usable_password()) == (
        f"erased-{rina.pk}@erased.invalid",
        "",
        False,
        False,
    )
    assert rina.erased_at is not None
    assert [(decision.decided_by, NAME in decision.note) for decision in Decision.objects.all()] == [(rina, True)]
    assert (Decision.objects.count(), Run.objects.count()) == (decisions, runs)
    gone = (EmailAddress, Authenticator, Notice, Membership)
    assert [model.objects.filter(user=rina).count() for model in gone] == [0, 0, 0, 0]
    assert (ContactPerson.objects.count(), Consent.objects.count()) == (0, 0)
    assert [session.get_decoded()["_auth_user_id"] for session in Session.objects.all()] == [
        str(User.objects.get(role=Role.STAFF).pk)
    ]
    # What was told to others, and history, no longer name her; notes do, and are listed to be read.
    assert [notice.facts for notice in Notice.objects.all()] == [{"company": "PT Contoh", "reason": "[erased]"}]
    told = capsys.readouterr().out
    assert f"Erased: the account is now erased-{rina.pk}@erased.invalid; 1 sessions were ended." in told
    assert "Deleted: 1 contact persons, with their consents." in told
    listed = [line.split(": ")[1] for line in told.splitlines() if line.startswith("Read and change")]
    assert listed == [
        f"companies_standin.reason, rows {StandIn.objects.get().pk}",
        f"matching_decision.note, rows {Decision.objects.get().pk}",
    ]


def test_an_erasure_leaves_its_proof_without_a_name(sample):
    rina, contact = User.objects.get(email=GOODBYE), ContactPerson.objects.get()
    digests = (erasures.digest_of(rina), erasures.digest_of(contact))

    call_command(*ERASE)

    assert [(entry.reason, entry.rows) for entry in register()] == [("asked for it by letter 12", digests)]
    text = django_settings.ERASURE_REGISTER.read_text()
    assert [word for word in (GOODBYE, NAME) if word in text] == []
    assert not re.search(rf"\b{rina.pk}:(?!\d)", text)  # the number is told in no other way than as a digest
    assert django_settings.ERASURE_REGISTER.stat().st_mode & 0o777 == 0o600


def test_no_erasure_without_its_proof(sample):
    django_settings.ERASURE_REGISTER.parent.write_text("a file where the folder should be")

    with pytest.raises(CommandError, match="erasures"):
        call_command(*ERASE)

    assert User.objects.get(email=GOODBYE).name == NAME
    assert ContactPerson.objects.count() == 1


def test_a_contact_person_without_an_account_can_be_erased(sample):
    other = ContactPerson.objects.create(company=Company.objects.first(), name="Budi", email="budi@here.example")

    call_command("erase_person", "Budi@here.example", "--reason", "asked", "--yes")

    assert list(ContactPerson.objects.filter(pk=other.pk)) == []
    assert [len(entry.rows) for entry in register()] == [1]
    assert User.objects.filter(email=GOODBYE).exists()


def test_somebody_with_a_lookalike_address_is_not_erased(sample):
    """For the database ı is an i in capitals."""
    lookalike = GOODBYE.replace("i", "ı")
    User.objects.create_user(lookalike)
    contact = ContactPerson.objects.create(company=Company.objects.first(), name="Budi", email=lookalike)
    assert (User.objects.filter(email__iexact=GOODBYE).count(), ContactPerson.objects.count()) == (2, 2)

    call_command(*ERASE)

    assert User.objects.get(email=lookalike).is_active
    assert list(ContactPerson.objects.all()) == [contact]


def test_an_erased_person_is_found_by_no_export(sample, tmp_path):
    call_command(*ERASE)

    with pytest.raises(CommandError, match="Nobody with the address"):
        call_command("export_person", GOODBYE, str(tmp_path / "rina.json"))


def test_a_name_of_one_word_is_replaced_only_when_asked_for(sample, capsys):
    """It may be another person, or a word; where somebody has read it, --scrub-texts replaces it too."""
    User.objects.filter(email=GOODBYE).update(name="Palm")
    ContactPerson.objects.update(name="Palm")
    Notice.objects.filter(user__role=Role.ADMIN).update(facts={"person": "Palm", "goods": "palmitic acid"})

    call_command(*ERASE)

    assert Notice.objects.get().facts == {"person": "Palm", "goods": "palmitic acid"}
    assert "notices_notice.facts" in capsys.readouterr().out

    call_command(*ERASE, "--scrub-texts", "--also-named", "Palm")

    assert Notice.objects.get().facts == {"person": "[erased]", "goods": "palmitic acid"}


# Refusals


def test_the_last_administrator_is_not_erased(sample):
    admin = User.objects.get(role=Role.ADMIN)

    with pytest.raises(CommandError, match="This is the last administrator"):
        call_command("erase_person", admin.email, "--reason", "asked", "--yes")

    person(Role.ADMIN, email="second@example.test")
    call_command("erase_person", admin.email, "--reason", "asked", "--yes")
    assert User.objects.get(pk=admin.pk).erased_at is not None


@pytest.mark.parametrize("role", MemberRole)
def test_the_only_member_of_an_active_company_is_not_erased_unless_asked_for(role, sample):
    company = Company.objects.get(memberships__user__email=GOODBYE)
    Membership.objects.update(role=role)
    Company.objects.filter(pk=company.pk).update(status=CompanyStatus.ACTIVE)

    with pytest.raises(CommandError, match=f"is the only one who acts for {company}: .* --leave-company"):
        call_command(*[word for word in ERASE if word != "--leave-company"])

    assert User.objects.get(email=GOODBYE).name == NAME
    member_of(Company.objects.create(code="other", name_registered="Other", country="ID"))
    Membership.objects.create(company=company, user=User.objects.get(email="other@example.test"))
    call_command(*[word for word in ERASE if word != "--leave-company"])
    assert not User.objects.filter(email=GOODBYE).exists()


def wait_until_somebody_waits() -> None:
    """Another transaction stands before a row that this one holds."""

    def asked() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id_if_assigned()::xid"
            )
            return cursor.fetchone() is not None

    wait_until(asked, "somebody waits for this transaction")


def erased_meanwhile(email: str) -> str:
    """What another operator is told who erases somebody: done, or why not."""
    try:
        call_command("erase_person", email, "--reason", "asked", "--yes")
    except CommandError as refusal:
        return str(refusal)
    else:
        return "done"
    finally:
        connection.close()


def test_an_administrator_who_becomes_the_last_one_meanwhile_is_not_erased(sample):
    """Whoever closes the other account holds both: the erasure waits, and asks how many there are only then."""
    first = User.objects.get(role=Role.ADMIN)
    second = person(Role.ADMIN, email="second@example.test")

    with ThreadPoolExecutor(1) as operator:
        with transaction.atomic():
            close_account(first, reason="left the city", by=None)
            answer = operator.submit(erased_meanwhile, second.email)
            wait_until_somebody_waits()
        told = answer.result(timeout=60)

    assert told == "This is the last administrator. Make somebody else one first."
    assert list(User.objects.filter(role=Role.ADMIN, is_active=True)) == [second]


def test_a_member_who_becomes_the_last_one_meanwhile_is_not_erased(sample):
    company = Company.objects.get(memberships__user__email=GOODBYE)
    Company.objects.filter(pk=company.pk).update(status=CompanyStatus.ACTIVE)
    other = Membership.objects.create(company=company, user=person(Role.BUSINESS, email="other@example.test"))

    with ThreadPoolExecutor(1) as operator:
        with transaction.atomic():
            part_member(membership=other)
            answer = operator.submit(erased_meanwhile, GOODBYE)
            wait_until_somebody_waits()
        told = answer.result(timeout=60)

    assert told.startswith(f"{GOODBYE} is the only one who acts for {company}: ")
    assert User.objects.get(email=GOODBYE).name == NAME


def test_of_two_erasures_of_one_person_the_second_is_told_so(sample):
    rina = User.objects.get(email=GOODBYE)
    known = erase.find_person(GOODBYE)
    erase.erase_person(erase.find_person(GOODBYE), reason="asked", leave_company=True)

    with pytest.raises(KeepingError, match="has been erased meanwhile"):
        erase.erase_person(known, reason="asked", leave_company=True)

    assert len(register()) == 1
    assert User.objects.get(pk=rina.pk).email == f"erased-{rina.pk}@erased.invalid"


def test_what_was_changed_since_the_person_was_looked_up_is_forgotten_and_not_put_back(sample):
    known = erase.find_person(GOODBYE)
    User.objects.filter(email=GOODBYE).update(name="Rina Sari Wulandari", role=Role.OFFICER)
    Notice.objects.filter(user__role=Role.ADMIN).update(facts={"reason": "Rina Sari Wulandari"})

    erase.erase_person(known, reason="asked", leave_company=True)

    assert Notice.objects.get().facts == {"reason": "[erased]"}
    assert User.objects.exclude(erased_at=None).get().role == Role.OFFICER


@pytest.mark.parametrize(("reason", "sentence"), [("  ", "Say why"), (f"{NAME} wrote", "The reason names the person")])
def test_a_reason_is_needed_and_names_nobody(reason, sentence, sample):
    with pytest.raises(CommandError, match=sentence):
        call_command("erase_person", GOODBYE, "--reason", reason, "--yes", "--leave-company")

    assert register() == []
    assert User.objects.filter(email=GOODBYE).exists()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("terminal", "sentence"), [(io.StringIO(), "confirm with --yes"), (Terminal("y\n"), "Nothing was")]
)
def test_nobody_is_erased_by_a_slip_of_the_finger(terminal, sentence, sample, monkeypatch):
    monkeypatch.setattr("sys.stdin", terminal)

    with pytest.raises(CommandError, match=sentence):
        call_command(*[word for word in ERASE if word != "--yes"])

    assert User.objects.filter(email=GOODBYE).exists()


def test_who_types_the_address_again_means_it(sample, monkeypatch):
    monkeypatch.setattr("sys.stdin", Terminal(f"{GOODBYE}\n"))

    call_command(*[word for word in ERASE if word != "--yes"])

    assert not User.objects.filter(email=GOODBYE).exists()


# After a restore


def test_a_restore_erases_again_who_was_erased_after_the_backup(backup, empty_server, tmp_path, capsys):
    call_command("restore", str(backup))
    call_command(*ERASE)
    elsewhere = django_settings.ERASURE_REGISTER.rename(tmp_path / "copy.jsonl")
    assert len(erasures.read(elsewhere)) == 1

    call_command("restore", str(backup), "--set-aside", "--erasures", str(elsewhere))

    assert "Erased again: 2 people and contact persons" in capsys.readouterr().out
    assert whole_database().count(GOODBYE) == 1  # in the note that a person has to read
    assert (ContactPerson.objects.count(), User.objects.exclude(erased_at=None).count()) == (0, 1)
    assert register() == erasures.read(elsewhere)


def test_a_register_that_comes_with_the_backup_is_kept(sample, tmp_path):
    call_command(*ERASE)
    known = register()
    call_command("backup", str(tmp_path / "x.tmbackup"))
    django_settings.ERASURE_REGISTER.unlink()

    call_command("restore", str(tmp_path / "x.tmbackup"), "--set-aside")

    assert register() == known


def test_somebody_else_with_the_same_number_is_not_erased(sample):
    """A restored database gives numbers anew that were given before."""
    rina = User.objects.get(email=GOODBYE)
    erasures.append(erasures.Erasure("2026-11-25", "asked", (erasures.digest_of(rina),)))
    User.objects.filter(pk=rina.pk).update(date_joined=rina.date_joined.replace(year=2020))
    assert erase.repeat(register()) == 0

    User.objects.filter(pk=rina.pk).update(date_joined=rina.date_joined)

    assert erase.repeat(register()) == 2  # her account, and the contact person with her address
    assert erase.repeat(register()) == 0


def test_half_a_line_of_the_register_spoils_no_other(sample):
    path = django_settings.ERASURE_REGISTER
    one, two = (erasures.Erasure("2026-11-25", reason, ("d",)) for reason in ("one", "two"))
    erasures.append(one)
    with path.open("a") as file:
        file.write('{"erased_at": "2026')

    erasures.append(two)

    assert register() == [one, two]
    assert [json.loads(line)["reason"] for line in path.read_text().splitlines() if line.endswith("}")] == [
        "one",
        "two",
    ]


def test_an_erased_person_has_no_link_and_no_document_of_a_claim_left(sample, settings, tmp_path, capsys):
    """The claim itself stays, of a nameless account; the links that others were sent stay theirs."""
    settings.MEDIA_ROOT = tmp_path
    rina, company = User.objects.get(email=GOODBYE), Company.objects.order_by("pk").first()
    entry = Company.objects.create(code="entry", kind="directory", country="ID", name_registered="PT Entry")
    file = SimpleUploadedFile("paper.pdf", b"%PDF-1.7 %%EOF")
    number = {"registration_number": "1234567890123", "words": f"I am {NAME}"}
    claim = make_claim(company=entry, user=rina, file=file, **number)
    facts = {"kind": "join", "role": "editor", "language": "id", "ends_at": timezone.now() + timedelta(days=1)}
    for email in (GOODBYE, "other@example.test"):
        Invitation.objects.create(company=company, email=email, digest=email, **facts)

    call_command(*ERASE)

    claim.refresh_from_db()
    assert (claim.state, claim.made_by_id, claim.words, claim.file.name) == ("withdrawn", rina.pk, "", "")
    assert not list(tmp_path.glob("claims/*"))
    assert list(Invitation.objects.values_list("email", flat=True)) == ["other@example.test"]
