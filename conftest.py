"""Fixtures that every test may use."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import translation
from playwright.sync_api import sync_playwright
from xdist.scheduler import LoadScopeScheduling

from tests import emptying
from tests.journeys.visitors import BROWSER, CHROMIUM

pytest.register_assert_rewrite("tests.journeys.acts", "tests.journeys.looking")

# Tests that share one running product stay on one worker. By place, because the marks of pytest-xdist do not reach its
# scheduler under this pytest.
TOGETHER = (
    ("tests/journeys/test_month.py", "month"),
    ("tests/drills/", "drills"),
    ("tests/journeys/test_pages", "pages"),
    ("tests/security/", "strangers"),
    ("tests/journeys/", "product"),
)
MEANWHILE = 800  # so many single tests take about as long as the province takes to be built


def pytest_configure(config: pytest.Config) -> None:
    """Let test databases be emptied, and give parallel sessions databases of their own."""
    options = settings.DATABASES["default"]["OPTIONS"]
    options["options"] = options["options"] + " -c app.allow_truncate=on"
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns where it is missing
    emptying.install()
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(ToldAtOnce(config))
    name = os.environ.get("DASHEBAO_TEST_DB")
    if name:
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_{name}"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "Together":
    """Spread tests one by one over the workers, but those of one group to one worker."""
    return Together(config, log)


class Together(LoadScopeScheduling):
    """Takes the group of TOGETHER as the scope of a test; any other test is a scope of its own.

    The first group builds the province. The other groups would only wait for it: they begin after some single tests.
    """

    groups = singles = 0

    def _assign_work_unit(self, node: Any) -> None:
        names = {group for _place, group in TOGETHER}
        if self.groups and self.singles < MEANWHILE:
            single = next((scope for scope in self.workqueue if scope not in names), None)
            if single:
                self.workqueue.move_to_end(single, last=False)
        if next(iter(self.workqueue)) in names:
            self.groups += 1
        else:
            self.singles += 1
        super()._assign_work_unit(node)

    def _split_scope(self, nodeid: str) -> str:
        return next((group for place, group in TOGETHER if nodeid.startswith(place)), nodeid)


class ToldAtOnce:
    """Prints a failure when it happens, not only at the end: a stopped run still says what was wrong."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        if report.failed and terminal:
            terminal.ensure_newline()
            terminal.line(f"{report.when} of {report.nodeid} failed", red=True)
            terminal.line(report.longreprtext)


@pytest.fixture(autouse=True)
def _english():
    """Tests read messages in English unless they choose a language themselves."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, headless; one for all tests of a worker, because Playwright refuses a second."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: pytest.FixtureDef) -> Iterator[None]:
    """The database for a whole module: what its fixtures build is built once and taken back after its last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def taken_back(module_db: None) -> Iterator[None]:
    """Whatever one test writes on top of its module's rows is taken back after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
