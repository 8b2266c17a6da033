"""What `export_matches` will not write, and for whom it writes."""

import stat

import pytest
from django.core.management import CommandError, call_command

from matching.enums import RunKind
from reports.enums import Format
from reports.writing import WRITERS
from tests.matching.found import finished_run

pytestmark = pytest.mark.django_db


def test_what_if_is_refused_rather_than_written_as_an_empty_file(tmp_path):
    run = finished_run(kind=RunKind.WHAT_IF)
    file = tmp_path / "matches.csv"

    with pytest.raises(CommandError, match=f"Run {run.pk} was a what-if: it kept no match."):
        call_command("export_matches", str(file), "--run", str(run.pk))

    assert not file.exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json", "pdf"])
@pytest.mark.parametrize("is_there", [False, True])
def test_a_file_is_for_its_writer_alone(tmp_path, kind, is_there):
    finished_run()
    file = tmp_path / f"matches.{kind}"
    if is_there:
        file.write_bytes(b"of yesterday" * 10_000)
        file.chmod(0o644)

    call_command("export_matches", str(file))

    assert (stat.S_IMODE(file.stat().st_mode), b"yesterday" in file.read_bytes()) == (0o600, False)
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_cannot_be_made_whole_leaves_the_one_of_yesterday(tmp_path, monkeypatch):
    def broken(path, frozen, languages):
        path.write_bytes(b"half")
        raise RuntimeError("something broke")

    finished_run()
    file = tmp_path / "matches.csv"
    file.write_bytes(b"of yesterday")
    monkeypatch.setitem(WRITERS, Format.CSV, broken)

    with pytest.raises(RuntimeError, match="something broke"):
        call_command("export_matches", str(file))

    assert [(found.name, found.read_bytes()) for found in tmp_path.iterdir()] == [("matches.csv", b"of yesterday")]


def test_a_folder_is_no_file_to_write_and_stays_as_it_is(tmp_path):
    finished_run()
    folder = tmp_path / "matches.csv"
    folder.mkdir(mode=0o755)

    with pytest.raises(CommandError, match="Is a directory"):
        call_command("export_matches", str(folder))

    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
