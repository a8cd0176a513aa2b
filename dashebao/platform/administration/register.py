"""What businesses tell the administration: whom a parameter touches, and what a change of it does to real people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Touched:
    """Who is touched by the parameters below `prefix` ("levy.pension", "pension"): a title and a set-based count.

    `count(region_prefix, since)` gives the number of people of that region in one query.
    """

    prefix: str
    title: Text
    count: Callable[[str, date], int]


@dataclass(frozen=True)
class Sample:
    """One person's result: a key to pair before and after, what is shown of the person, fen, the explanation, the place."""

    key: str
    title: str
    amount_fen: int
    trace: Mapping[str, Any] | None = None
    note: str = ""
    region: str = ""


@dataclass(frozen=True)
class Samples:
    """Results of some real people under the law as it stands; called once before and once within a trial.

    `provide(region_prefix, since, limit)` computes with the ordinary rules (`rules.api.parameters`, `explain`).
    """

    prefix: str
    title: Text
    provide: Callable[[str, date, int], Sequence[Sample]]


@dataclass
class _Registered:
    touched: list[Touched] = field(default_factory=list)
    samples: list[Samples] = field(default_factory=list)


_registered = _Registered()


def register_touched(entry: Touched) -> None:
    """Make a counter known at start-up."""
    _registered.touched = [one for one in _registered.touched if (one.prefix, one.title) != (entry.prefix, entry.title)]
    _registered.touched.append(entry)


def register_samples(entry: Samples) -> None:
    """Make a provider of sample people known at start-up."""
    _registered.samples = [one for one in _registered.samples if one.prefix != entry.prefix]
    _registered.samples.append(entry)


def touched_by(name: str) -> list[Touched]:
    """The counters of the nearest prefix the parameter lies below."""
    found = [one for one in _registered.touched if _below(name, one.prefix)]
    nearest = max((len(one.prefix) for one in found), default=0)
    return [one for one in found if len(one.prefix) == nearest]


def samples_for(name: str) -> list[Samples]:
    """The providers whose prefix the parameter lies below."""
    return [one for one in _registered.samples if _below(name, one.prefix)]


def _below(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(prefix + ".")
