"""A unit, a person and clients with keys for the tests of the open interface."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from dashebao.kernel.cases.tests.conftest import signed_in_as
from dashebao.kernel.cases.tests.people import TIANHE
from dashebao.kernel.codes.api import make_uscc
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import PersonEntry, UnitEntry, load_regions, register_person, register_unit
from dashebao.platform.service_centre.open_api.api import ClientEntry, create_client, issue_key
from dashebao.platform.service_centre.open_api.models import ApiClient, ApiKey, ClientKind
from dashebao.platform.service_centre.open_api.scopes import allowed_for

ID_NUMBER, NAME = "11010519491231002X", "林小岚"  # the example printed in GB 11643-1999
OTHER_NUMBER, OTHER_NAME = "440305197604120022", "李示例"
CREDIT_CODE, OTHER_CODE = "91350100M000100Y43", make_uscc("91", "440106", "12345678")
SHENZHEN = "440305"


@dataclass
class Program:
    """A program with a key: calls the interface as curl would."""

    client: ApiClient
    key: ApiKey
    text: str
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One call; keyword headers with underscores for dashes."""
        return call(method, path, body, {"Authorization": f"Bearer {self.text}", **self.headers, **dashed(headers)})

    def get(self, path: str, **headers: str) -> Any:
        """One GET."""
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any, once: str = "", **headers: str) -> Any:
        """One POST with an Idempotency-Key if one is given."""
        if once:
            headers["Idempotency_Key"] = once
        return self.call("POST", path, body, **headers)


def dashed(headers: dict[str, str]) -> dict[str, str]:
    """Keyword names as names of headers."""
    return {name.replace("_", "-"): value for name, value in headers.items()}


def call(method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
    """Send a request without any session."""
    given = {"Accept-Language": "en", **(headers or {})}
    content = body if isinstance(body, str | bytes) else json.dumps(body) if body is not None else ""
    kind = given.pop("Content-Type", "application/json")
    sender = Client(raise_request_exception=False)
    return sender.generic(method, f"/api/v1/{path}", content, content_type=kind, headers=given)


def problem(answer: Any, status: int, code: str = "") -> dict[str, Any]:
    """The problem an answer carries."""
    assert answer.status_code == status, answer.content.decode()
    assert answer.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert {"type", "title", "detail", "code", "instance"} <= set(body)
    if code:
        assert body["code"] == code
    return body


@dataclass
class World:
    """What the tests hold on to."""

    person_id: int
    unit_id: int
    other_person_id: int
    other_unit_id: int

    def program(self, name: str, scopes: Any = None, **more: Any) -> Program:
        """A client with a key, with every scope its kind can have unless some are named."""
        kind = ClientKind.UNIT if more.get("unit_id") else ClientKind.PARTNER
        entry = ClientEntry(
            name=name,
            owner=f"Owner of {name}",
            purpose=more.pop("purpose", "test of the interface"),
            scopes=sorted(scopes if scopes is not None else allowed_for(kind)),
            calls_per_minute=more.pop("calls_per_minute", 6000),
            **more,
        )
        with acting(SYSTEM, "test"):
            client = create_client(entry)
            key, text = issue_key(client, f"form {name}")
        return Program(client, key, text)

    def employer(self, name: str = "hr", **more: Any) -> Program:
        """The software of the unit."""
        return self.program(name, unit_id=more.pop("unit_id", self.unit_id), **more)

    def partner(self, name: str = "bank", **more: Any) -> Program:
        """A partner in the person's county."""
        return self.program(name, regions=more.pop("regions", (TIANHE,)), **more)


def build_world() -> World:
    """People and units of two counties."""
    with acting(SYSTEM, "test"):
        load_regions()
        human = register_person(PersonEntry(NAME, TIANHE, ID_NUMBER))
        other = register_person(PersonEntry(OTHER_NAME, SHENZHEN, OTHER_NUMBER))
        firm = register_unit(UnitEntry("珠江智能装备（示例）有限公司", "enterprise", TIANHE, CREDIT_CODE))
        rival = register_unit(UnitEntry("南山软件（示例）有限公司", "enterprise", TIANHE, OTHER_CODE))
    return World(human.pk, firm.pk, other.pk, rival.pk)


@pytest.fixture
def web_world(transactional_db: None) -> Iterator[World]:
    """The world for a test that runs as the web process does: row-level security applies to every statement."""
    made = build_world()
    with signed_in_as("dashebao_web"):
        yield made


@pytest.fixture
def world(db: None) -> World:
    """The world inside a test's transaction."""
    return build_world()
