"""Whatever is posted, the statements tie to the ledger."""

from __future__ import annotations

from datetime import date
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashebao.business.fund import api, rules
from dashebao.business.fund.rules_statements import Balance, balance_sheet, income_statement, tie_together
from dashebao.kernel.ledger import api as ledger

from .conftest import FUND, POOL

NUMBERS = count(1)  # keys of the ledger are used once, also over the examples of one test
TEMPLATES = [t for t in rules.templates() if t not in ("collective_aid", "opening")]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(TEMPLATES), st.sampled_from([202611, 202612]), st.integers(1, 10**9)),
        min_size=1,
        max_size=20,
    ),
)
def test_statements_tie_after_random_postings(book, postings):
    for template, month, fen in postings:
        entry = api.Entry(template, month, FUND, POOL, f"key-{next(NUMBERS)}", fen, "x")
        try:
            api.post_entry(entry)
        except ledger.Overdraft:
            continue
    for month in (202611, 202612, 202701):
        sheet, income = api.both_statements(book, month)
        rows = ledger.trial_balance(book, month)
        assets = sum(r.closing_fen for r in rows if r.code.startswith("1"))
        assert sheet.row("assets_total").second_fen == assets
        assert income.row("closing").second_fen == assets - sheet.row("liabilities_total").second_fen


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["1003", "2001", "3001", "4001", "5001"]), *[st.integers(-(10**9), 10**9)] * 3))
)
def test_a_balanced_trial_balance_always_ties(rows):
    summed: dict[str, list[int]] = {}
    for code, *figures in rows:
        at = summed.setdefault(code, [0, 0, 0])
        summed[code] = [a + b for a, b in zip(at, figures, strict=True)]
    rest = [-sum(column) for column in zip(*summed.values(), strict=True)] or [0, 0, 0]
    summed["1005"] = rest
    balances = {code: Balance(code, *figures) for code, figures in summed.items()}
    sheet = balance_sheet("110", POOL, 202612, balances)
    income = income_statement("110", POOL, 202612, balances, {})
    tie_together(sheet, income)
    assert sheet.row("assets_total") is not None


def test_a_ledger_that_does_not_balance_has_no_statement():
    balances = {"1003": Balance("1003", 0, 0, 5), "3001": Balance("3001", 0, 0, -4)}
    with pytest.raises(api.DoesNotTie, match="assets 5"):
        balance_sheet("110", POOL, 202611, balances)


def test_year_end_lines_close_every_result_account_to_zero():
    balances = {("4001", "a"): -70, ("5001", ""): 30, ("1003", ""): 40}
    lines = rules.year_end_lines(balances, date(2026, 12, 28))
    assert lines == {("4001", "a"): 70, ("5001", ""): -30, ("3001", ""): -40}
    assert sum(lines.values()) == 0
