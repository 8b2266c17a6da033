import pytest

from launcher import browser
from launcher.console import Console
from launcher.failures import Failure


@pytest.fixture
def told(tmp_path):
    with (tmp_path / "told").open("w+") as paper:
        yield paper


@pytest.fixture
def no_browser(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("TM_CHROMIUM", raising=False)


def test_browser_that_is_named_goes_before_the_usual_ones(monkeypatch, tmp_path):
    for name in ("chromium", "mine"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("TM_CHROMIUM", raising=False)
    assert browser.find_browser() == str(tmp_path / "chromium")

    monkeypatch.setenv("TM_CHROMIUM", str(tmp_path / "mine"))
    assert browser.find_browser() == str(tmp_path / "mine")


def test_missing_browser_is_said_and_no_error(no_browser, told):
    browser.see_to_a_browser(Console(told), required=False, everything=False)

    told.seek(0)
    assert told.read().startswith("Without Chromium the browser tests are not run: install it with")


def test_missing_browser_is_an_error_where_it_is_required(no_browser, told):
    with pytest.raises(Failure, match="there is no Chromium: install it with `sudo apt-get install chromium`"):
        browser.see_to_a_browser(Console(told), required=True, everything=True)


def test_browser_is_installed_where_we_may(no_browser, told, monkeypatch, tmp_path):
    """A pretended apt-get puts a pretended browser on PATH."""
    installer = tmp_path / "apt-get"
    installer.write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n[ "$2" = install ] && cp "$0" {tmp_path}/chromium\n'
    )
    installer.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(browser, "NAMES", ("chromium",))
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("shutil.which", lambda name: str(tmp_path / name) if (tmp_path / name).exists() else None)

    browser.see_to_a_browser(Console(told), required=True, everything=True)

    assert (tmp_path / "asked").read_text().splitlines() == [
        "-qq update",
        "-qq install -y --no-install-recommends chromium",
    ]
