"""Fixtures that every test may use."""

import os

import pytest
from django.conf import settings
from django.utils import translation


def pytest_configure(config: pytest.Config) -> None:
    """Let test databases be emptied, and give parallel sessions databases of their own."""
    options = settings.DATABASES["default"]["OPTIONS"]
    options["options"] = options["options"] + " -c app.allow_truncate=on"
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns where it is missing
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(ToldAtOnce(config))
    name = os.environ.get("DASHEBAO_TEST_DB")
    if name:
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_{name}"


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
