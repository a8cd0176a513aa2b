"""Who acts and why, signed so that PostgreSQL believes it and an injected statement cannot forge it."""

import hashlib
import hmac
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

KEY_NUMBER = 1
LIFETIME_SECONDS = 3600
KINDS = ("officer", "person", "unit", "partner", "system")


@dataclass(frozen=True)
class Actor:
    """Somebody who acts: an officer, an insured person, a unit's operator, a partner's program or the system itself.

    `id` is the officer's user id, the person id, the operator's user id or the partner's client number (negative where
    a program acts for a unit); `region` is an officer's or a partner's scope as a code prefix ("44", "4401", "440106";
    "" sees nothing); `unit_id` is the operator's unit. A partner reads what its region holds and never signs.
    """

    kind: str
    id: int
    region: str = ""
    unit_id: int = 0
    name: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of actor: {self.kind}")
        if "|" in self.region:
            raise ValueError("a region prefix has digits only")


SYSTEM = Actor("system", 0, name="system")
_watchers: list[Callable[[], None]] = []
_seen: list[int] = [0]  # the generation of the reference data this process holds
_current: ContextVar[Actor | None] = ContextVar("acting", default=None)
_signed: ContextVar[tuple[str, str]] = ContextVar("signed", default=("", ""))  # what the innermost block signed in with


def current_actor() -> Actor | None:
    """The actor of the innermost `acting` block, or None outside of one."""
    return _current.get()


@contextmanager
def acting(actor: Actor, why: str = "") -> Iterator[None]:
    """Run the block in one transaction in the name of `actor`; `why` goes into every history row it writes.

    Nested blocks are savepoints; the outer actor is in force again after an inner block. Row-level security, history
    triggers and the ledger's posting functions read the signed context, so nothing outside such a block sees a row.
    """
    before, previous = _current.get(), _signed.get()
    own = (sign(actor), why)
    token, mark = _current.set(actor), _signed.set(own)
    try:
        with transaction.atomic():
            _sign_in(*own)
            if before is None:
                _keep_up()
            yield
            if before is not None:
                _sign_in(*previous)
    finally:
        _current.reset(token)
        _signed.reset(mark)


def sign(actor: Actor, lifetime: int = LIFETIME_SECONDS) -> str:
    """The context string that PostgreSQL's ctx functions check: kind|id|region|unit|expiry|key number|mac."""
    text = f"{actor.kind}|{actor.id}|{actor.region}|{actor.unit_id}|{int(time.time()) + lifetime}|{KEY_NUMBER}"
    mac = hmac.new(settings.CONTEXT_KEY, text.encode(), hashlib.sha256).hexdigest()
    return f"{text}|{mac}"


def _sign_in(context: str, why: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.ctx', %s, true), set_config('app.why', %s, true)", [context, why[:500]])


def _keep_up() -> None:
    """Reload the reference data if another process, or this one, has changed it since it was read."""
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(max(number), 0) from records_generation")
        row = cursor.fetchone()
    number = int(row[0]) if row else 0
    if number != _seen[0]:
        for reload in _watchers:
            reload()
        _seen[0] = number


def watch_reference_data(reload: Callable[[], None]) -> None:
    """Call `reload` at the beginning of an outermost `acting` block once reference data has changed since the last one."""
    if reload not in _watchers:
        _watchers.append(reload)


def forget_reference_data() -> None:
    """Let the next outermost `acting` block read the reference data again, whatever its generation."""
    _seen[0] = -1
