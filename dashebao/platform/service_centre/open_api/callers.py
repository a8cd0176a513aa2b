"""Who calls: the key in the header becomes a caller with an actor, within its scopes, regions and rate."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from dashebao.kernel.identity.api import prefix
from dashebao.kernel.records.api import SYSTEM, Actor, acting
from dashebao.platform.service_centre.open_api.keys import read_key, same
from dashebao.platform.service_centre.open_api.models import ApiClient, ApiKey, ClientKind, ClientState
from dashebao.platform.service_centre.open_api.problems import Problem

REGION_HEADER, PURPOSE_HEADER = "Dashebao-Region", "Dashebao-Purpose"
REGION, PURPOSE = re.compile(r"[0-9]{6}"), re.compile(r"[ -~]{1,200}")
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="dashebao", error="invalid_token"'}
COUNT = """
insert into open_api_apiwindow (client_id, minute, calls) values (%s, date_trunc('minute', now()), 1)
on conflict (client_id) do update set
  calls = case when open_api_apiwindow.minute = excluded.minute then open_api_apiwindow.calls + 1 else 1 end,
  minute = excluded.minute
returning calls, (60 - extract(second from now()))::int
"""


@dataclass
class Caller:
    """One call of a client: what it may do, as whom it acts, and what its record will say."""

    client: ApiClient
    key: ApiKey
    region: str = ""
    purpose: str = ""
    operation: str = ""
    left: int = 0
    resets_in: int = 60
    touched: dict[str, Any] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        """As whom this call acts: a unit's operator, or a partner in one region. A program never is an officer."""
        name = self.client.name
        if self.client.kind == ClientKind.UNIT:
            return Actor("unit", -self.client.pk, unit_id=self.client.unit_id or 0, name=name)
        return Actor("partner", self.client.pk, region=prefix(self.region), name=name)

    def touch(self, **subject: Any) -> None:
        """Note whose data the call is about: person, unit, case_no."""
        self.touched.update(subject)


def caller_of(request: HttpRequest) -> Caller:
    """The caller of a request that was let in."""
    return request.auth  # type: ignore[attr-defined,no-any-return]


class Bearer(HttpBearer):
    """Lets a request in whose key is good, whose client may call now and holds the scope of the operation."""

    openapi_bearerFormat = "dsb_<10>_<43>"

    def __init__(self, operation: str, scope: str = "") -> None:
        self.operation, self.scope = operation, scope
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """The caller; Problem 401, 403 or 429. The key is looked up as the system: nobody acts yet."""
        with acting(SYSTEM, "a program's key"):
            key = _known(token)
            caller = Caller(key.client, key, operation=self.operation, touched={"unit_id": key.client.unit_id})
            request.api_caller = caller  # type: ignore[attr-defined]  # from here on the call is recorded
            caller.region = key.client.region_code
            _require_good(key)
        _count(caller)
        caller.region = _region(request, key.client)
        caller.purpose = _header(request, PURPOSE_HEADER, PURPOSE)
        if self.scope and self.scope not in key.client.scopes:
            raise Problem(403, _("This key lacks the scope %(scope)s.") % {"scope": self.scope}, code="scope-missing")
        return caller


def _known(token: str) -> ApiKey:
    read = read_key(token)
    key = ApiKey.objects.select_related("client").filter(public=read[0]).first() if read else None
    if read is None or key is None or not same(key.digest, read[1]):
        raise Problem(401, headers=CHALLENGE)
    return key


def _require_good(key: ApiKey) -> None:
    client = key.client
    if key.revoked_at is not None:
        raise Problem(401, _("This key was revoked. Use the new one."), code="key-revoked", headers=CHALLENGE)
    if key.expires_at <= timezone.now():
        raise Problem(401, _("This key has expired. Ask for a new one."), code="key-expired", headers=CHALLENGE)
    if client.state != ClientState.ACTIVE:
        raise Problem(403, _("This client is suspended or has ended. Ask the office."), code="client-inactive")
    if client.expires_on is not None and client.expires_on < timezone.localdate():
        raise Problem(403, _("The admission of this client has ended. Ask the office."), code="client-inactive")


def _region(request: HttpRequest, client: ApiClient) -> str:
    """The region a partner acts in: the first of its own, or the one it names, which must lie in one of its own."""
    wanted = _header(request, REGION_HEADER, REGION)
    if not wanted or client.kind == ClientKind.UNIT:
        return str(client.regions[0])
    if not any(wanted.startswith(prefix(code)) for code in client.regions):
        raise Problem(403, _("This key may not act in the region you name."), code="region-not-allowed")
    return wanted


def _header(request: HttpRequest, name: str, form: re.Pattern[str]) -> str:
    """An optional header, "" without it; Problem 422 where it does not fit its pattern."""
    value = request.headers.get(name, "")
    if value and not form.fullmatch(value):
        error = {
            "field": f"header.{name}",
            "message": _("This must fit the pattern %(pattern)s.") % {"pattern": form.pattern},
        }
        raise Problem(422, _("A header cannot be read."), errors=[error])
    return str(value)


def _count(caller: Caller) -> None:
    """Count the call in a transaction of its own, so that it counts whatever becomes of it and over all processes."""
    limit = caller.client.calls_per_minute
    with acting(SYSTEM, "count a call"), connection.cursor() as cursor:
        cursor.execute(COUNT, [caller.client.pk])
        calls, seconds = cursor.fetchone()
    caller.left, caller.resets_in = max(0, limit - calls), max(1, int(seconds))
    if calls > limit:
        detail = _("This client may call %(limit)d times a minute. Wait %(seconds)d seconds.")
        raise Problem(
            429,
            detail % {"limit": limit, "seconds": caller.resets_in},
            headers={"Retry-After": str(caller.resets_in)} | rate_headers(caller),
        )


def rate_headers(caller: Caller) -> dict[str, str]:
    """Headers that tell how many calls are left in the running minute."""
    return {
        "RateLimit-Limit": str(caller.client.calls_per_minute),
        "RateLimit-Remaining": str(caller.left),
        "RateLimit-Reset": str(caller.resets_in),
    }
