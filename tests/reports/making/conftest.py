import pytest

from reports.cutting.subjects import SUBJECTS
from tests.reports.making.small import SUBJECT, subject


@pytest.fixture
def small(monkeypatch):
    """The small subject in the place of a real one; called with another `cut` or `check` it is replaced."""

    def put_in(**facts) -> None:
        monkeypatch.setitem(SUBJECTS, SUBJECT, subject(**facts))

    put_in()
    return put_in
