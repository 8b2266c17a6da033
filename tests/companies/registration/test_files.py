"""Files of certificates: taken by what they are, private, limited, gone from the disk with their row."""

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import Role
from companies.enums import CompanyStatus
from companies.models import Certificate, CertificateFile, Company
from companies.services.files import add_certificate_file, kind_of, remove_certificate_file
from tests.companies.pages import errors_of, words_of
from tests.companies.registration.pages import begun, signed_in_for
from tests.factories import CertificateKindFactory
from tests.people import member_of, person

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0" + b"x" * 100 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100 + b"IEND\xaeB\x60\x82"


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def paper(**facts) -> Certificate:
    facts = {"state": "unchecked", "kind": CertificateKindFactory(code="haccp")} | facts
    return (facts.pop("company", None) or begun()).certificates.create(**facts)


def kept(certificate: Certificate, body: bytes = PDF, name: str = "scan.pdf") -> CertificateFile:
    file = SimpleUploadedFile(name, body)
    return add_certificate_file(certificate=certificate, file=file, added_by=member_of(certificate.company))


def address(certificate: Certificate, rest: str) -> str:
    return f"/companies/{certificate.company_id}/certificates/{certificate.pk}/files/{rest}"


def refusal_of(action, *arguments) -> str:
    with pytest.raises(ValidationError) as caught:
        action(*arguments)
    return caught.value.error_dict["file"][0].code


@pytest.mark.parametrize(("body", "kind"), [(PDF, "pdf"), (JPEG, "jpg"), (PNG, "png")])
def test_file_is_known_by_its_content_and_not_by_its_name(uploads, body, kind):
    file = kept(paper(), body, "evil.html")

    assert (file.kind, file.size) == (kind, len(body))
    (on_disk,) = [path for path in uploads.rglob("*") if path.is_file()]
    assert on_disk.read_bytes() == body
    assert on_disk.suffix == f".{kind}"
    assert "evil" not in on_disk.as_posix()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<html><script>1</script></html>", "kind"),
        (b"MZ\x90\x00", "kind"),
        (b"", "kind"),
        (b" " + PDF, "kind"),
        (b"GIF89a", "kind"),
        (PDF.replace(b"%%EOF", b""), "not_whole"),
        (JPEG[:-2], "not_whole"),
        (PNG[:-8], "not_whole"),
    ],
)
def test_anything_else_is_refused(body, code):
    assert refusal_of(kind_of, body) == code


def test_file_that_is_too_large_or_one_too_many_is_refused(settings, monkeypatch, uploads):
    certificate = paper()
    settings.CERTIFICATE_FILE_MAX_SIZE = len(PDF)
    monkeypatch.setattr("companies.services.files.MOST_OF_CERTIFICATE", 1)
    kept(certificate)

    assert refusal_of(kept, certificate, PNG) == "too_large"
    assert refusal_of(kept, certificate, PDF.replace(b"1 0", b"2 0")) == "too_many"
    assert len([path for path in uploads.rglob("*") if path.is_file()]) == 1


def test_papers_take_a_bounded_part_of_the_disk_of_a_company_and_of_a_person(settings, uploads):
    certificate, staff = paper(), person(Role.STAFF)
    settings.CERTIFICATE_FILES_MAX_OF_COMPANY = len(PDF)
    kept(certificate)
    of_company = refusal_of(kept, certificate, PNG)
    settings.CERTIFICATE_FILES_MAX_OF_COMPANY, settings.CERTIFICATE_FILES_MAX_OF_PERSON = 1000, len(PDF)

    of_person = refusal_of(kept, certificate, PNG)
    of_staff = add_certificate_file(certificate=certificate, file=SimpleUploadedFile("a.png", PNG), added_by=staff)

    assert (of_company, of_person, of_staff.size) == ("too_much", "too_much_of_person", len(PNG))


def test_same_file_sent_twice_is_kept_once(uploads):
    certificate = paper()

    assert kept(certificate) == kept(certificate)
    assert len([path for path in uploads.rglob("*") if path.is_file()]) == 1


def test_checked_certificate_is_unchecked_once_it_has_another_paper():
    certificate = paper(state="checked")

    kept(certificate)

    assert Certificate.objects.get().state == "unchecked"


def test_certificate_checked_or_removed_just_before_its_next_paper_came(uploads):
    certificate = paper()
    Certificate.objects.update(state="checked")  # between the page and its form

    kept(certificate)

    assert Certificate.objects.get().state == "unchecked"

    Certificate.objects.all().delete()
    with pytest.raises(ValidationError, match="Somebody has changed this since you opened the page"):
        kept(certificate, PNG)


@pytest.mark.parametrize("way", ["file", "certificate", "company"])
def test_file_goes_from_the_disk_with_its_row(uploads, django_capture_on_commit_callbacks, way):
    certificate = paper()
    file = kept(certificate)

    with django_capture_on_commit_callbacks(execute=True):
        if way == "file":
            remove_certificate_file(certificate=certificate, file=file.pk)
        elif way == "certificate":
            certificate.delete()
        else:
            certificate.company.delete()

    assert [path for path in uploads.rglob("*") if path.is_file()] == []


def test_file_whose_row_could_not_be_written_leaves_nothing_on_the_disk(uploads, monkeypatch):
    certificate = paper()

    def fail(self, *arguments, **named):
        raise RuntimeError

    monkeypatch.setattr(CertificateFile, "save", fail)
    with pytest.raises(RuntimeError):
        kept(certificate)

    assert [path for path in uploads.rglob("*") if path.is_file()] == []


# Pages


def test_file_is_brought_saved_and_removed_on_the_page_of_the_certificate(client):
    certificate = paper()
    signed_in_for(client, certificate.company)

    brought = client.post(address(certificate, "add/"), {"file": SimpleUploadedFile("scan.pdf", PDF)})
    file = certificate.files.get()
    page = client.get(brought["Location"])
    saved = client.get(address(certificate, f"{file.pk}/"))
    body = b"".join(saved.streaming_content)
    client.post(address(certificate, f"{file.pk}/remove/"))

    assert address(certificate, f"{file.pk}/") in page.content.decode()
    assert (saved["Content-Type"], saved["Content-Disposition"]) == (
        "application/pdf",
        f'attachment; filename="haccp-{file.pk}.pdf"',
    )
    assert (saved["X-Content-Type-Options"], "no-store" in saved["Cache-Control"]) == ("nosniff", True)
    assert body == PDF
    assert certificate.files.count() == 0


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose a file."),
        ({"file": SimpleUploadedFile("a.pdf", b"")}, "This file is empty."),
        (
            {"file": SimpleUploadedFile("a.pdf", b"text")},
            "This is no PDF, JPEG or PNG. Take a picture of the paper, or save it as a PDF.",
        ),
    ],
)
def test_file_that_is_refused_is_said_why(client, sent, said):
    certificate = paper()
    signed_in_for(client, certificate.company)

    response = client.post(address(certificate, "add/"), sent)

    assert response.status_code == 400
    assert said in words_of(response)
    assert errors_of(response) == {}  # what is stated of the certificate is not in question


def test_files_are_not_brought_without_end(client, settings):
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"paper_brought": "1/h/user"}
    certificate = paper()
    signed_in_for(client, certificate.company)

    answers = [
        client.post(address(certificate, "add/"), {"file": SimpleUploadedFile("a", body)}) for body in (PDF, PNG)
    ]

    assert [answer.status_code for answer in answers] == [302, 400]
    assert "Too many requests. Wait a few minutes, then try again." in words_of(answers[1])
    assert certificate.files.count() == 1


@pytest.mark.parametrize(
    ("role", "status"), [(Role.STAFF, 200), (Role.OFFICER, 404), (Role.ADMIN, 200), (Role.BUSINESS, 404)]
)
def test_file_of_an_indonesian_company_is_read_by_those_who_verify_it_and_by_nobody_else(client, role, status):
    certificate = paper()
    file = kept(certificate)
    client.force_login(person(role, email="reader@example.test"))

    assert client.get(address(certificate, f"{file.pk}/")).status_code == status


def test_suspended_company_is_told_that_it_takes_no_paper_away(client):
    certificate = paper()
    file = kept(certificate)
    signed_in_for(client, certificate.company)
    Company.objects.update(status=CompanyStatus.SUSPENDED)

    for kept_one in (address(certificate, f"{file.pk}/remove/"), address(certificate, "").replace("files/", "remove/")):
        page = client.post(kept_one, follow=True)

        assert "is suspended: you can read what is here, but change it only once it is let in again." in words_of(page)
    assert certificate.files.count() == 1


def test_file_is_found_only_below_its_own_certificate(client):
    certificate = paper()
    other = paper(company=certificate.company, kind=CertificateKindFactory())
    file = kept(certificate)
    signed_in_for(client, certificate.company)

    assert client.get(address(other, f"{file.pk}/")).status_code == 404
    client.post(address(other, f"{file.pk}/remove/"))
    assert certificate.files.count() == 1


def test_file_that_is_gone_from_the_disk_is_not_found(client, uploads):
    certificate = paper()
    file = kept(certificate)
    (uploads / file.file.name).unlink()
    signed_in_for(client, certificate.company)

    assert client.get(address(certificate, f"{file.pk}/")).status_code == 404


def test_page_of_a_file_takes_more_than_other_pages_and_not_without_end(client):
    certificate = paper()
    signed_in_for(client, certificate.company)
    large = {"CONTENT_LENGTH": str(3_000_000)}
    endless = {"CONTENT_LENGTH": str(django_settings.CERTIFICATE_FILE_MAX_SIZE + 200_000)}
    file = {"file": SimpleUploadedFile("a.pdf", PDF)}

    taken = client.post(
        address(certificate, "add/"), {"file": SimpleUploadedFile("a.jpg", JPEG[:4] + b"x" * 3_000_000 + b"\xff\xd9")}
    )

    assert taken.status_code == 302
    assert client.post(address(certificate, "add/"), file, **endless).status_code == 413
    assert client.post("/register/", file, **large).status_code == 413
