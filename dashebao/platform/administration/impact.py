"""What a change of a parameter would do: formulas, people, months already begun, and real cases before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from dashebao.kernel.rules.api import STORE, Formula, RulesError, in_force, nearest, trial, versions_of
from dashebao.platform.administration import readers, register
from dashebao.platform.administration.loading import amendment_of
from dashebao.platform.administration.models import Change

SAMPLES = 4
LOOKED_AT = 6  # times as many, where some lie in regions the change does not reach


@dataclass(frozen=True)
class Month:
    """A month from the change's first day on that has begun; closed once its books are."""

    month: int
    closed: bool


@dataclass(frozen=True)
class Count:
    """How many people a counter found."""

    title: Any
    people: int


@dataclass(frozen=True)
class Pair:
    """One person's result before and after the change."""

    before: register.Sample
    after: register.Sample

    @property
    def difference_fen(self) -> int:
        """After less before."""
        return self.after.amount_fen - self.before.amount_fen


@dataclass(frozen=True)
class Comparison:
    """The pairs of one provider, or the sentence saying why it could not compute."""

    title: Any
    pairs: tuple[Pair, ...]
    problem: RulesError | None = None


@dataclass(frozen=True)
class Impact:
    """Everything the page of a proposal shows about its effect."""

    formulas: tuple[Formula, ...]
    elsewhere: tuple[readers.Reader, ...]
    counts: tuple[Count, ...]
    apart: tuple[str, ...]  # regions below with values of their own, which the change does not reach
    months: tuple[Month, ...]
    comparisons: tuple[Comparison, ...]


def months_begun(region_prefix: str, since: date) -> tuple[Month, ...]:
    """Months from a day on that were assessed or closed in the region; one query."""
    with connection.cursor() as cursor:
        cursor.execute("select month, closed from administration_months_begun(%s, %s)", [region_prefix, since])
        return tuple(Month(*row) for row in cursor.fetchall())


def impact_of(change: Change) -> Impact:
    """The effect of a proposed or enacted change of a parameter."""
    name = change.subject
    apart = own_below(change)
    return Impact(
        formulas=tuple(readers.formulas_reading(name)),
        elsewhere=tuple(readers.readers_of(name)),
        counts=tuple(Count(one.title, _people(one, change, apart)) for one in register.touched_by(name)),
        apart=apart,
        months=months_begun(change.region_prefix, change.since),
        comparisons=tuple(_compared(one, change, apart) for one in register.samples_for(name)),
    )


def own_below(change: Change) -> tuple[str, ...]:
    """The widest regions inside the change's region that have a value of their own on its first day."""
    found: list[str] = []
    for region, parameter in sorted(STORE.parameters.get(change.subject, {}).items()):
        inside = region.startswith(change.region_prefix) and region != change.region_prefix
        own = in_force(versions_of(parameter, amendment_of(change).threshold), change.since) if inside else None
        if own is not None and own.value is not None and not any(region.startswith(wider) for wider in found):
            found.append(region)
    return tuple(found)


def _people(counter: register.Touched, change: Change, apart: tuple[str, ...]) -> int:
    whole = counter.count(change.region_prefix, change.since)
    return whole - sum(counter.count(region, change.since) for region in apart)


def _compared(provider: register.Samples, change: Change, apart: tuple[str, ...]) -> Comparison:
    amendment = amendment_of(change)
    arguments = (change.region_prefix, change.since, SAMPLES * (LOOKED_AT if apart else 1))
    try:
        with transaction.atomic():  # a provider that fails leaves the page standing
            before = {one.key: one for one in provider.provide(*arguments)}
            with trial(amendment):
                after = {one.key: one for one in provider.provide(*arguments)}
    except RulesError as error:
        return Comparison(provider.title, (), error)
    reached = [one for one in before.values() if one.key in after and not one.region.startswith(apart or ("-",))]
    return Comparison(provider.title, tuple(Pair(one, after[one.key]) for one in reached[:SAMPLES]))


def value_before(change: Change) -> Any:
    """The version of the parameter in force on the change's first day without it; None where there is none."""
    regions = STORE.parameters.get(change.subject, {})
    parameter = nearest(regions, change.region_prefix)
    if parameter is None:
        return None
    amendment = amendment_of(change)
    known = [v for v in versions_of(parameter, amendment.threshold) if v.since != change.since]
    return in_force(tuple(known), change.since)
