"""One house for all drills of this folder: making it takes longer than the drills."""

import pytest

from tests.outages.house import drill_house


@pytest.fixture(scope="package")
def house(tmp_path_factory):
    with drill_house(tmp_path_factory.mktemp("drill")) as made:
        yield made


@pytest.fixture
def tell(capsys):
    """Figures for whoever runs the drill; docs/operations.md keeps those of one machine."""

    def say(text: str) -> None:
        with capsys.disabled():
            print(f"\n  {text}", end="")  # noqa: T201

    return say
