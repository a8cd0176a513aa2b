"""A product of its own for the strangers: they lock accounts and leave people behind that nobody else should meet."""

import pytest

from drills.folders import copy_folder
from tests.journeys import product as products


@pytest.fixture(scope="session")
def product(paid_province, tmp_path_factory):
    """bin/up on a further copy of the small province."""
    running = products.start(copy_folder(paid_province, tmp_path_factory.mktemp("strangers") / "data"))
    yield running
    running.stop()
