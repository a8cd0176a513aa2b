"""Arithmetic of draws and instalments."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashebao.business.insurance.common.rules import drawn_parts, spread, withheld


@given(st.lists(st.tuples(*[st.integers(0, 10**9)] * 5), min_size=1, max_size=20))
def test_a_draw_never_exceeds_the_account_and_takes_all_it_can(rows):
    wanted, *balances = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    parts = drawn_parts(wanted, balances)
    total = sum(parts)
    assert (total == np.minimum(wanted, sum(balances))).all()
    assert all((part <= balance).all() and (part >= 0).all() for part, balance in zip(parts, balances, strict=True))


@given(st.integers(1, 10**10), st.integers(1, 120))
def test_instalments_add_up_exactly(amount, count):
    if amount < count:
        with pytest.raises(ValueError, match="cannot be spread"):
            spread(amount, count)
    else:
        parts = spread(amount, count)
        assert sum(parts) == amount
        assert max(parts) - min(parts) <= 1


def test_no_more_is_withheld_than_is_paid():
    assert (withheld(100, 40), withheld(100, 400), withheld(0, 5)) == (40, 100, 0)
