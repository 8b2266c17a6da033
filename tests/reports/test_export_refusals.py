"""What `export_matches` will not write."""

import pytest
from django.core.management import CommandError, call_command

from matching.enums import RunKind
from tests.matching.found import finished_run

pytestmark = pytest.mark.django_db


def test_what_if_is_refused_rather_than_written_as_an_empty_file(tmp_path):
    run = finished_run(kind=RunKind.WHAT_IF)
    file = tmp_path / "matches.csv"

    with pytest.raises(CommandError, match=f"Run {run.pk} was a what-if: it kept no match."):
        call_command("export_matches", str(file), "--run", str(run.pk))

    assert not file.exists()
