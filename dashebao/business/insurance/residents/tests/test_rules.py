"""The residents' pension: handbook example, award from a balance, columns."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashebao.business.insurance.residents.rules import residents_columns
from dashebao.kernel.rules.api import check_examples, evaluate, parameters, read_examples

DAY = date(2026, 11, 1)


@pytest.mark.parametrize("path", sorted((Path(__file__).parent / "cases").rglob("*.yaml")), ids=lambda p: p.stem)
def test_worked_examples_hold(path: Path):
    examples, day = read_examples(path.read_text(encoding="utf-8"))
    assert [o.as_json() for o in check_examples(examples, on=day or DAY) if not o.passed] == []


def test_an_award_takes_basic_pension_and_divisor_of_the_law():
    found = evaluate("pension.residents_award", {"account_balance": "8400.00"}, on=DAY)
    assert found == {"basic": "163.00", "account": "60.43", "total": "223.43"}


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_columns_equal_fractions(balances: list[int]):
    account, total = residents_columns(np.array(balances, np.int64), 16300, 139)
    wanted = [(2 * b + 139) // 278 for b in balances]
    assert account.tolist() == wanted
    assert total.tolist() == [16300 + w for w in wanted]


def test_the_subsidy_follows_the_tier():
    scale = parameters("", DAY).scale("residents.subsidy")
    assert [(int(edge), int(fen)) for edge, fen in scale.rows] == [(100, 3000), (500, 6000)]
    assert Fraction(2000) in parameters("", DAY).numbers("residents.tiers")
