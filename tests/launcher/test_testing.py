import fcntl

import pytest
from django.conf import settings

from launcher.console import Console
from launcher.house import House, data_folder
from launcher.testing import environ_of_tests, remove_leftovers, throw_away_folder


@pytest.fixture
def kept(tmp_path):
    return data_folder(tmp_path / "var")


@pytest.fixture
def told(tmp_path):
    with (tmp_path / "told").open("w+") as paper:
        yield paper


def test_each_run_of_the_tests_has_a_folder_of_its_own_that_is_gone_afterwards(kept, told):
    with throw_away_folder(kept, Console(told)) as one, throw_away_folder(kept, Console(told)) as other:
        assert one.data != other.data
        assert {one.data.parent, other.data.parent} == {kept.data / "test"}
        assert one.data.is_dir()

    assert list((kept.data / "test").iterdir()) == []
    told.seek(0)
    assert told.read() == ""


def test_what_a_killed_run_of_the_tests_left_behind_is_removed(kept, told):
    leftover = data_folder(kept.data / "test" / "killed")
    (leftover.run / "test.lock").touch()
    (leftover.data / "postgres.new-1").mkdir()

    remove_leftovers(kept.data / "test", Console(told))

    assert not leftover.data.exists()
    told.seek(0)
    assert told.read() == "Removing what an interrupted run of the tests left behind.\n"


def test_the_folder_of_a_run_that_goes_on_is_left_alone(kept, told):
    going_on = data_folder(kept.data / "test" / "going on")
    just_being_made = kept.data / "test" / "new"
    just_being_made.mkdir()
    with (going_on.run / "test.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        remove_leftovers(kept.data / "test", Console(told))

    assert going_on.data.exists()
    assert just_being_made.exists()


def test_pytest_gets_the_servers_and_reads_the_settings_when_they_are_prepared(kept, told):
    given = {"DATABASE_URL": "postgres://tests@127.0.0.1/tests", "REDIS_URL": "redis://127.0.0.1:1/0"}

    environ = environ_of_tests(House(kept, Console(told), given=given))

    assert "DJANGO_SETTINGS_MODULE" not in environ
    assert given.items() <= environ.items()
    assert settings.STORAGES["staticfiles"]["BACKEND"] == "django.contrib.staticfiles.storage.StaticFilesStorage"
