"""Links that ended, and documents of claims that were decided, are not kept for ever."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from companies.forgetting import KEPT_FOR, forget_claims, forget_invitations
from companies.models import Claim, Invitation
from companies.services import refuse_claim, withdraw_claim
from tests.companies.factories import CompanyFactory
from tests.companies.members.links import invitation
from tests.companies.members.test_claims import claimed, entry
from tests.people import person

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=31)


def test_links_are_forgotten_thirty_days_after_they_ended():
    company, now = CompanyFactory(), timezone.now()
    far = now + timedelta(days=7)
    for number, facts in enumerate(
        (
            {"used_at": now - LONG_AGO, "ends_at": far},
            {"withdrawn_at": now - LONG_AGO, "ends_at": far},
            {"ends_at": now - LONG_AGO},
            {"email": "kept@example.test", "ends_at": now - timedelta(days=29)},
            {"email": "open@example.test", "ends_at": far},
        )
    ):
        invitation(company, digest=f"digest {number}", **facts)

    forget_invitations(now)

    assert set(Invitation.objects.values_list("email", flat=True)) == {"kept@example.test", "open@example.test"}


def test_the_document_of_a_claim_is_forgotten_thirty_days_after_it_was_decided(
    settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    decided, waiting = claimed(entry()), claimed(entry("PT Beta"))
    refuse_claim(claim=decided, decided_by=person(Role.STAFF), reason="no")
    name = decided.file.name
    early = timezone.now() + KEPT_FOR - timedelta(hours=1)
    with django_capture_on_commit_callbacks(execute=True):
        forget_claims(early)
    before = Claim.objects.get(pk=decided.pk).file.name

    with django_capture_on_commit_callbacks(execute=True):
        forget_claims(early + timedelta(hours=2))

    assert before == name
    assert list(Claim.objects.order_by("pk").values_list("words", "file")) == [
        ("", ""),
        ("director", waiting.file.name),
    ]
    assert not (tmp_path / name).exists()
    assert (tmp_path / waiting.file.name).exists()


def test_the_document_of_a_claim_that_was_taken_back_is_forgotten_at_once(
    settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    claim = claimed(entry())
    name = claim.file.name

    with django_capture_on_commit_callbacks(execute=True):
        withdraw_claim(claim=claim)

    assert list(Claim.objects.values_list("state", "words", "file")) == [("withdrawn", "", "")]
    assert not (tmp_path / name).exists()


def test_a_file_goes_with_the_company_that_was_claimed(settings, tmp_path, django_capture_on_commit_callbacks):
    settings.MEDIA_ROOT = tmp_path
    claim = claimed(entry())

    with django_capture_on_commit_callbacks(execute=True):
        claim.company.delete()

    assert not (tmp_path / claim.file.name).exists()
