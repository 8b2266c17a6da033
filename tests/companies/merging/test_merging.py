"""Two entries brought together: what goes over, what counts where both say something, who may, who is told."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from companies import services
from companies.enums import CompanyKind, CompanyStatus, FactKind, ListingStatus, MemberRole
from companies.models import BookImport, Company, ImportedRow
from companies.permissions import may_verify
from companies.services.merging import merge_companies, undo_merge, undoing_of
from companies.services.merging.telling import back_in_words, told_in_words
from companies.signals import book_changed
from notices.models import Notice
from tests.companies.factories import (
    CompanyFactory,
    ContactPersonFactory,
    MembershipFactory,
    NeedFactory,
    StandInFactory,
)
from tests.companies.merging.entries import merged, status_of
from tests.factories import CertificateKindFactory
from tests.people import member_of, person

pytestmark = pytest.mark.django_db


def entries(**goes) -> tuple[Company, Company]:
    """An entry of the directory that has been registered beside it: the common case."""
    registered = CompanyFactory(name_registered="PT Kembar", registration_number="9120001234567", city="Balikpapan")
    facts = {"kind": CompanyKind.DIRECTORY, "name_registered": "Kembar", "website": "https://kembar.example"} | goes
    return registered, CompanyFactory(**facts)


def refused(stays: Company, goes: Company, by=None, **facts) -> str:
    with pytest.raises(ValidationError) as refusal:
        merged(stays, goes, by=by, **facts)
    return refusal.value.code if hasattr(refusal.value, "code") else next(iter(refusal.value.error_dict))


def test_entry_of_the_directory_goes_into_the_company_that_registered():
    stays, goes = entries(city="Samarinda", description="Prawns.")

    merged(stays, goes, taken={"city": "goes", "name_registered": "stays"})

    stays.refresh_from_db()
    goes.refresh_from_db()
    said = (stays.name_registered, stays.city, stays.website, stays.description)
    assert said == ("PT Kembar", "Samarinda", "https://kembar.example", "Prawns.")
    assert (goes.is_hidden, goes.merged_into, goes.status) == (True, stays, CompanyStatus.ACTIVE)


def test_registration_numbers_are_swapped_and_the_check_goes_with_the_number():
    stays = CompanyFactory(registration_number="1111111111111")
    goes = CompanyFactory(registration_number="2222222222222")
    day = dt.date(2026, 11, 1)
    stays.facts.create(kind=FactKind.NUMBER_CHECKED, checked_on=day)
    goes.facts.create(kind=FactKind.VISITED, checked_on=day)

    merge = merged(stays, goes, taken={"registration_number": "goes"})

    numbers = dict(Company.objects.values_list("pk", "registration_number"))
    assert numbers == {stays.pk: "2222222222222", goes.pk: "1111111111111"}
    assert [fact.kind for fact in stays.facts.all()] == [FactKind.VISITED]
    assert [fact.kind for fact in goes.facts.all()] == [FactKind.NUMBER_CHECKED]
    assert told_in_words(merge.moved["told"]) == [
        "The registration number that was checked is no longer the company's own: its check stays with it."
    ]


def test_of_two_certificates_the_better_counts_with_its_own_papers():
    stays, goes = CompanyFactory(), CompanyFactory()
    kind = CertificateKindFactory(name_en="HACCP")
    ours = stays.certificates.create(kind=kind, state="unchecked", number="A")
    other = goes.certificates.create(kind=kind, state="checked", number="B")
    for certificate, digest in ((ours, "1" * 64), (other, "2" * 64)):
        certificate.files.create(file="a.pdf", kind="pdf", size=1, digest=digest)

    merge = merged(stays, goes)

    (counts,) = stays.certificates.all()
    assert (counts.pk, counts.state, counts.number) == (ours.pk, "checked", "B")
    assert [file.digest for file in counts.files.all()] == ["2" * 64]
    assert told_in_words(merge.moved["told"]) == [
        "Both state the certificate HACCP. That of the entry that went says more, and counts."
    ]


def test_people_of_both_act_for_the_one_that_stays_and_are_told_once():
    stays, goes = CompanyFactory(), CompanyFactory()
    both, other = MembershipFactory(company=stays).user, MembershipFactory(company=goes).user
    MembershipFactory(company=goes, user=both, role=MemberRole.OWNER)

    merge = merged(stays, goes)

    roles = dict(stays.memberships.values_list("user", "role"))
    assert roles == {both.pk: MemberRole.OWNER, other.pk: MemberRole.EDITOR}
    assert list(Company.objects.visible_to(both)) == list(Company.objects.acted_for_by(both)) == [stays]
    told = {(notice.user_id, notice.kind, notice.event) for notice in Notice.objects.all()}
    assert told == {(user.pk, "companies_merged", f"merge:{merge.pk}") for user in (both, other)}


@pytest.mark.parametrize("status", [CompanyStatus.DRAFT, CompanyStatus.SUBMITTED])
def test_whoever_began_an_entry_that_nobody_let_in_owns_by_the_merge_no_company_that_has_an_owner(status):
    stays, goes = CompanyFactory(), CompanyFactory(status=status)
    owner = MembershipFactory(company=stays, role=MemberRole.OWNER).user
    editor = MembershipFactory(company=stays, role=MemberRole.EDITOR).user
    stranger = MembershipFactory(company=goes, role=MemberRole.OWNER).user
    MembershipFactory(company=goes, user=editor, role=MemberRole.OWNER)
    link = services.invite_member(
        company=goes, email="second@example.org", role=MemberRole.OWNER, language="en", invited_by=stranger
    )

    merge = merged(stays, goes)

    roles = dict(stays.memberships.values_list("user", "role"))
    assert roles == {owner.pk: MemberRole.OWNER, editor.pk: MemberRole.EDITOR, stranger.pk: MemberRole.EDITOR}
    link.refresh_from_db()
    assert (link.company, list(stays.invitations.all())) == (goes, [])

    undo_merge(merge=merge, undone_by=merge.merged_by)

    back = dict(goes.memberships.values_list("user", "role"))
    assert back == {stranger.pk: MemberRole.OWNER, editor.pk: MemberRole.OWNER}


def test_matching_is_told_of_the_listings_that_moved():
    heard = []
    stays, goes = entries()

    def hear(sender, companies, by_company, **facts):
        heard.append((companies, by_company))

    book_changed.connect(hear)
    try:
        undo_merge(merge=merged(stays, goes), undone_by=person(Role.STAFF))
    finally:
        book_changed.disconnect(hear)

    assert heard == [([stays, goes], False)] * 2


# What is refused


def test_whoever_brought_an_entry_in_does_not_verify_the_one_that_it_was_merged_into():
    stays, goes = (CompanyFactory(status=CompanyStatus.SUBMITTED) for _which in range(2))
    sender, other = person(Role.STAFF), person(Role.STAFF, email="other@example.test")
    book = BookImport.objects.create(made_by=sender, digest="d", size=1, file_kind="csv", file_name="d.csv")
    ImportedRow.objects.create(book=book, position=1, sheet="s", row=1, outcome="taken", made_company=goes)

    merged(stays, goes, by=other, taken={"name_registered": "goes"})

    assert [may_verify(user, stays) for user in (sender, other)] == [False, True]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"country": "KZ"}, "not_yours"),
        ({"kind": CompanyKind.EXAMPLE}, "example"),
        ({"status": CompanyStatus.SUSPENDED}, "suspended"),
        ({"is_hidden": True}, "gone"),
    ],
)
def test_entries_that_are_no_one_company_are_not_merged(facts, code):
    stays, goes = entries(**facts)

    assert refused(stays, goes) == code
    assert not Company.objects.filter(merged_into__isnull=False).exists()


def test_companies_of_two_countries_are_not_merged_by_an_administrator_either():
    assert refused(*entries(country="KZ"), by=person(Role.ADMIN)) == "two_countries"


def test_directory_does_not_swallow_a_registered_company():
    stays, goes = entries()

    assert refused(goes, stays) == "directory"


def test_company_that_trades_does_not_go_into_one_that_was_never_let_in():
    stays, goes = (CompanyFactory(status=status) for status in (CompanyStatus.DRAFT, CompanyStatus.ACTIVE))

    assert refused(stays, goes) == "not_let_in"
    merged(goes, stays)


def test_claim_that_waits_is_decided_first():
    stays, goes = entries()
    goes.claims.create(made_by=person(Role.BUSINESS), registration_number="1", file_kind="pdf", size=1, digest="1")

    assert refused(stays, goes) == "claimed"


@pytest.mark.parametrize("side", [0, 1])
def test_nobody_merges_a_company_they_act_for(side):
    both = entries()
    staff = StandInFactory(company=both[side]).user

    assert refused(*both, by=staff) == "not_yours"


def test_merge_says_why():
    assert refused(*entries(), reason="") == "reason"


def test_what_was_changed_after_the_page_was_opened_is_compared_once_more():
    stays, goes = entries()
    with pytest.raises(ValidationError) as refusal:
        merge_companies(stays=stays, goes=goes, taken={}, reason="x", seen="old", merged_by=person(Role.STAFF))

    assert refusal.value.code == "changed_meanwhile"


def test_entry_that_is_merged_already_is_not_merged_again():
    stays, goes = entries()
    merged(stays, goes)

    assert refused(CompanyFactory(), goes) == "gone"


def test_nothing_is_changed_under_an_entry_that_was_merged():
    stays, goes = entries()
    merged(stays, goes)

    with pytest.raises(ValidationError) as refusal:
        services.record_fact(company=goes, kind=FactKind.VISITED, checked_on=dt.date(2026, 11, 1))

    assert refusal.value.code == "company_merged"


# Undone


def test_what_changed_meanwhile_goes_back_as_it_is_and_what_is_gone_is_told():
    stays, goes = CompanyFactory(), CompanyFactory(city="Bontang")
    needs = [NeedFactory(company=goes, reference=f"N-{number}") for number in range(1, 4)]
    ContactPersonFactory(company=goes)
    merge = merged(stays, goes)
    status_of(needs[1], ListingStatus.WITHDRAWN)
    needs[2].delete()
    added = NeedFactory(company=stays)
    Company.objects.filter(pk=stays.pk).update(city="Berau")

    preview = undoing_of(merge)
    undone = undo_merge(merge=merge, undone_by=person(Role.STAFF))

    assert back_in_words(undone) == back_in_words(preview) == ["1 of 1 contact person", "2 of 3 needs"]
    assert sorted(told_in_words(undone.told)) == [
        "N-2 was changed meanwhile and goes back as it is now: withdrawn.",
        "Something that was moved has been removed meanwhile, and does not come back.",
        "“Town” was changed meanwhile and stays as it is now.",
    ]
    assert [need.status for need in goes.needs.order_by("pk")] == ["open", "withdrawn"]
    assert list(stays.needs.all()) == [added]
    assert set(Company.objects.values_list("city", "is_hidden")) == {("Berau", False), ("Bontang", False)}


def test_number_that_another_company_has_by_now_is_not_given_back():
    stays = CompanyFactory(registration_number="1111111111111")
    goes = CompanyFactory(registration_number="2222222222222")
    merge = merged(stays, goes)
    goes_back = undoing_of(merge).told
    merge = reset_numbers(merge, stays, goes)

    undone = undo_merge(merge=merge, undone_by=person(Role.STAFF))

    assert goes_back == []
    assert [code for code, _words in undone.told] == ["number_taken"]


def test_check_of_a_number_stays_where_the_number_is_that_was_changed_meanwhile():
    stays = CompanyFactory(registration_number="1111111111111")
    goes = CompanyFactory(registration_number="2222222222222")
    stays.facts.create(kind=FactKind.NUMBER_CHECKED, checked_on=dt.date(2026, 11, 1))
    merge = merged(stays, goes, taken={"registration_number": "goes"})
    Company.objects.filter(pk=stays.pk).update(registration_number="3333333333333")

    undo_merge(merge=merge, undone_by=person(Role.STAFF))

    assert not stays.facts.exists()
    numbers = dict(Company.objects.values_list("pk", "registration_number"))
    assert numbers == {stays.pk: "3333333333333", goes.pk: "2222222222222"}


def test_papers_stay_with_the_certificate_that_was_changed_meanwhile():
    stays, goes = CompanyFactory(), CompanyFactory()
    kind = CertificateKindFactory()
    ours = stays.certificates.create(kind=kind, state="unchecked")
    other = goes.certificates.create(kind=kind, state="checked")
    other.files.create(file="a.pdf", kind="pdf", size=1, digest="2" * 64)
    merge = merged(stays, goes)
    stays.certificates.update(number="B-2")

    undone = undo_merge(merge=merge, undone_by=person(Role.STAFF))

    assert [file.digest for file in ours.files.all()] == ["2" * 64]
    assert told_in_words(undone.told) == [
        "A certificate or check that both had was changed meanwhile. Each entry keeps what it has now."
    ]


def reset_numbers(merge, stays: Company, goes: Company):
    """As if the entry that stays had taken over a number which a third company registered after it was freed."""
    merge.moved["changes"].append(["company", goes.pk, "registration_number", "3333333333333", "2222222222222"])
    merge.save()
    CompanyFactory(registration_number="3333333333333")
    return merge


def test_merge_is_undone_once_and_the_last_one_first():
    first, second, third = (CompanyFactory() for _number in range(3))
    inner, outer = merged(second, third), merged(first, second)

    with pytest.raises(ValidationError, match="Undo that first"):
        undo_merge(merge=inner, undone_by=person(Role.STAFF))
    undo_merge(merge=outer, undone_by=person(Role.STAFF))
    with pytest.raises(ValidationError, match="undone already"):
        undo_merge(merge=outer, undone_by=person(Role.STAFF))


def test_member_of_both_finds_one_company():
    stays, goes = CompanyFactory(), CompanyFactory()
    user = member_of(stays)
    goes.memberships.create(user=user, role=MemberRole.EDITOR)

    merged(stays, goes)

    assert list(Company.objects.visible_to(user)) == [stays]


def test_member_who_types_the_number_of_the_entry_that_went_is_led_to_the_one_that_stays():
    stays, goes = CompanyFactory(), CompanyFactory(registration_number="9120001234567")
    member = member_of(goes)
    stays.registration_number = "9120001234568"
    stays.save()
    merged(stays, goes)

    begun = services.begin_registration(
        user=member, country="ID", registration_number="9120001234567", name_registered="PT Kembar"
    )

    assert begun == stays
