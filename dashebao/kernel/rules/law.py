"""The parameters of one region on one day, with a reform laid over them as intervals."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

from dashebao.kernel.rules.amendments import Amendment, amended
from dashebao.kernel.rules.errors import NoParameter, ParameterError
from dashebao.kernel.rules.exact import Exact
from dashebao.kernel.rules.files import read_folder
from dashebao.kernel.rules.parameters import Origin, Parameter, Reference, Scale, Value, Version
from dashebao.kernel.rules.values import decimal_text

NATION = ""


def scopes(region: str) -> tuple[str, ...]:
    """Region code to the regions whose parameters count for it, nearest first: 440106 -> 440106, 4401, 44, nation."""
    if region and (not region.isdigit() or len(region) not in (2, 4, 6)):
        raise NoParameter(
            f"行政区划代码 {region} 应为2、4或6位数字", f"region code {region} must have 2, 4 or 6 digits"
        )
    while region.endswith("00"):
        region = region[:-2]
    return (*tuple(region[:size] for size in range(len(region), 0, -2)), NATION)


@dataclass(frozen=True)
class Change:
    """One row of a reform: a parameter has another value from `since` up to (not including) `until`, in a region."""

    name: str
    since: date
    until: date
    value: Fraction
    region: str = NATION
    title: str = "reform"

    def holds(self, name: str, region: str, on: date) -> bool:
        """Whether this change speaks about that parameter there and then."""
        return self.name == name and self.since <= on < self.until and self.region in scopes(region)


_TRIED: ContextVar[tuple[Store, Edition] | None] = ContextVar("tried", default=None)


class Edition:
    """One consistent state of the law: every parameter as it stood when the edition was made, never changed later."""

    def __init__(self, known: dict[str, dict[str, Parameter]]) -> None:
        self.parameters = known
        self._laws: dict[tuple[str, date], Law] = {}

    def law(self, region: str, on: date, overlay: Iterable[Change] = ()) -> Law:
        """The parameters of a region on a day; without a reform the same object is given again."""
        changes = tuple(overlay)
        if changes:
            return Law(self, region, on, changes)
        key = (region, on)
        found = self._laws.get(key)
        if found is None:
            if len(self._laws) > 4096:
                self._laws.clear()
            found = self._laws[key] = Law(self, region, on)
        return found

    def amended(self, amendments: Iterable[Amendment]) -> Edition:
        """Another edition with further amendments, to see what they would do; this one is not touched."""
        return Edition(amended(self.parameters, amendments))


class Store:
    """All parameter files that were mounted, read once, with the approved amendments laid over them."""

    def __init__(self) -> None:
        self._folders: dict[str, Path] = {}
        self._amendments: tuple[Amendment, ...] = ()
        self._edition: Edition | None = None

    def mount(self, prefix: str, folder: Path) -> None:
        """Add a system's folder of parameters under a name prefix; the same folder may be mounted again."""
        known = self._folders.get(prefix)
        if known not in (None, folder):
            raise ParameterError(f"参数前缀 {prefix} 已被使用", f"the parameter prefix {prefix} is taken by {known}")
        self._folders[prefix] = folder
        self._edition = None
        self.__dict__.pop("files", None)

    @cached_property
    def files(self) -> dict[str, dict[str, Parameter]]:
        """Parameters of the files by name, then by region; ParameterError if any file is wrong."""
        found: dict[str, dict[str, Parameter]] = {}
        for prefix, folder in sorted(self._folders.items()):
            for parameter in read_folder(prefix, folder):
                regions = found.setdefault(parameter.name, {})
                if parameter.region in regions:
                    place = f"{parameter.file}: {parameter.name}"
                    raise ParameterError(f"{place}：参数重复定义", f"{place} is defined twice")
                regions[parameter.region] = parameter
        return found

    def amend(self, amendments: Iterable[Amendment]) -> None:
        """Lay approved values over the files, instead of those laid before; computations that run keep their edition."""
        given = tuple(amendments)
        if given != self._amendments:
            self._amendments = given
            self._edition = None

    @property
    def amendments(self) -> tuple[Amendment, ...]:
        """The approved values in place now."""
        return self._amendments

    @property
    def edition(self) -> Edition:
        """The law as it stands now, or as it is tried out in a `trial`."""
        tried = _TRIED.get()
        if tried is not None and tried[0] is self:
            return tried[1]
        edition = self._edition
        if edition is None:
            edition = self._edition = Edition(amended(self.files, self._amendments))
        return edition

    @property
    def parameters(self) -> dict[str, dict[str, Parameter]]:
        """Parameters by name, then by region, as they stand now."""
        return self.edition.parameters

    def law(self, region: str, on: date, overlay: Iterable[Change] = ()) -> Law:
        """The parameters of a region on a day; the same object again until the law changes."""
        return self.edition.law(region, on, overlay)


class Law:
    """What the parameters were for one region on one day: `law["levy.pension.cap"]` is an Exact (money in fen)."""

    def __init__(self, edition: Edition, region: str, on: date, overlay: tuple[Change, ...] = ()):
        self._edition, self.region, self.day, self.overlay = edition, region, on, overlay
        self._scopes = scopes(region)
        self._found: dict[str, Exact] = {}
        self._versions: dict[str, tuple[Parameter, Version] | None] = {}
        self._scales: dict[str, Scale] = {}

    def on(self, day: date) -> Law:
        """The same region and reform on another day."""
        return self._edition.law(self.region, day, self.overlay)

    def for_year(self, year: int) -> Law:
        """The law of 1 January of a year, for yearly figures."""
        return self.on(date(year, 1, 1))

    def __contains__(self, name: str) -> bool:
        return self._version(name) is not None

    def __getitem__(self, name: str) -> Exact:
        """The value in force, money in fen; NoParameter if there is none."""
        if name not in self._found:
            found = self._version(name)
            if found is None or not isinstance(found[1].value, Fraction):
                raise self._missing(name)
            self._found[name] = _valued(*found)
        return self._found[name]

    def get(self, name: str) -> Exact | None:
        """The value in force or None."""
        try:
            return self[name]
        except NoParameter:
            return None

    def fen(self, name: str) -> int:
        """A money parameter in fen."""
        return self[name].whole()

    def rate(self, name: str) -> Fraction:
        """A number as a Fraction (money in fen)."""
        return self[name].fraction()

    def flag(self, name: str) -> bool:
        """A yes/no parameter."""
        found = self._version(name)
        if found is None or not isinstance(found[1].value, bool):
            raise self._missing(name)
        return found[1].value

    def numbers(self, name: str) -> tuple[Fraction, ...]:
        """A list parameter, e.g. the steps of a floating rate."""
        found = self._version(name)
        if found is None or not isinstance(found[1].value, tuple):
            raise self._missing(name)
        return found[1].value

    def scale(self, name: str) -> Scale:
        """A scale in force, e.g. payout months by age."""
        if name not in self._scales:
            found = next((s for p in self._candidates(name) if (s := p.scale(self.day)) is not None), None)
            if found is None:
                raise self._missing(name)
            self._scales[name] = found
        return self._scales[name]

    def latest(self, name: str) -> Exact:
        """The last published value of a yearly figure up to this day."""
        for parameter in self._candidates(name):
            known = [v for v in parameter.versions if v.since <= self.day and v.value is not None]
            if known:
                return _valued(parameter, known[-1])
        raise self._missing(name)

    def series(self, name: str) -> dict[int, Exact]:
        """A yearly figure of every published year up to this day, the nearest region's series."""
        for parameter in self._candidates(name):
            return {v.since.year: _valued(parameter, v) for v in parameter.versions if v.since <= self.day}
        raise self._missing(name)

    def origin(self, name: str) -> Origin:
        """Where the value in force came from."""
        origin = self[name].origin
        if not isinstance(origin, Origin):
            raise self._missing(name)
        return origin

    def names(self) -> list[str]:
        """All parameters in force here, sorted."""
        return [name for name in sorted(self._edition.parameters) if name in self]

    def listing(self) -> list[Origin]:
        """Every single-valued or list parameter in force with its acts, sorted by name."""
        found = ((name, self._version(name)) for name in sorted(self._edition.parameters))
        return [_origin(*pair) for _, pair in found if pair is not None]

    @cached_property
    def digest(self) -> str:
        """SHA-256 over every parameter in force with its date and acts: two equal digests are the same law."""
        lines: list[list[Any]] = []
        for name in sorted(self._edition.parameters):
            found = self._version(name)
            if found is not None:
                acts = [str(reference) for reference in found[1].references]
                lines.append([name, found[0].region, str(found[1].since), str(found[1].value), acts])
            for parameter in self._candidates(name):
                scale = parameter.scale(self.day)
                if scale is not None:
                    lines.append([name, parameter.region, [[str(k), str(v)] for k, v in scale.rows]])
                    break
        return hashlib.sha256(json.dumps(lines, ensure_ascii=False).encode()).hexdigest()

    def _candidates(self, name: str) -> Iterable[Parameter]:
        regions = self._edition.parameters.get(name, {})
        return (regions[scope] for scope in self._scopes if scope in regions)

    def _version(self, name: str) -> tuple[Parameter, Version] | None:
        if name not in self._versions:
            self._versions[name] = self._in_force(name)
        return self._versions[name]

    def _in_force(self, name: str) -> tuple[Parameter, Version] | None:
        found = next(((p, v) for p in self._candidates(name) if (v := p.version(self.day)) is not None), None)
        for change in self.overlay:
            if change.holds(name, self.region, self.day):
                base = found[0] if found else next(iter(self._edition.parameters.get(name, {}).values()), None)
                if base is None:
                    raise self._missing(name)
                version = Version(change.since, change.value, (Reference(change.title, "reform"),), "design")
                found = replace(base, region=change.region), version
        return found

    def _missing(self, name: str) -> NoParameter:
        place = self.region or "全国"
        return NoParameter(
            f"{place} 在 {self.day} 没有参数 {name}：请补充该日期的参数文件",
            f"no parameter {name} for region {self.region or 'nation'} on {self.day}: add a dated value to the files",
        )


def _valued(parameter: Parameter, version: Version) -> Exact:
    if not isinstance(version.value, Fraction):
        raise NoParameter(f"参数 {parameter.name} 不是单个数值", f"parameter {parameter.name} is not one number")
    value = Exact(*(version.value * parameter.unit.scale).as_integer_ratio())
    value.origin = _origin(parameter, version)
    return value


def _origin(parameter: Parameter, version: Version) -> Origin:
    return Origin(
        name=parameter.name,
        region=parameter.region,
        since=version.since,
        references=version.references,
        verified=version.verified,
        unit=parameter.unit,
        value=_written(version.value),
    )


def _written(value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_written, value))
    if not isinstance(value, Fraction):
        return str(value)
    text = decimal_text(value)
    return str(value) if text.endswith("…") else text


STORE = Store()


def mount(prefix: str, folder: Path) -> None:
    """Add a system's parameters to the product's store."""
    STORE.mount(prefix, folder)


@contextmanager
def trial(*amendments: Amendment) -> Iterator[None]:
    """Compute as if the amendments were in force, in this thread and block only; nothing is kept."""
    token = _TRIED.set((STORE, STORE.edition.amended(amendments)))
    try:
        yield
    finally:
        _TRIED.reset(token)


def parameters(region: str, on: date, overlay: Iterable[Change] = ()) -> Law:
    """The parameters of a region (2, 4 or 6 digits, "" for the nation) on a day, with a reform if given."""
    return STORE.law(region, on, overlay)
