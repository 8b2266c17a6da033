"""Papers that the world of these tests keeps lie in a folder of their own."""

import pytest
from django.test import override_settings


@pytest.fixture(scope="session", autouse=True)
def _papers(tmp_path_factory):
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("uploads")):
        yield
