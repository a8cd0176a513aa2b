"""The work-injury premium."""

from datetime import date
from pathlib import Path

import pytest

import dashebao.business.insurance.injury.rules  # noqa: F401  registers the formula
from dashebao.kernel.rules.api import check_examples, evaluate, read_examples

DAY = date(2026, 11, 1)


@pytest.mark.parametrize("path", sorted((Path(__file__).parent / "cases").rglob("*.yaml")), ids=lambda p: p.stem)
def test_worked_examples_hold(path: Path):
    examples, day = read_examples(path.read_text(encoding="utf-8"))
    assert [o.as_json() for o in check_examples(examples, on=day or DAY) if not o.passed] == []


@pytest.mark.parametrize(
    ("payroll", "rate", "step", "unit_rate", "premium"),
    [
        ("100.05", "0.002", "0.5", "0.001", "0.10"),
        ("0", "0.019", "1.5", "0.0285", "0.00"),
        ("50.00", "0.007", "0.50", "0.0035", "0.18"),
    ],
)
def test_the_rate_floats_and_the_premium_rounds_once(payroll: str, rate: str, step: str, unit_rate: str, premium: str):
    given = {"payroll": payroll, "base_rate": rate, "float_factor": step}
    assert evaluate("injury.premium", given, on=DAY) == {"rate": unit_rate, "premium": premium}
