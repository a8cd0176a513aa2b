"""Dated, cited parameters as they are written: versions by date, scales of brackets, and the region they hold for."""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any, TypeAlias

import numpy as np

from dashebao.kernel.rules.exact import Exact
from dashebao.kernel.rules.values import Unit

Value: TypeAlias = "Fraction | tuple[Fraction, ...] | bool | None"


@dataclass(frozen=True)
class Reference:
    """The act and article a value comes from."""

    title: str
    article: str
    url: str = ""

    def __str__(self) -> str:
        return f"{self.title} {self.article}"


@dataclass(frozen=True)
class Origin:
    """Where a parameter value came from: shown in every trace line that uses it."""

    name: str
    region: str
    since: date
    references: tuple[Reference, ...]
    verified: str
    unit: Unit
    value: str

    def as_json(self) -> dict[str, Any]:
        """Plain values for a trace."""
        return {
            "name": self.name,
            "region": self.region,
            "since": self.since.isoformat(),
            "value": self.value,
            "unit": self.unit.code,
            "reference": [str(reference) for reference in self.references],
            "verified": self.verified,
        }

    @cached_property
    def written(self) -> str:
        """The same as JSON text, for the digest of the parameters a trace used."""
        return json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True)
class Version:
    """One value from `since` on, with its acts and how far it was checked; None ends the parameter."""

    since: date
    value: Value
    references: tuple[Reference, ...]
    verified: str


@dataclass(frozen=True)
class Bracket:
    """One bracket of a scale: from this threshold on, this amount; both dated."""

    threshold: tuple[Version, ...]
    amount: tuple[Version, ...]


@dataclass(frozen=True)
class Parameter:
    """One parameter of one region: either dated values or a scale."""

    name: str
    region: str
    unit: Unit
    description: str
    versions: tuple[Version, ...] = ()
    brackets: tuple[Bracket, ...] = ()
    yearly: bool = False
    file: str = ""
    threshold_unit: Unit | None = None

    def version(self, on: date) -> Version | None:
        """The version in force on a day; a yearly figure holds for its own year only."""
        found = in_force(self.versions, on)
        if found is None or found.value is None or (self.yearly and found.since.year != on.year):
            return None
        return found

    def scale(self, on: date) -> Scale | None:
        """The scale in force on a day."""
        rows: list[tuple[Fraction, Fraction]] = []
        newest: Version | None = None
        for bracket in self.brackets:
            threshold, amount = in_force(bracket.threshold, on), in_force(bracket.amount, on)
            if threshold is None or amount is None:
                continue
            if isinstance(threshold.value, Fraction) and isinstance(amount.value, Fraction):
                rows.append((threshold.value, amount.value * self.unit.scale))
                if newest is None or amount.since > newest.since:
                    newest = amount
        if newest is None:
            return None
        origin = Origin(self.name, self.region, newest.since, newest.references, newest.verified, self.unit, "")
        return Scale(tuple(sorted(rows)), origin)


def in_force(versions: tuple[Version, ...], on: date) -> Version | None:
    """The last version that had begun on a day."""
    at = bisect_right([v.since for v in versions], on)
    return versions[at - 1] if at else None


@dataclass(frozen=True)
class Scale:
    """Amounts by threshold, e.g. payout months by age; keys below the first threshold take the first amount."""

    rows: tuple[tuple[Fraction, Fraction], ...]
    origin: Origin

    @cached_property
    def _scaled(self) -> tuple[int, list[int], int, list[int]]:
        """What thresholds and amounts are multiplied with to be whole, and both as whole numbers."""
        keys = lcm(*(key.denominator for key, _ in self.rows))
        amounts = lcm(*(amount.denominator for _, amount in self.rows))
        return keys, [int(key * keys) for key, _ in self.rows], amounts, [int(a * amounts) for _, a in self.rows]

    @cached_property
    def _origins(self) -> tuple[Origin, ...]:
        """Where the amount of each row came from."""
        unit = self.origin.unit.scale
        return tuple(replace(self.origin, value=str(amount / unit)) for _, amount in self.rows)

    @property
    def first(self) -> int:
        """The lowest threshold, if whole."""
        return int(self.rows[0][0])

    @property
    def last(self) -> int:
        """The highest threshold, if whole."""
        return int(self.rows[-1][0])

    def at(self, key: Exact) -> Exact:
        """The amount for a key or for a column of keys."""
        keys, edges, amounts, values = self._scaled
        scaled = (key * keys).floor()
        if isinstance(scaled.n, int):
            row = max(0, bisect_right(edges, scaled.n) - 1)
            amount = Exact(values[row], amounts)
            amount.origin = self._origins[row]
            return amount
        where = np.searchsorted(np.array(edges), scaled.n.astype(np.int64), "right") - 1
        taken = np.array(values, np.int64)[np.maximum(where, 0)]
        return Exact(taken.astype(object) if scaled.n.dtype == object else taken, amounts)
