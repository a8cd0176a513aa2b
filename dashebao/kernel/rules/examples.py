"""Worked examples (inputs and expected results of a formula) checked against the register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from dashebao.kernel.rules.errors import BadInput, ParameterError, RulesError
from dashebao.kernel.rules.files import read_yaml
from dashebao.kernel.rules.reading import plain
from dashebao.kernel.rules.register import evaluate
from dashebao.kernel.rules.values import NotExact, number


@dataclass(frozen=True)
class Difference:
    """Where a result differs from what the example expects."""

    place: str
    expected: Any
    got: Any


@dataclass(frozen=True)
class Outcome:
    """What became of one example."""

    id: str
    formula: str
    title: str
    passed: bool
    differences: tuple[Difference, ...] = ()
    error: RulesError | None = None

    def as_json(self, language: str = "en") -> dict[str, Any]:
        """Plain values for printing."""
        return {
            "id": self.id,
            "formula": self.formula,
            "title": self.title,
            "passed": self.passed,
            "differences": [{"place": d.place, "expected": d.expected, "got": d.got} for d in self.differences],
            "error": self.error.text(language) if self.error else "",
        }


def _document(text: str) -> Any:
    try:
        return read_yaml(text)
    except yaml.YAMLError as error:
        raise BadInput(f"不是有效的YAML或JSON：{error}", f"this is not valid YAML or JSON: {error}") from error


def read_inputs_file(text: str) -> dict[str, Any]:
    """The inputs of one formula from YAML or JSON: the mapping itself or its `inputs`; BadInput for anything else."""
    document = _document(text)
    if not isinstance(document, dict):
        raise BadInput("输入文件应为键值对", "the input file must be a mapping")
    inputs = document.get("inputs", document)
    if not isinstance(inputs, dict):
        raise BadInput("inputs 应为键值对", "inputs must be a mapping")
    return inputs


def read_examples(text: str) -> tuple[list[dict[str, Any]], date | None]:
    """The examples of a file and the date it gives; BadInput if the file has no list of examples."""
    document = _document(text)
    if not isinstance(document, dict) or not isinstance(document.get("examples"), list):
        raise BadInput("文件中没有 examples 列表", "the file has no list named examples")
    meta = document.get("meta") or {}
    given = meta.get("date")
    return document["examples"], date.fromisoformat(str(given)) if given else None


def check_examples(examples: Iterable[dict[str, Any]], *, on: date, region: str = "") -> Iterator[Outcome]:
    """Run each example; an unknown formula, a refused input or any difference is a failure."""
    for example in examples:
        yield _checked(example, on, region)


def _checked(example: dict[str, Any], on: date, region: str) -> Outcome:
    name, title = str(example.get("formula", "")), str(example.get("title", ""))
    differences: tuple[Difference, ...] = ()
    error: RulesError | None = None
    try:
        day = date.fromisoformat(str(example["date"])) if example.get("date") else on
        place = str(example.get("region") or region)
        results = plain(evaluate(name, example.get("inputs") or {}, on=day, region=place))
        expected = example.get("expected")
        differences = tuple(_compare("", expected, results)) if expected else (Difference("expected", None, results),)
    except ParameterError:
        raise
    except RulesError as refused:
        error = refused
    except (ValueError, ArithmeticError, LookupError, TypeError) as failed:
        error = BadInput(f"计算失败：{failed!r}", f"the calculation failed: {failed!r}")
    return Outcome(str(example.get("id", "?")), name, title, error is None and not differences, differences, error)


def _compare(place: str, expected: Any, got: Any) -> Iterator[Difference]:
    if isinstance(expected, dict):
        yield from _compare_mapping(place, expected, got)
    elif isinstance(expected, list):
        if not isinstance(got, list) or len(got) != len(expected):
            yield Difference(place, plain(expected), got)
            return
        for at, (one, other) in enumerate(zip(expected, got, strict=True)):
            yield from _compare(f"{place}[{at}]", one, other)
    elif not _same(expected, got):
        yield Difference(place, plain(expected), got)


def _compare_mapping(place: str, expected: dict[Any, Any], got: Any) -> Iterator[Difference]:
    if not isinstance(got, dict):
        yield Difference(place, plain(expected), got)
        return
    for key, value in expected.items():
        name = f"{place}.{key}" if place else str(key)
        if str(key) not in got:
            yield Difference(name, plain(value), None)
        else:
            yield from _compare(name, value, got[str(key)])
    if place:
        for key in sorted(set(got) - set(map(str, expected))):
            yield Difference(f"{place}.{key}", None, got[key])


def _same(expected: Any, got: Any) -> bool:
    if expected is None or got is None or isinstance(expected, bool) or isinstance(got, bool):
        return expected is got
    if isinstance(got, (dict, list)):
        return False
    try:
        return number(plain(expected)) == number(got)
    except NotExact:
        return str(plain(expected)) == str(got)
