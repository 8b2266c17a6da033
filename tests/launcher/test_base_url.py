"""Links in letters lead to where the product is reached."""

import socket

from launcher.console import Console
from launcher.house import House, data_folder


def base_url(tmp_path, *, listens: bool, **given) -> str | None:
    with (tmp_path / "told").open("w") as paper, socket.socket() as listener:
        house = House(data_folder(tmp_path / "var"), Console(paper), given=given)
        listener.bind(("127.0.0.1", 0))
        house.web.listener = listener if listens else None
        port, told = listener.getsockname()[1], house.environ().get("TM_BASE_URL")
    return told and told.replace(str(port), "PORT")


def test_programs_are_told_the_address_that_the_launcher_promises(tmp_path, monkeypatch):
    monkeypatch.delenv("TM_BASE_URL", raising=False)

    assert base_url(tmp_path, listens=True) == "http://127.0.0.1:PORT"
    assert base_url(tmp_path, listens=False) is None


def test_address_that_a_city_gives_goes_before_it(tmp_path, monkeypatch):
    monkeypatch.setenv("TM_BASE_URL", "https://trade.example.test")

    assert base_url(tmp_path, listens=True, TM_BASE_URL="https://trade.example.test") == "https://trade.example.test"
