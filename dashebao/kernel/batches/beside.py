"""Work on several things at once: PostgreSQL is busy with one while Python is with another."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextvars import copy_context
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from django.db import connection
from django.utils import translation

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def side_by_side(work: Callable[[Item], Answer], items: Sequence[Item], workers: int) -> Iterator[Answer]:
    """What `work` answers for each item, as it comes; each worker has a thread and a database connection of its own.

    The first error ends it: nothing is begun any more, what was begun comes to its end, then the error is raised.
    Where the caller's transaction is open, his own connection does it all: no other one would see what he wrote.
    """
    if min(workers, len(items)) < 2 or connection.in_atomic_block:
        yield from map(work, items)
        return
    crew = _Crew(work, items)
    threads: list[threading.Thread] = []
    try:
        for _number in range(min(workers, len(items))):
            thread = threading.Thread(target=copy_context().run, args=(crew.carry,))
            thread.start()
            threads.append(thread)
        yield from crew.answers_of(len(threads))
    finally:
        crew.stopped.set()
        for thread in threads:
            thread.join()


class _Crew(Generic[Item, Answer]):
    """What waits to be done, and what came of it."""

    def __init__(self, work: Callable[[Item], Answer], items: Sequence[Item]) -> None:
        self.work, self.stopped = work, threading.Event()
        self.language = translation.get_language()  # a new thread has none
        self.waiting: SimpleQueue[Item] = SimpleQueue()
        self.told: SimpleQueue[tuple[Answer] | BaseException | None] = SimpleQueue()  # None: one worker went home
        for item in items:
            self.waiting.put(item)

    def carry(self) -> None:
        """One worker: item after item until nothing waits or something went wrong."""
        try:
            with translation.override(self.language):
                for item in self._next():
                    self.told.put((self.work(item),))
        except BaseException as error:  # whatever it was, the caller must not take the work for done
            self.stopped.set()
            self.told.put(error)
        finally:
            try:
                connection.close()
            finally:
                self.told.put(None)

    def _next(self) -> Iterator[Item]:
        while not self.stopped.is_set():
            try:
                yield self.waiting.get_nowait()
            except Empty:
                return

    def answers_of(self, workers: int) -> Iterator[Answer]:
        """The answers, until every worker went home; then the first error, if there was one."""
        broken: BaseException | None = None
        while workers:
            told = self.told.get()
            if told is None:
                workers -= 1
            elif isinstance(told, tuple):
                yield told[0]
            else:
                broken = broken or told
        if broken:
            raise broken
