"""Every parameter is cited and every formula has a worked example and both titles."""

from datetime import date
from pathlib import Path

import pytest
from django.utils.module_loading import autodiscover_modules

from dashebao.kernel.rules.api import REGISTER, STORE, ParameterError, read_examples

autodiscover_modules("rules")
ROOT = Path(__file__).resolve().parents[2] / "dashebao"
NAMES = [name for name in REGISTER.names() if not name.startswith("test.")]
PARAMETERS = [p for regions in STORE.parameters.values() for p in regions.values() if not p.name.startswith("test_")]


def _with_examples() -> set[str]:
    found: set[str] = set()
    for path in ROOT.rglob("tests/cases/*/*.yaml"):
        examples, _ = read_examples(path.read_text(encoding="utf-8"))
        found |= {example["formula"] for example in examples}
    return found


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda p: f"{p.name}@{p.region or 'nation'}")
def test_every_value_has_an_act_a_mark_and_two_names(parameter):
    rows = list(parameter.versions) + [v for b in parameter.brackets for v in (*b.threshold, *b.amount)]
    assert rows
    assert all(row.references and row.verified for row in rows)
    assert " / " in parameter.description
    assert all(date(1949, 10, 1) <= row.since <= date(2040, 1, 1) for row in rows)


@pytest.mark.parametrize("name", NAMES)
def test_every_formula_has_titles_and_law(name: str):
    known = REGISTER.get(name)
    assert known.zh
    assert known.en.isascii()
    assert known.law
    assert known.function.__doc__


def test_every_formula_of_levy_pension_and_injury_has_a_worked_example():
    own = {"pension.residents_award"}  # the same lines as pension.residents, from a real balance
    assert set(NAMES) - _with_examples() - own == set()


def test_the_files_break_no_rule_of_the_layout():
    try:
        names = set(STORE.parameters)
    except ParameterError as error:
        pytest.fail(error.text("en"))
    assert {"levy.pension.cap", "pension.payout_months", "residents.basic"} <= names
