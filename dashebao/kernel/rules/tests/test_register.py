"""Formulas by name, their inputs, traces that replay to the same bytes, and the checking of examples."""

import json
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from dashebao.kernel.legal_time.api import Age, Month
from dashebao.kernel.rules.api import (
    STORE,
    BadInput,
    Change,
    Law,
    Ratio,
    Results,
    Rounding,
    RulesError,
    UnknownFormula,
    Yuan,
    check_examples,
    evaluate,
    explain,
    formula,
    line,
    read_examples,
    read_inputs_file,
    replay,
    yuan_text,
)

DAY = date(2026, 11, 1)
FEN = Rounding(2, "每项一次 / once per item")
PARAMETER = """
description: Rate
metadata: {unit: /1, verified: design}
values:
  2020-01-01: {value: 0.125, metadata: {reference: {title: Act, article: art. 9}}}
"""


@dataclass(frozen=True)
class Part:
    count: int
    on: date


@dataclass(frozen=True)
class Inputs:
    amount: Yuan
    parts: tuple[Part, ...] = ()
    by_name: dict[str, Yuan] | None = None
    rate: Ratio | None = None
    month: Month | None = None
    age: Age | None = None
    flag: bool = False


@line("test.share", "份额", "share", "Act art. 1")
def share_of(amount: Yuan, rate: Ratio) -> Yuan:
    return (amount * rate).rounded(FEN)


@formula("test.share", zh="份额", en="share", law=("Act art. 1",))
def share(given: Inputs, law: Law) -> Results:
    rate = law["test_rules.rate"] if given.rate is None else given.rate
    return {"share": yuan_text(share_of(given.amount, rate)), "parts": sum(p.count for p in given.parts)}


@pytest.fixture(autouse=True, scope="module")
def _parameters(tmp_path_factory: pytest.TempPathFactory):
    folder: Path = tmp_path_factory.mktemp("parameters")
    (folder / "rate.yaml").write_text(PARAMETER, encoding="utf-8")
    known = dict(STORE._folders)
    STORE.mount("test_rules", folder)
    yield
    STORE._folders.clear()
    for prefix, path in known.items():
        STORE.mount(prefix, path)
    STORE.__dict__.pop("parameters", None)


@pytest.mark.parametrize("amount", ["100.01", "100.010", Fraction("100.01")])
def test_numbers_may_be_text_or_exact(amount: object):
    assert evaluate("test.share", {"amount": amount, "rate": "1/8"}, on=DAY)["share"] == "12.50"


def test_inputs_are_read_as_declared():
    given = {
        "amount": 8,
        "parts": [{"count": "2", "on": "2026-01-01"}, {"count": 3, "on": date(2026, 1, 2)}],
        "by_name": {1: "2.00"},
        "month": "2026-03",
        "age": "61y4m",
        "flag": True,
    }
    assert evaluate("test.share", given, on=DAY) == {"share": "1.00", "parts": 5}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "input amount: is missing"),
        ({"amount": "1", "extra": 1}, "input extra: is not an input"),
        ({"amount": 0.1}, "binary float"),
        ({"amount": "ten"}, "cannot be read"),
        ({"amount": None}, "must not be empty"),
        ({"amount": "1", "parts": {"count": 1}}, "must be a list"),
        ({"amount": "1", "parts": [{"count": 1}]}, r"parts\[0\].on: is missing"),
        ({"amount": "1", "parts": [{"count": "1.5", "on": "2026-01-01"}]}, r"parts\[0\].count"),
        ({"amount": "1", "parts": [{"count": 1, "on": "2026-02-30"}]}, r"parts\[0\].on"),
        ({"amount": "1", "by_name": [1]}, "must be a mapping"),
        ({"amount": "1", "month": "2026-13"}, "month"),
        ({"amount": "1", "flag": "yes"}, "true or false"),
    ],
)
def test_a_wrong_input_is_named(given: dict[str, object], message: str):
    with pytest.raises(BadInput, match=message) as caught:
        evaluate("test.share", given, on=DAY)
    assert caught.value.text("zh").startswith("输入项")


def test_an_unknown_formula_is_said_in_both_languages():
    with pytest.raises(UnknownFormula) as caught:
        evaluate("test.nothing", {}, on=DAY)
    assert caught.value.text("zh-hans") == "没有名为 test.nothing 的公式"


def test_a_trace_holds_every_line_with_its_law_and_parameters():
    trace = explain("test.share", {"amount": "100.04"}, on=DAY)
    (entry,) = trace.as_json()["lines"]
    assert entry["formula"] == "amount × rate"
    assert entry["numbers"] == "100.04 × 0.125"
    assert (entry["exact"], entry["value"]) == ("12.505", "12.51")
    assert entry["rounding"]["basis"] == "每项一次 / once per item"
    assert entry["parameters"][0]["reference"] == ["Act art. 9"]
    assert entry["at"].startswith("dashebao/kernel/rules/tests/test_register.py:")
    assert "取整为 12.51 (每项一次)" in trace.as_text("zh-hans")
    assert "rounded to 12.51 (once per item)" in trace.as_text("en")


def test_a_trace_replays_to_the_same_bytes():
    change = Change("test_rules.rate", date(2026, 1, 1), date(2027, 1, 1), Fraction(1, 3))
    given = {"amount": "100.00", "parts": [{"count": 1, "on": date(2026, 1, 1)}]}
    trace = explain("test.share", given, on=DAY, overlay=[change])
    assert trace.results["share"] == "33.33"
    stored = json.loads(trace.as_bytes())
    assert replay(stored).as_bytes() == trace.as_bytes()


def test_a_trace_of_another_engine_is_not_replayed():
    stored = explain("test.share", {"amount": "1"}, on=DAY).as_json()
    with pytest.raises(RulesError, match="cannot be replayed"):
        replay(stored | {"engine": "0"})


def test_a_name_can_be_registered_once():
    with pytest.raises(RulesError, match="twice"):

        @formula("test.share", zh="另一", en="another", law=())
        def another(given: Inputs, law: Law) -> Results:
            return {}


def test_examples_report_each_failure():
    text = """
meta: {date: '2026-11-21'}
examples:
- {id: A, formula: test.share, inputs: {amount: '100.04'}, expected: {share: 12.510}}
- {id: B, formula: test.share, inputs: {amount: '100.04'}, expected: {share: '12.50', parts: 0}}
- {id: C, formula: test.unknown, inputs: {}, expected: {x: 1}}
- {id: D, formula: test.share, inputs: {amount: oops}, expected: {share: '1'}}
- {id: E, formula: test.share, inputs: {amount: '1'}, expected: {}}
- {id: F, formula: test.share, inputs: {amount: '1'}, expected: {missing: null}}
"""
    examples, day = read_examples(text)
    assert day == date(2026, 11, 21)
    outcomes = list(check_examples(examples, on=day))
    assert [o.passed for o in outcomes] == [True, False, False, False, False, False]
    assert outcomes[1].differences[0].place == "share"
    assert outcomes[2].as_json("en")["error"] == "there is no formula named test.unknown"


@pytest.mark.parametrize("text", ["- 1", "examples: 3", "{", "x: 1"])
def test_a_file_without_examples_is_refused(text: str):
    with pytest.raises(BadInput):
        read_examples(text)


def test_inputs_may_be_json_or_a_whole_example():
    assert read_inputs_file('{"amount": 1.10}') == {"amount": Fraction(11, 10)}
    assert read_inputs_file("inputs: {amount: '1'}") == {"amount": "1"}
