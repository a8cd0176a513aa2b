"""Months as numbers: counted over the years, written and read."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashebao.kernel.legal_time.api import (
    Month,
    TimeError,
    first_day_of,
    last_day_of,
    month_number,
    month_of,
    month_plus,
    month_text,
    months_apart,
    months_through,
)

MONTHS = st.builds(lambda year, month: year * 100 + month, st.integers(1900, 2100), st.integers(1, 12))


def test_months_run_over_the_years():
    assert [month_plus(202611, n) for n in (-11, 0, 1, 2)] == [202512, 202611, 202612, 202701]
    assert months_through(202611, 202701) == [202611, 202612, 202701]
    assert months_through(202611, 202610) == []
    assert month_of(date(2026, 11, 22)) == 202611
    assert (first_day_of(202602), last_day_of(202402)) == (date(2026, 2, 1), date(2024, 2, 29))


@given(MONTHS, st.integers(-600, 600))
def test_numbers_and_months_agree(month, count):
    later = month_plus(month, count)
    assert later == (Month.from_int(month) + count).yyyymm
    assert months_apart(month, later) == count
    assert month_number(month_text(month)) == month


@pytest.mark.parametrize("text", ["2026-13", "2026/11", "202611", "soon", ""])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(TimeError):
        month_number(text)
