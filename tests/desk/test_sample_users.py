"""One sample user a role, for a first look."""

import json
import stat

import pytest
from django.core.management import call_command

from accounts.enums import Role
from accounts.models import User
from desk.sample_users import FILE_NAME, ensure_sample_users
from tests.factories import CommodityFactory
from tests.matching.book import capacity, company, need, open_corridor

pytestmark = pytest.mark.django_db


def test_every_role_gets_a_user_who_can_sign_in(tmp_path, client):
    sign_ins = ensure_sample_users(tmp_path)

    assert [sign_in.role for sign_in in sign_ins] == list(Role.values)
    for sign_in in sign_ins:
        assert client.login(username=sign_in.email, password=sign_in.password)
        user = User.objects.get(email=sign_in.email)
        assert (user.role, user.is_sample) == (sign_in.role, True)


def test_passwords_are_random_and_only_for_the_owners_eyes(tmp_path):
    first = ensure_sample_users(tmp_path / "one")
    other = ensure_sample_users(tmp_path / "two")

    passwords = {sign_in.password for sign_in in (*first, *other)}
    assert len(passwords) == 8
    assert min(map(len, passwords)) >= 16
    assert stat.S_IMODE((tmp_path / "one" / FILE_NAME).stat().st_mode) == 0o600


def test_a_second_call_changes_nothing(tmp_path):
    first = ensure_sample_users(tmp_path)
    hashes = dict(User.objects.values_list("email", "password"))

    assert ensure_sample_users(tmp_path) == first
    assert dict(User.objects.values_list("email", "password")) == hashes


@pytest.mark.parametrize("content", [None, "", "[1]", '{"half'])
def test_a_lost_or_broken_file_gives_new_passwords_that_work(tmp_path, client, content):
    before = ensure_sample_users(tmp_path)
    path = tmp_path / FILE_NAME
    path.unlink() if content is None else path.write_text(content)

    after = ensure_sample_users(tmp_path)

    assert {s.password for s in before}.isdisjoint({s.password for s in after})
    assert all(client.login(username=sign_in.email, password=sign_in.password) for sign_in in after)


def test_business_user_joins_an_example_company_that_needs_and_supplies(tmp_path):
    goods = CommodityFactory()
    open_corridor()
    need(goods)
    both = company("KZ", code="z-both")
    need(goods, company=both)
    capacity(goods, company=both)

    ensure_sample_users(tmp_path)
    ensure_sample_users(tmp_path)

    user = User.objects.get(role=Role.BUSINESS)
    assert [member.company for member in user.memberships.all()] == [both]


def test_command_prints_how_each_signs_in(tmp_path, settings, capsys):
    settings.DATA_DIR = tmp_path

    call_command("ensure_sample_users", "--json")

    assert json.loads(capsys.readouterr().out) == json.loads((tmp_path / FILE_NAME).read_text())


def test_a_password_that_somebody_gave_can_be_kept(tmp_path, client):
    ensure_sample_users(tmp_path)
    admin = User.objects.get(email="admin@example.test")
    admin.set_password("one of my own choosing")
    admin.save(update_fields=["password"])

    sign_ins = ensure_sample_users(tmp_path, keep_passwords=True)

    assert [sign_in.role for sign_in in sign_ins] == [role for role in Role.values if role != Role.ADMIN]
    assert client.login(username="admin@example.test", password="one of my own choosing")


def test_sample_users_of_an_earlier_time_are_marked_as_samples(tmp_path):
    ensure_sample_users(tmp_path)
    User.objects.update(is_sample=False)

    ensure_sample_users(tmp_path)

    assert list(User.objects.filter(is_sample=True).values_list("email", flat=True).order_by("email")) == [
        "admin@example.test",
        "business@example.test",
        "officer@example.test",
        "staff@example.test",
    ]


def test_somebody_elses_user_with_a_sample_address_is_no_sample(tmp_path):
    User.objects.create_user("admin@example.test", "one of my own choosing", role=Role.ADMIN)

    ensure_sample_users(tmp_path, keep_passwords=True)

    assert not User.objects.get(email="admin@example.test").is_sample


def test_the_command_prints_no_password_unless_asked(settings, tmp_path, capsys):
    settings.DATA_DIR = tmp_path

    call_command("ensure_sample_users")

    printed = capsys.readouterr().out
    assert "staff@example.test" in printed
    assert not [s for s in json.loads((tmp_path / FILE_NAME).read_text()) if s["password"] in printed]
