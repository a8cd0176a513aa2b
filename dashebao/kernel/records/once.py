"""Facts that several rules of one question need are read once: remembered for the length of a block, never beyond it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from dashebao.kernel.records.context import current_actor

P = ParamSpec("P")
R = TypeVar("R")
_known: ContextVar[dict[Any, Any] | None] = ContextVar("read once", default=None)


@contextmanager
def reading_once() -> Iterator[None]:
    """Within the block a function marked `read_once` answers the same question from what it answered before.

    For blocks that only read: what is written inside would not be seen. Another actor asks anew; a block within a block
    knows what the outer one does.
    """
    token = _known.set({} if (known := _known.get()) is None else known)
    try:
        yield
    finally:
        _known.reset(token)


def read_once(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a reading function whose arguments are hashable and whose answer nobody changes."""

    @functools.wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        known = _known.get()
        if known is None:
            return function(*args, **kwargs)
        question = (function, current_actor(), args, tuple(sorted(kwargs.items())))
        if question not in known:
            known[question] = function(*args, **kwargs)
        answer: R = known[question]
        return answer

    return asked
