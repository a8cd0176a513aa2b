"""Fixtures of the case machine's tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection


@contextmanager
def signed_in_as(login: str) -> Iterator[None]:
    """Django's connection, opened as another database login; its transactions are real ones."""
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(USER=login, PASSWORD=settings.SECRETS["passwords"][login])
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)


@pytest.fixture
def web_login(transactional_db: None) -> Iterator[None]:
    """The whole test runs as the web process does: row-level security applies to every statement."""
    with signed_in_as("dashebao_web"):
        yield
