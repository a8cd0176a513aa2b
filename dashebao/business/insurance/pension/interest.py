"""The year's interest as a column function under the law of a pool: by month products or by the annual method."""

from collections.abc import Callable
from datetime import date

import numpy as np
import numpy.typing as npt

from dashebao.business.insurance.pension.rules import InterestColumns, interest_columns
from dashebao.business.insurance.pension.sheet import ACCOUNT_RATE
from dashebao.kernel.rules.api import parameters

Column = npt.NDArray[np.int64]


def interest_of(scheme: str, pool: str, year: int) -> Callable[[Column, Column], Column]:
    """Column function (opening fen, month product fen) -> interest fen for accounts of a pool in a year.

    Raises the rules' NoParameter while the year's rate has not been published.
    """
    name = "residents.interest_rate" if scheme == "170" else ACCOUNT_RATE
    rate = parameters(pool, date(year, 12, 31)).for_year(year)[name].fraction()

    def interest(opening: Column, product: Column) -> Column:
        nothing = np.zeros(len(opening), np.int64)
        result = interest_columns(InterestColumns(opening, product, nothing), rate)
        return np.asarray(result.on_opening_fen + result.on_credits_fen, np.int64)

    return interest
