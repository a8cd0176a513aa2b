"""How an operation is served: in the caller's name, in one transaction, recorded, and once per Idempotency-Key."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel

from dashebao.kernel.records.api import SYSTEM, acting, audit, lock
from dashebao.kernel.secrecy.api import Family, fingerprint
from dashebao.platform.service_centre.open_api.callers import Caller, caller_of
from dashebao.platform.service_centre.open_api.models import ApiAnswer
from dashebao.platform.service_centre.open_api.problems import Problem

ROOT = "/api/v1/"
KEPT = datetime.timedelta(days=30)
IDEMPOTENCY_KEY = r"^[A-Za-z0-9._:-]{1,64}$"


@contextmanager
def serving(request: HttpRequest) -> Iterator[Caller]:
    """Act as the caller for the length of the block; an exception undoes everything it did."""
    caller = caller_of(request)
    purpose = caller.purpose or caller.client.purpose
    with acting(caller.actor, f"{caller.operation}: {purpose}"):
        yield caller


def look(caller: Caller, person_id: int, region_code: str) -> None:
    """Record, in the trail that the person can read, that this program looked at the person's data and why."""
    caller.touch(person_id=person_id)
    audit(
        "open_api.read",
        ("registry.person", person_id),
        region=region_code,
        person=person_id,
        operation=caller.operation,
        purpose=caller.purpose or caller.client.purpose,
    )


def header(request: HttpRequest, name: str, value: str) -> None:
    """Send a header with the answer."""
    request.api_headers = {**getattr(request, "api_headers", {}), name: value}  # type: ignore[attr-defined]


def once(request: HttpRequest, key: str, sent: BaseModel | str, act: Callable[[Caller], BaseModel]) -> dict[str, Any]:
    """Do `act` once for a client's Idempotency-Key: the same request again gets the first answer, another one 422.

    Two at the same time wait for each other on a lock of the database; what fails is undone and may be sent again.
    """
    with serving(request) as caller:
        digest = _digest(caller.operation, request.path, sent)
        lock(ApiAnswer, f"{caller.client.pk}:{key}")
        with acting(SYSTEM, "an answer given before"):
            first = ApiAnswer.objects.filter(client=caller.client, key=key).first()
        if first is not None:
            if first.digest != digest:
                detail = _("This Idempotency-Key came with another request before. Make a new key for a new request.")
                raise Problem(422, detail, code="idempotency-key-reused")
            header(request, "Idempotency-Replayed", "true")
            return dict(first.body)
        body = act(caller).model_dump(mode="json")
        with acting(SYSTEM, "keep the answer"):
            ApiAnswer.objects.filter(client=caller.client, at__lt=timezone.now() - KEPT).delete()
            ApiAnswer.objects.create(
                client=caller.client, key=key, operation=caller.operation, digest=digest, body=body
            )
        return body


def _digest(operation: str, path: str, sent: BaseModel | str) -> str:
    body = sent if isinstance(sent, str) else json.dumps(sent.model_dump(mode="json"), sort_keys=True)
    return fingerprint(Family.ANSWER, f"{operation}\n{path}\n{body}")
