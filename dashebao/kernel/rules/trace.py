"""Lines of a calculation, recorded as the rules run: law, formula, numbers, parameters, rounding, source."""

from __future__ import annotations

import ast
import functools
import hashlib
import inspect
import json
import textwrap
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar, get_args, get_type_hints

from dashebao.kernel.rules.exact import Exact
from dashebao.kernel.rules.parameters import Origin
from dashebao.kernel.rules.values import RATIO, Unit, shown, unrounded

ENGINE = "1"


@dataclass(frozen=True)
class Cited:
    """A citation in both languages."""

    zh: str
    en: str

    @classmethod
    def of(cls, act: Any) -> Cited:
        """An article, an act, or plain text that stands for both languages."""
        citation = getattr(act, "citation", None)
        return cls(str(act), str(act)) if citation is None else cls(citation("zh"), citation("en"))

    def as_json(self) -> dict[str, str]:
        """Plain values for a trace."""
        return {"zh": self.zh, "en": self.en}


P = ParamSpec("P")
R = TypeVar("R", bound=Exact)


@dataclass(frozen=True)
class Rule:
    """What a line of the law says: its name, labels, acts, formula text and place in the source.

    `template` is the formula with {name} where the numbers go.
    """

    name: str
    zh: str
    en: str
    law: tuple[Cited, ...]
    formula: str
    template: str
    units: dict[str, Unit]
    at: str


@dataclass
class TraceLine:
    """One line: what was put in and what came out; written out only when it is read."""

    rule: Rule
    given: dict[str, Any]
    result: Exact

    @property
    def inputs(self) -> dict[str, str]:
        """What was put in, by name, as a person reads it."""
        units = self.rule.units
        return {
            name: shown(value, units.get(name, RATIO)) if isinstance(value, Exact) else str(value)
            for name, value in self.given.items()
        }

    @property
    def numbers(self) -> str:
        """The formula with its numbers put in."""
        return self.rule.template.format_map(self.inputs)

    @property
    def parameters(self) -> list[Origin]:
        """Where the parameters among the inputs came from."""
        return [one.origin for one in self.given.values() if isinstance(one, Exact) and one.origin is not None]

    @property
    def value(self) -> str:
        """What came out."""
        return shown(self.result, self.rule.units["return"])

    @property
    def exact(self) -> str:
        """What came out before it was rounded."""
        before = self._before()
        return unrounded(self.result if before is None else before, self.rule.units["return"])

    @property
    def rounding(self) -> dict[str, Any] | None:
        """How and why this line rounded, if it did."""
        done = self.result.rounding
        if done is None or self._before() is None:
            return None
        return {"places": done.places, "mode": "half away from zero", "basis": done.basis}

    def _before(self) -> Exact | None:
        """The number this line rounded; None where it did not, or gave on one of its inputs as it was."""
        before = self.result.before
        if before is not None:
            for one in self.given.values():
                if one is self.result:
                    return None
        return before

    def as_json(self) -> dict[str, Any]:
        """Plain values, part of trace/1."""
        rule, inputs = self.rule, self.inputs
        return {
            "name": rule.name,
            "label": {"zh": rule.zh, "en": rule.en},
            "law": [{"zh": act.zh, "en": act.en} for act in rule.law],
            "formula": rule.formula,
            "numbers": rule.template.format_map(inputs),
            "inputs": inputs,
            "parameters": [origin.as_json() for origin in self.parameters],
            "exact": self.exact,
            "rounding": self.rounding,
            "value": self.value,
            "unit": rule.units["return"].code,
            "at": rule.at,
        }


@dataclass
class Recorder:
    """Collects the lines of one evaluation."""

    lines: list[TraceLine] = field(default_factory=list)

    def add(self, rule: Rule, arguments: dict[str, Any], value: Exact) -> None:
        """Note one line; columns are never recorded."""
        if not value.is_column:
            self.lines.append(TraceLine(rule, arguments, value))


RECORDER: ContextVar[Recorder | None] = ContextVar("recorder", default=None)


def line(name: str, zh: str, en: str, *law: object) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a line of the law: a pure function on exact numbers, the same for one person and for columns."""

    def declare(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)
        names = tuple(signature.parameters)

        @functools.cache
        def rule() -> Rule:
            return _rule(function, name, (zh, en), tuple(map(Cited.of, law)))

        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            value = function(*args, **kwargs)
            recorder = RECORDER.get()
            if recorder is not None:
                given = dict(zip(names, args, strict=False))
                if len(given) < len(names):
                    bound = signature.bind(*args, **kwargs)
                    bound.apply_defaults()
                    given = bound.arguments
                recorder.add(rule(), given, value)
            return value

        return run

    return declare


def _rule(function: Callable[..., Any], name: str, labels: tuple[str, str], law: tuple[Cited, ...]) -> Rule:
    source, start = inspect.getsourcelines(function)
    tree = ast.parse(textwrap.dedent("".join(source)))
    returned = [node for node in ast.walk(tree) if isinstance(node, ast.Return) and node.value is not None][-1]
    expression = returned.value
    called = expression.func if isinstance(expression, ast.Call) else None
    if isinstance(called, ast.Attribute) and called.attr == "rounded":
        expression = called.value
    if expression is None:
        raise TypeError(f"the rule {name} returns nothing")
    hints = get_type_hints(function, include_extras=True)
    units = {key: _unit(hint) for key, hint in hints.items()}
    path = function.__module__.replace(".", "/")
    return Rule(
        name=name,
        zh=labels[0],
        en=labels[1],
        law=law,
        formula=_written(expression),
        template=_written(_Holes(set(inspect.signature(function).parameters)).visit(expression)),
        units={"return": RATIO} | units,
        at=f"{path}.py:{start}",
    )


def _unit(hint: Any) -> Unit:
    for part in (hint, *get_args(hint)):
        for extra in getattr(part, "__metadata__", ()):
            if isinstance(extra, Unit):
                return extra
    return RATIO


class _Holes(ast.NodeTransformer):
    """Puts a hole in the place of every name that is an input."""

    def __init__(self, names: set[str]):
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name(id=f"{{{node.id}}}") if node.id in self.names else node


def _written(expression: ast.expr) -> str:
    return ast.unparse(expression).replace(" * ", " × ").replace(" / ", " ÷ ")


@dataclass(frozen=True)
class Trace:
    """A whole evaluation as trace/1: enough to run it again and get the same bytes."""

    formula: str
    title: tuple[str, str]
    law: tuple[Cited, ...]
    region: str
    on: str
    overlay: tuple[dict[str, str], ...]
    inputs: dict[str, Any]
    lines: tuple[TraceLine, ...]
    results: dict[str, Any]

    @property
    def parameter_digest(self) -> str:
        """SHA-256 over the parameters that were used, in the order of the lines."""
        used = ", ".join(origin.written for entry in self.lines for origin in entry.parameters)
        return hashlib.sha256(f"[{used}]".encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Plain values for storing beside a decision."""
        return {
            "trace": "1",
            "engine": ENGINE,
            "formula": self.formula,
            "title": {"zh": self.title[0], "en": self.title[1]},
            "law": [act.as_json() for act in self.law],
            "region": self.region,
            "on": self.on,
            "overlay": list(self.overlay),
            "parameter_digest": self.parameter_digest,
            "inputs": self.inputs,
            "lines": [entry.as_json() for entry in self.lines],
            "results": self.results,
        }

    def as_bytes(self) -> bytes:
        """The canonical bytes: a replay under the same law gives the same."""
        text = json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode()

    def as_text(self, language: str = "zh") -> str:
        """The explanation for reading, line by line."""
        pick = 0 if language.lower().startswith("zh") else 1
        words = (_ZH, _EN)[pick]
        out = [
            f"{self.formula}  {self.title[pick]}",
            f"{words['on']} {self.on}  {words['region']} {self.region or '-'}",
        ]
        for count, entry in enumerate(self.lines, 1):
            rule, unit = entry.rule, entry.rule.units["return"]
            out.append(f"{count}. {(rule.zh, rule.en)[pick]} = {entry.value} {(unit.zh, unit.en)[pick]}".rstrip())
            out.append(f"   {rule.formula}")
            out.append(f"   = {entry.numbers} = {entry.exact}")
            if entry.rounding:
                out.append(f"   {words['rounded']} {entry.value} ({entry.rounding['basis'].split(' / ')[pick]})")
            out.extend(f"   {words['law']} {(act.zh, act.en)[pick]}" for act in rule.law)
            for origin in entry.parameters:
                acts = "; ".join(map(str, origin.references))
                head = f"   {words['parameter']} {origin.name} = {origin.value}"
                out.append(f"{head}, {words['since']} {origin.since} ({acts}) [{origin.verified}]")
            out.append(f"   {rule.at}")
        out.append(f"{words['results']} {json.dumps(self.results, ensure_ascii=False)}")
        return "\n".join(out)


_ZH = {
    "on": "法律日期",
    "region": "地区",
    "rounded": "取整为",
    "law": "依据",
    "parameter": "参数",
    "since": "自",
    "results": "结果",
}
_EN = {
    "on": "law of",
    "region": "region",
    "rounded": "rounded to",
    "law": "law",
    "parameter": "parameter",
    "since": "since",
    "results": "results",
}
