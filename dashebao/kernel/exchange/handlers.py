"""Messages as handlers see them, and the register of who handles which kind."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

UNREADABLE = "E01"


class Refused(Exception):
    """Raised by a handler that will not act on a message as a whole; its writes are undone, the refusal is kept."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


@dataclass(frozen=True)
class RowResult:
    """What became of one line of a file."""

    line: int
    ok: bool
    code: str = ""
    text: str = ""


@dataclass(frozen=True)
class Message:
    """One incoming message; `id` is its inbox row, `file` plain bytes or None."""

    id: int
    partner: str
    kind: str
    key: str
    answers: str
    data: dict[str, Any]
    file: bytes | None
    name: str
    received_at: datetime
    results: list[RowResult] = field(default_factory=list, compare=False)
    counted: list[int] = field(default_factory=list, compare=False)

    def rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """The JSON lines of the file with line numbers from 1; an unreadable line is refused with E01 and left out."""
        for number, text in enumerate((self.file or b"").splitlines(), start=1):
            try:
                row = json.loads(text)
            except ValueError:
                row = None
            if isinstance(row, dict):
                yield number, row
            else:
                self.row(number, ok=False, code=UNREADABLE, text="not a JSON object")

    def row(self, line: int, *, ok: bool, code: str = "", text: str = "") -> None:
        """Keep the result of one line; needed for lines that failed."""
        self.results.append(RowResult(line, ok, code, text[:300]))

    def passed(self, rows: int) -> None:
        """Count lines that went well and need no row of their own."""
        self.counted.append(rows)


Handler = Callable[[Message], None]
_handlers: dict[tuple[str, str], Handler] = {}


def handles(partner: str, kind: str) -> Callable[[Handler], Handler]:
    """Decorator: call the function once for every message of `kind` from `partner`.

    It runs in one transaction with the result of the message, acting as the system. ValueError where another function
    handles the kind already.
    """

    def register(function: Handler) -> Handler:
        known = _handlers.setdefault((partner, kind), function)
        if known is not function and _name(known) != _name(function):
            raise ValueError(f"{partner}/{kind} is handled by {_name(known)} already")
        _handlers[partner, kind] = function
        return function

    return register


def handler_of(partner: str, kind: str) -> Handler | None:
    """The function that handles a kind, or None."""
    return _handlers.get((partner, kind))


def handled_kinds() -> list[tuple[str, str]]:
    """All (partner, kind) with a handler, sorted."""
    return sorted(_handlers)


def _name(function: Handler) -> str:
    return f"{function.__module__}.{function.__qualname__}"
