import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from launcher import probe


@pytest.fixture
def address():
    """A page that is well, and one that is not."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            well = self.path == "/readyz" and self.headers["X-Forwarded-Proto"] == "https"
            self.send_response(200 if well else 503)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_probe_is_content_with_a_page_that_answers(address):
    assert probe.main([f"{address}/readyz"]) == 0


def test_probe_says_what_is_wrong_with_a_page(address, capsys):
    assert probe.main([f"{address}/other"]) == 1
    assert "503" in capsys.readouterr().err


def test_probe_is_content_with_a_file_that_was_written_lately(tmp_path):
    (tmp_path / "beat-schedule.db").touch()

    assert probe.main(["--fresh=60", str(tmp_path / "beat-schedule*")]) == 0


def test_probe_says_that_a_file_is_old_or_missing(tmp_path, capsys):
    assert probe.main(["--fresh=60", str(tmp_path / "beat-schedule*")]) == 1
    (tmp_path / "beat-schedule").touch()
    os.utime(tmp_path / "beat-schedule", (1, 1))
    assert probe.main(["--fresh=60", str(tmp_path / "beat-schedule*")]) == 1

    missing, old = capsys.readouterr().err.splitlines()
    assert missing.endswith("does not exist")
    assert "was last written" in old
