"""Publishing facts and hearing them, in one transaction with the change itself."""

import dataclasses
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from dashebao.kernel.events.models import EventRow
from dashebao.kernel.records.api import SYSTEM, acting, current_actor


@dataclasses.dataclass(frozen=True)
class Event:
    """Base of every fact; subclasses are frozen dataclasses named in the past tense (`PersonDied`)."""


E = TypeVar("E", bound=Event)
_listeners: dict[type[Event], list[Callable[[Any], None]]] = {}


def listens(kind: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Decorator: call the function for every event of `kind`, in the publisher's transaction."""

    def register(function: Callable[[E], None]) -> Callable[[E], None]:
        known = _listeners.setdefault(kind, [])
        if function not in known:
            known.append(function)
        return function

    return register


def listeners() -> dict[str, list[str]]:
    """Who is triggered by whom: event name -> listeners' dotted names, both sorted."""
    return {
        kind.__name__: sorted(f"{f.__module__}.{f.__name__}" for f in functions)
        for kind, functions in sorted(_listeners.items(), key=lambda item: item[0].__name__)
    }


def publish(event: Event) -> None:
    """Store the event and run its listeners; a listener's error undoes the publisher's change too."""
    publish_many([event])


def publish_many(events: Iterable[Event]) -> None:
    """Store many events in one statement, then run their listeners in order."""
    if not connection.in_atomic_block:
        raise RuntimeError("an event is published in the transaction of the change it tells of")
    kept = list(events)
    encoder = DjangoJSONEncoder()
    rows = [EventRow(name=type(e).__name__, content=_plain(encoder, e)) for e in kept]
    actor = current_actor()
    with nullcontext() if actor is None or actor.kind in ("officer", "system") else acting(SYSTEM, "an event"):
        EventRow.objects.bulk_create(rows, batch_size=5_000)
    for event in kept:
        for listener in _listeners.get(type(event), ()):
            listener(event)


def _plain(encoder: DjangoJSONEncoder, event: Event) -> dict[str, Any]:
    fields = {f.name: getattr(event, f.name) for f in dataclasses.fields(event)}
    return {
        name: value
        if value is None or isinstance(value, str | int | bool | list | tuple | dict)
        else encoder.default(value)
        for name, value in fields.items()
    }
