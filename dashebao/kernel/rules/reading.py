"""Turning written inputs (text, numbers, lists, mappings) into the typed inputs a formula declares."""

from __future__ import annotations

import dataclasses
import types
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from dashebao.kernel.legal_time.api import Age, Month
from dashebao.kernel.rules.errors import BadInput
from dashebao.kernel.rules.exact import Exact
from dashebao.kernel.rules.values import NotExact, Unit, carried, decimal_text, number


def read_inputs(form: type, given: Any, place: str = "") -> Any:
    """Fill the dataclass `form` from a mapping; BadInput names a missing, an unknown or an unreadable input."""
    if not isinstance(given, dict):
        raise _bad(place, "应为键值对", "must be a mapping")
    hints, needed = _entries(form)
    written = {str(key): value for key, value in given.items()}
    for key in sorted(written.keys() - hints.keys()):
        raise _bad(_join(place, key), "不是该公式的输入项", f"is not an input; known: {', '.join(hints)}")
    for name in needed:
        if name not in written:
            raise _bad(_join(place, name), "缺少该输入项", "is missing")
    return form(**{name: read_value(hints[name], value, _join(place, name)) for name, value in written.items()})


@cache
def _entries(form: type) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Types by name of what `form` takes, in order, and the names that must be given."""
    hints, fields = get_type_hints(form, include_extras=True), dataclasses.fields(form)
    missing = dataclasses.MISSING
    needed = tuple(f.name for f in fields if f.default is missing and f.default_factory is missing)
    return {f.name: hints[f.name] for f in fields}, needed


@cache
def _form(hint: Any) -> tuple[Any, tuple[Any, ...], Unit | None]:
    """Origin, parts and unit of a type."""
    unit = next((e for e in getattr(hint, "__metadata__", ()) if isinstance(e, Unit)), None)
    return get_origin(hint), get_args(hint), unit


def read_value(hint: Any, value: Any, place: str) -> Any:
    """Read one value as its declared type."""
    origin, parts, unit = _form(hint)
    if origin in (Union, types.UnionType):
        if value is None:
            return None
        return read_value(next(p for p in parts if p is not type(None)), value, place)
    if value is None:
        raise _bad(place, "不能为空", "must not be empty")
    try:
        if unit is not None:
            return carried(value, unit)
        if origin is tuple:
            return tuple(read_value(parts[0], item, f"{place}[{i}]") for i, item in enumerate(_rows(value, place)))
        if origin is dict:
            return _mapping(parts, value, place)
        if dataclasses.is_dataclass(hint) and hint is not Month and hint is not Age and isinstance(hint, type):
            return read_inputs(hint, value, place)
        return _plain(hint, value, place)
    except (NotExact, ValueError) as error:
        if isinstance(error, BadInput):
            raise
        raise _bad(place, f"无法识别：{value}", f"cannot be read: {error}") from error


def _rows(value: Any, place: str) -> list[Any]:
    if not isinstance(value, (list, tuple)):
        raise _bad(place, "应为列表", "must be a list")
    return list(value)


def _mapping(parts: tuple[Any, ...], value: Any, place: str) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise _bad(place, "应为键值对", "must be a mapping")
    return {read_value(parts[0], k, place): read_value(parts[1], v, _join(place, str(k))) for k, v in value.items()}


def _plain(hint: Any, value: Any, place: str) -> Any:
    if hint is str:
        return str(value)
    if hint is bool:
        if not isinstance(value, bool):
            raise _bad(place, "应为是或否", "must be true or false")
        return value
    if hint is int:
        return value if type(value) is int else Exact(*number(value).as_integer_ratio()).whole()
    if hint is Fraction:
        return number(value)
    if hint is Month:
        return Month.of(value) if isinstance(value, date) else Month.parse(str(value))
    if hint is Age:
        return Age.parse(str(value))
    if hint is date:
        return _day(value)
    raise TypeError(f"{place}: a formula cannot take {hint}")


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _bad(place: str, zh: str, en: str) -> BadInput:
    return BadInput(f"输入项 {place}：{zh}", f"input {place}: {en}")


def plain(value: Any) -> Any:
    """Any written value as plain JSON: keys as text, decimals and dates as text."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Fraction):
        text = decimal_text(value)
        return str(value) if text.endswith("…") else text
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (Month, Age)):
        return str(value)
    return value
