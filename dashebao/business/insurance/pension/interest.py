"""The year's interest as a column function under the law of a pool: by month products or by the annual method."""

from collections.abc import Callable
from datetime import date

import numpy as np
import numpy.typing as npt

from dashebao.business.insurance.pension.rules import InterestColumns, interest_columns
from dashebao.business.insurance.pension.rules_lines import annual_credits, annual_opening
from dashebao.business.insurance.pension.sheet import ACCOUNT_RATE
from dashebao.kernel.rules.api import Exact, Law, exact, parameters, run_columns

Column = npt.NDArray[np.int64]
InterestOf = Callable[[Column, Column, Column], Column]
BY_MONTH_PRODUCT = "pension.interest_by_month_product"


def interest_of(scheme: str, pool: str, year: int) -> InterestOf:
    """Column function (opening, month product, movements of the year; fen) -> interest fen for accounts of a pool.

    The method is the province's (劳办发〔1997〕116号 art. 14). Raises the rules' NoParameter while the year's rate has
    not been published.
    """
    law = parameters(pool, date(year, 12, 31))
    name = "residents.interest_rate" if scheme == "170" else ACCOUNT_RATE
    if law.flag(BY_MONTH_PRODUCT):
        return _by_month_product(law, name, year)
    return _annual(law, name, year)


def _by_month_product(law: Law, name: str, year: int) -> InterestOf:
    rate = law.for_year(year)[name].fraction()

    def interest(opening: Column, product: Column, credits: Column) -> Column:
        result = interest_columns(InterestColumns(opening, product, credits), rate)
        return np.asarray(result.on_opening_fen + result.on_credits_fen, np.int64)

    return interest


def _annual(law: Law, name: str, year: int) -> InterestOf:
    rate, factor = exact(law.for_year(year)[name].fraction()), law["pension.annual_method_factor"]

    def rule(opening: Exact, credits: Exact) -> tuple[Exact, ...]:
        return annual_opening(opening, rate) - opening + annual_credits(credits, rate, factor) - credits, Exact(0)

    def interest(opening: Column, product: Column, credits: Column) -> Column:
        gained, _nothing = run_columns(rule, {"opening": opening, "credits": credits}, 2)
        return np.asarray(gained, np.int64)

    return interest
