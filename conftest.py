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
    name = os.environ.get("DASHEBAO_TEST_DB")
    if name:
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_{name}"


@pytest.fixture(autouse=True)
def _english():
    """Tests read messages in English unless they choose a language themselves."""
    with translation.override("en"):
        yield
