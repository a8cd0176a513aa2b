"""The demonstration province, built once for all workers of a run, and the product running on a copy of it."""

import os

import pytest

from drills.folders import copy_folder
from tests.journeys import product as products


@pytest.fixture(scope="session")
def province(tmp_path_factory):
    """A province in which no month has run; to be copied."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    return products.made_once(shared / "province", products.build_province)


@pytest.fixture(scope="session")
def paid_province(province):
    """The same province after its month ran without a break; to be copied."""

    def make(data):
        products.run_month(copy_folder(province, data))

    return products.made_once(province.with_name("paid-province"), make)


@pytest.fixture(scope="session")
def product(paid_province, tmp_path_factory):
    """bin/up on a copy of the small province, once for all tests of this worker that look at it."""
    running = products.start(copy_folder(paid_province, tmp_path_factory.mktemp("product") / "data"))
    yield running
    running.stop()
