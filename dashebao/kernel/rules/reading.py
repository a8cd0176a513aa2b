"""Turning written inputs (text, numbers, lists, mappings) into the typed inputs a formula declares."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from functools import cache, partial
from typing import Any, TypeAlias, Union, get_args, get_origin, get_type_hints

from dashebao.kernel.legal_time.api import Age, Month
from dashebao.kernel.rules.errors import BadInput
from dashebao.kernel.rules.exact import Exact
from dashebao.kernel.rules.values import Unit, decimal_text, number, reader_of

Reader: TypeAlias = Callable[[Any], Any]


class _Misread(Exception):
    """Why an input cannot be read; its place grows outwards while the exception rises."""

    def __init__(self, zh: str, en: str, place: str = "") -> None:
        super().__init__(en)
        self.zh, self.en, self.place = zh, en, place

    def within(self, place: str) -> _Misread:
        """The same, one level further out."""
        joined = f"{place}.{self.place}" if place and self.place and self.place[0] != "[" else place + self.place
        return _Misread(self.zh, self.en, joined)


def read_inputs(form: type, given: Any) -> Any:
    """Fill the dataclass `form` from a mapping; BadInput names a missing, an unknown or an unreadable input."""
    try:
        return _of_form(form)(given)
    except _Misread as misread:
        raise BadInput(f"输入项 {misread.place}：{misread.zh}", f"input {misread.place}: {misread.en}") from misread


@cache
def _of_form(form: type) -> Reader:
    """How a mapping becomes the dataclass `form`."""
    hints, missing = get_type_hints(form, include_extras=True), dataclasses.MISSING
    fields = dataclasses.fields(form)
    readers = {field.name: _reader(hints[field.name]) for field in fields}
    needed = [f.name for f in fields if f.default is missing and f.default_factory is missing]

    def read(given: Any) -> Any:
        if not isinstance(given, dict):
            raise _Misread("应为键值对", "must be a mapping")
        if not given.keys() <= readers.keys():
            given = {str(key): value for key, value in given.items()}
            for key in sorted(given.keys() - readers.keys()):
                raise _Misread("不是该公式的输入项", f"is not an input; known: {', '.join(readers)}", key)
        for name in needed:
            if name not in given:
                raise _Misread("缺少该输入项", "is missing", name)
        values = {}
        for name, value in given.items():
            try:
                values[name] = readers[name](value)
            except _Misread as misread:
                raise misread.within(name) from misread
        return form(**values)

    return read


@cache
def _reader(hint: Any) -> Reader:
    """How one value of a declared type is read; made once for a type."""
    origin, parts = get_origin(hint), get_args(hint)
    unit = next((e for e in getattr(hint, "__metadata__", ()) if isinstance(e, Unit)), None)
    if origin in (Union, types.UnionType):
        inner = _reader(next(part for part in parts if part is not type(None)))
        return lambda value: None if value is None else inner(value)
    if unit is not None:
        return _checked(reader_of(unit))
    if origin is tuple:
        return _checked(partial(_rows, _reader(parts[0])))
    if origin is dict:
        return _checked(partial(_mapping, _reader(parts[0]), _reader(parts[1])))
    if dataclasses.is_dataclass(hint) and hint is not Month and hint is not Age and isinstance(hint, type):
        return _checked(_of_form(hint))
    if hint not in _PLAIN:
        raise TypeError(f"a formula cannot take {hint}")
    return _checked(_PLAIN[hint])


def _checked(read: Reader) -> Reader:
    def reader(value: Any) -> Any:
        if value is None:
            raise _Misread("不能为空", "must not be empty")
        try:
            return read(value)
        except BadInput:
            raise
        except ValueError as error:
            raise _Misread(f"无法识别：{value}", f"cannot be read: {error}") from error

    return reader


def _rows(reader: Reader, value: Any) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        raise _Misread("应为列表", "must be a list")
    out: list[Any] = []
    try:
        for item in value:
            out.append(reader(item))
    except _Misread as misread:
        raise misread.within(f"[{len(out)}]") from misread
    return tuple(out)


def _mapping(keys: Reader, values: Reader, value: Any) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise _Misread("应为键值对", "must be a mapping")
    out = {}
    for key, item in value.items():
        name = keys(key)
        try:
            out[name] = values(item)
        except _Misread as misread:
            raise misread.within(str(key)) from misread
    return out


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Misread("应为是或否", "must be true or false")
    return value


def _whole(value: Any) -> int:
    return value if type(value) is int else Exact(*number(value).as_integer_ratio()).whole()


def _month(value: Any) -> Month:
    return Month.of(value) if isinstance(value, date) else Month.parse(str(value))


def _age(value: Any) -> Age:
    return Age.parse(str(value))


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value))


_PLAIN: dict[Any, Reader] = {
    str: str, bool: _yes_or_no, int: _whole, Fraction: number, Month: _month, Age: _age, date: _day,
}  # fmt: skip


def plain(value: Any) -> Any:
    """Any written value as plain JSON: keys as text, decimals and dates as text."""
    if type(value) is str or type(value) is int:
        return value
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
