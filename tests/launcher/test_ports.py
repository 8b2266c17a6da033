import socket

import pytest

from launcher import ports
from launcher.failures import Failure


def test_listen_near_takes_the_wished_port():
    wished = ports.free_port()

    with ports.listen_near(wished) as listener:
        assert listener.getsockname() == ("127.0.0.1", wished)


def test_listen_near_goes_on_to_the_next_free_port():
    with ports.listen_near(ports.free_port()) as first:
        wished = first.getsockname()[1]

        with ports.listen_near(wished) as second:
            assert wished < second.getsockname()[1] < wished + ports.TRIES


def test_listen_near_sees_a_program_that_listens_on_every_address():
    with socket.socket() as everywhere:
        everywhere.bind(("0.0.0.0", 0))
        everywhere.listen()
        wished = everywhere.getsockname()[1]

        with ports.listen_near(wished) as listener:
            assert listener.getsockname()[1] != wished


def test_listen_near_says_when_nothing_is_free(monkeypatch):
    monkeypatch.setattr(ports, "TRIES", 1)
    with ports.listen_near(ports.free_port()) as listener:
        wished = listener.getsockname()[1]

        with pytest.raises(Failure, match=r"all taken.*--port"):
            ports.listen_near(wished)


def test_answers_knows_whether_somebody_listens():
    with ports.listen_near(ports.free_port()) as listener:
        port = listener.getsockname()[1]
        assert ports.answers("127.0.0.1", port)

    assert not ports.answers("127.0.0.1", port)
