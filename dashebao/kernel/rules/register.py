"""The register of formulas by name, and their evaluation for one case with or without a trace."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import MISSING, dataclass, fields
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar, get_type_hints

from dashebao.kernel.legal_time.api import TimeError
from dashebao.kernel.rules.errors import BadInput, RulesError, UnknownFormula
from dashebao.kernel.rules.law import Change, Law, parameters
from dashebao.kernel.rules.reading import plain, read_inputs
from dashebao.kernel.rules.trace import ENGINE, RECORDER, Cited, Recorder, Trace

Results = dict[str, Any]
F = TypeVar("F", bound=Callable[..., Results])


@dataclass(frozen=True)
class Formula:
    """A named formula: its inputs (a frozen dataclass), its acts, and the region it belongs to if not the nation."""

    name: str
    zh: str
    en: str
    law: tuple[Cited, ...]
    form: type
    function: Callable[[Any, Law], Results]
    region: str

    def input_names(self) -> dict[str, bool]:
        """Names of the inputs and whether each is required."""
        return {
            entry.name: entry.default is MISSING and entry.default_factory is MISSING for entry in fields(self.form)
        }


class Register:
    """Formulas by name; a name can be given once."""

    def __init__(self) -> None:
        self._formulas: dict[str, Formula] = {}

    def add(self, formula: Formula) -> None:
        """Register a formula; the same function may be registered again (a module read twice)."""
        known = self._formulas.get(formula.name)
        if known is not None and _home(known.function) != _home(formula.function):
            raise RulesError(f"公式 {formula.name} 重复登记", f"the formula {formula.name} is registered twice")
        self._formulas[formula.name] = formula

    def get(self, name: str) -> Formula:
        """The formula of that name; UnknownFormula if there is none."""
        if name not in self._formulas:
            raise UnknownFormula(f"没有名为 {name} 的公式", f"there is no formula named {name}")
        return self._formulas[name]

    def names(self) -> list[str]:
        """All names, sorted."""
        return sorted(self._formulas)


def _home(function: Callable[..., Any]) -> tuple[str, str]:
    return function.__module__, function.__qualname__


REGISTER = Register()


def formula(name: str, zh: str, en: str, law: Iterable[object], region: str = "") -> Callable[[F], F]:
    """Register `function(inputs, law) -> results`; the first parameter's dataclass declares the inputs."""

    def declare(function: F) -> F:
        hints = get_type_hints(function)
        form = next(hint for key, hint in hints.items() if key != "return")
        REGISTER.add(Formula(name, zh, en, tuple(map(Cited.of, law)), form, function, region))
        return function

    return declare


def _run(known: Formula, inputs: dict[str, Any], law: Law) -> Results:
    """Call a formula; what its inputs make impossible is said as a wrong input, not as a fault of the program."""
    given = read_inputs(known.form, inputs)
    try:
        return known.function(given, law)
    except ArithmeticError as error:
        raise BadInput(
            f"公式 {known.name} 无法用这些输入计算（除数为零或超出范围）",
            f"the formula {known.name} cannot be computed from these inputs: {error}",
        ) from error
    except TimeError as error:
        raise BadInput(error.zh, error.en) from error


def evaluate(
    name: str, inputs: dict[str, Any], *, on: date, region: str = "", overlay: Iterable[Change] = ()
) -> Results:
    """Run a formula for one case written as in the worked examples; results are text, ints, lists and mappings."""
    known = REGISTER.get(name)
    return _run(known, inputs, parameters(region or known.region, on, overlay))


def explain(name: str, inputs: dict[str, Any], *, on: date, region: str = "", overlay: Iterable[Change] = ()) -> Trace:
    """Run a formula for one case and keep every line; the same inputs and law give the same bytes."""
    known = REGISTER.get(name)
    changes = tuple(overlay)
    bound = parameters(region or known.region, on, changes)
    recorder = Recorder()
    token = RECORDER.set(recorder)
    try:
        results = _run(known, inputs, bound)
    finally:
        RECORDER.reset(token)
    return Trace(
        formula=name,
        title=(known.zh, known.en),
        law=known.law,
        region=bound.region,
        on=on.isoformat(),
        overlay=tuple(_written(change) for change in changes),
        inputs=plain(inputs),
        lines=tuple(recorder.lines),
        results=plain(results),
    )


def replay(stored: dict[str, Any]) -> Trace:
    """Run a stored trace/1 again; compare `as_bytes()` with the stored bytes to see whether anything moved."""
    if stored.get("trace") != "1" or stored.get("engine") != ENGINE:
        made = f"trace/{stored.get('trace')} engine {stored.get('engine')}"
        raise RulesError(
            f"该计算记录由 {made} 生成，本版本不能重算", f"this trace was made by {made}; it cannot be replayed here"
        )
    overlay = [_change(row) for row in stored["overlay"]]
    day = date.fromisoformat(stored["on"])
    return explain(stored["formula"], stored["inputs"], on=day, region=stored["region"], overlay=overlay)


def _written(change: Change) -> dict[str, str]:
    return {
        "name": change.name,
        "since": change.since.isoformat(),
        "until": change.until.isoformat(),
        "value": str(change.value),
        "region": change.region,
        "title": change.title,
    }


def _change(row: dict[str, str]) -> Change:
    return Change(
        name=row["name"],
        since=date.fromisoformat(row["since"]),
        until=date.fromisoformat(row["until"]),
        value=Fraction(row["value"]),
        region=row["region"],
        title=row["title"],
    )
