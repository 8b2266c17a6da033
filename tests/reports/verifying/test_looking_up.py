"""Every file that was made is known by its digest, and nothing else is."""

import hashlib
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError

from companies.models import Company
from reports import services
from reports.cutting.cut import Cut
from reports.enums import Format
from reports.models import Report
from reports.services.comparing import Compared, Uncompared
from reports.services.storing import pieces_of
from reports.services.verifying import By, look_up
from tests.matching.book import company
from tests.matching.found import finished_run
from tests.reports.making.small import JSON_RU, ORDER, XLSX_BOTH, colleague, made, names_of, officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]
FILES = (JSON_RU, XLSX_BOTH, (Format.CSV, ("kk",)))


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    """The answer of one test is not that of the next, nor of its second half."""
    monkeypatch.setattr("reports.services.verifying.KEPT_S", 0)


def content_of(file) -> bytes:
    return b"".join(pieces_of(file))


def companies(count: int = 3) -> list[Company]:
    return [company("KZ", name_registered=f"Qazaq Foods {number}", city="Astana") for number in range(count)]


def test_every_file_is_known_by_its_digest_and_no_other_bytes_are():
    companies()
    report = made(*FILES)

    for file in report.files.all():
        content = content_of(file)
        told = look_up(hashlib.sha256(content).hexdigest())
        assert (told.by, told.number, told.rows) == (By.FILE, report.public_id, 6)
        assert [(one.format, one.languages) for one in told.files] == [(file.format, tuple(file.languages))]
        for place in (0, len(content) // 2, len(content) - 1):
            flipped = bytearray(content)
            flipped[place] ^= 1
            assert look_up(hashlib.sha256(flipped).hexdigest()) is None


def test_number_is_read_as_it_is_printed_or_copied():
    report = made(*FILES)
    number = str(report.public_id)

    for typed in (number, number.upper(), number.replace("-", ""), f"  {number[:20]}\n{number[20:]} "):
        told = look_up(typed)
        assert (told.by, told.number, len(told.files)) == (By.NUMBER, report.public_id, 3)


def test_figures_are_known_by_their_fingerprint():
    report = made(JSON_RU)

    assert (look_up(report.data_sha256).by, look_up(report.data_sha256).number) == (By.DATA, report.public_id)


def test_digest_is_known_by_the_letters_that_paper_prints():
    report = made(JSON_RU)
    file = report.files.get()
    told = [look_up(report.data_sha256[:16]), look_up(file.sha256[:16]), look_up("0" * 16), look_up("0" * 32)]

    assert [one and (one.by, one.number) for one in told] == [
        (By.DATA, report.public_id),
        (By.FILE, report.public_id),
        None,
        None,
    ]


def test_report_is_known_while_a_further_file_of_it_is_made():
    report = made(JSON_RU)
    file = report.files.get()

    services.add_file(report=report, user=officer(), format=Format.CSV, languages=("kk",))

    for asked in (file.sha256, report.data_sha256, str(report.public_id)):
        told = look_up(asked)
        assert (told.number, [one.sha256 for one in told.files]) == (report.public_id, [file.sha256])


def test_what_was_never_made_is_not_known():
    waiting = services.order_report(user=officer(), order=ORDER, files=[JSON_RU])

    asked = (str(uuid4()), str(waiting.public_id), "0" * 64, hashlib.sha256(b"").hexdigest())
    assert [look_up(one) for one in asked] == [None] * 4


@pytest.mark.parametrize("typed", ["", "palm oil", "0" * 15, "g" * 64, "1' OR '1'='1", "0" * 65])
def test_what_is_neither_digest_nor_number_is_refused_in_words(typed):
    with pytest.raises(ValidationError) as refused:
        look_up(typed)

    said = "Type the 64 letters and figures of a SHA-256, or the number of a report as it is printed."
    assert refused.value.messages == [said]


def test_what_was_removed_is_still_known():
    report = made(JSON_RU)
    digest = report.files.get().sha256
    services.forget(report, officer())

    told = look_up(digest)

    assert (told.by, told.number, told.is_removed) == (By.FILE, report.public_id, True)
    assert (told.compared, told.why_not) == (None, Uncompared.REMOVED)


def test_run_and_later_run_are_told(small):
    first = finished_run()
    small(cut=lambda order, user, put: Cut(names_of(put, left_out=2), first))
    report = made(JSON_RU)

    before = look_up(str(report.public_id))
    second = finished_run()
    after = look_up(str(report.public_id))

    assert (before.run.number, before.run.as_of, before.later_run, before.left_out) == (first.pk, first.as_of, None, 2)
    assert (after.run.number, after.later_run.number) == (first.pk, second.pk)


def test_rows_are_compared_with_those_of_today():
    first, second, third = companies()
    report = made(JSON_RU)
    assert look_up(str(report.public_id)).compared == Compared(6, 0, 0, 0)

    Company.objects.filter(pk=first.pk).update(city="Almaty")
    Company.objects.filter(pk=second.pk).update(name_registered="Qazaq Grain")
    company("KZ", name_registered="Qazaq Mills", city="Astana")
    Company.objects.filter(pk=third.pk).update(name_registered="Qazaq Foods 9")

    # In both tables: one reads differently; two are gone and come by another name; one is new.
    assert look_up(str(report.public_id)).compared == Compared(0, 2, 4, 6)


def test_rows_of_one_name_are_paired_off():
    companies(2)
    Company.objects.update(name_registered="Two of one name")
    report = made(JSON_RU)

    Company.objects.filter(pk=Company.objects.first().pk).update(city="Almaty")

    # Nothing else tells the two apart, so the one that moved is another row.
    assert look_up(str(report.public_id)).compared == Compared(2, 0, 2, 2)


def test_today_is_asked_with_the_eyes_of_the_maker(small):
    companies()
    seen = []

    def cut(order, user, put):
        seen.append(user)
        return Cut(names_of(put), None)

    small(cut=cut)
    report = made(JSON_RU)
    look_up(str(report.public_id))

    assert seen == [officer(), officer()]


def test_report_whose_maker_may_carry_nothing_away_any_more_is_not_compared():
    report = made(JSON_RU)
    type(officer()).objects.filter(pk=officer().pk).update(is_active=False)

    assert look_up(str(report.public_id)).why_not == Uncompared.NOT_ASKED


def test_report_without_its_maker_is_not_compared():
    report = made(JSON_RU)
    Report.objects.filter(pk=report.pk).update(maker=None)

    assert look_up(str(report.public_id)).why_not == Uncompared.NOT_ASKED


@pytest.mark.parametrize("grows", [False, True])
def test_more_rows_than_are_compared_are_not_read(monkeypatch, grows):
    companies(3)
    report = made(JSON_RU)
    monkeypatch.setattr("reports.services.comparing.MOST_COMPARED", 6 if grows else 5)
    companies(4 if grows else 0)

    told = look_up(str(report.public_id))

    assert (told.compared, told.why_not) == (None, Uncompared.TOO_MANY)


def test_question_that_is_refused_today_is_not_compared(small):
    report = made(JSON_RU)

    def refuse(order, user):
        raise ValidationError("This company is gone.")

    small(check=refuse)

    assert look_up(str(report.public_id)).why_not == Uncompared.NOT_ASKED


def test_same_bytes_of_two_reports_name_the_other_to_those_who_may_open_it():
    maker = colleague()
    first = made((Format.CSV, ("ru",)))
    second = made((Format.CSV, ("ru",)), user=maker)
    same = first.files.get().sha256
    second.files.update(sha256=same)

    told = {reader: look_up(same, reader) for reader in (None, AnonymousUser(), first.maker, maker)}

    assert [one.number for one in told.values()] == [first.public_id] * 4
    assert [one.others for one in told.values()] == [(), (), (), (second.public_id,)]


def test_rows_that_somebody_compares_already_are_not_compared_beside_it_nor_remembered(monkeypatch):
    report = made(JSON_RU)
    monkeypatch.setattr("reports.services.verifying.KEPT_S", 60)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("reports.services.comparing.is_first_at", lambda work, key: False)
        assert look_up(str(report.public_id)).why_not == Uncompared.BUSY

    assert look_up(str(report.public_id)).why_not is None


def test_rows_that_take_too_long_are_told_as_not_compared(small, monkeypatch):
    companies()
    report = made(JSON_RU)
    monkeypatch.setattr("reports.services.comparing.MOST_S", 1)
    monkeypatch.setattr("reports.services.verifying.KEPT_S", 60)

    small(cut=lambda order, user, put: put.copied("copied", "SELECT 'a', 'b' FROM pg_sleep(30)"))

    told = look_up(str(report.public_id))
    assert (told.compared, told.why_not) == (None, Uncompared.TOO_LONG)

    # Whoever asks again makes nobody wait for the database once more.
    monkeypatch.setattr("reports.services.verifying.compared_with_today", None)
    assert look_up(str(report.public_id)).why_not == Uncompared.TOO_LONG
