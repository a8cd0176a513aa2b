"""Rules of the employees' pension (scheme 110): one door to retirement, accounts, awards and what comes after."""

from __future__ import annotations

from pathlib import Path

from dashebao.business.insurance.pension.rules_account import (
    YearOfInterest,
    interest_of_year,
    month_product,
)
from dashebao.business.insurance.pension.rules_award import (
    AwardInputs,
    GuangdongInputs,
    guangdong_transition,
    index_rounding,
)
from dashebao.business.insurance.pension.rules_columns import (
    AdjustmentTerms,
    AwardColumns,
    AwardResult,
    GuangdongColumns,
    GuangdongResult,
    InterestColumns,
    InterestResult,
    PersonYears,
    adjustment_columns,
    adjustment_terms,
    annual_interest_columns,
    average_index_columns,
    award_columns,
    award_guangdong_columns,
    interest_columns,
    payout_tenths_columns,
    retirement_columns,
)
from dashebao.business.insurance.pension.rules_disability import TRADES
from dashebao.business.insurance.pension.rules_later import (
    OverpaymentInputs,
    PlaceCase,
    SurvivorInputs,
    counted_years,
    place_of,
    survivor_grant_months,
)
from dashebao.business.insurance.pension.rules_retirement import (
    CATEGORIES,
    Window,
    flexible_window,
    minimum_months,
    minimum_year,
    old_age_months,
    payout_of_age,
    statutory_month,
)
from dashebao.kernel.rules.api import mount

__all__ = [
    "CATEGORIES",
    "TRADES",
    "AdjustmentTerms",
    "AwardColumns",
    "AwardInputs",
    "AwardResult",
    "GuangdongColumns",
    "GuangdongInputs",
    "GuangdongResult",
    "InterestColumns",
    "InterestResult",
    "OverpaymentInputs",
    "PersonYears",
    "PlaceCase",
    "SurvivorInputs",
    "Window",
    "YearOfInterest",
    "adjustment_columns",
    "adjustment_terms",
    "annual_interest_columns",
    "average_index_columns",
    "award_columns",
    "award_guangdong_columns",
    "counted_years",
    "flexible_window",
    "guangdong_transition",
    "index_rounding",
    "interest_columns",
    "interest_of_year",
    "minimum_months",
    "minimum_year",
    "month_product",
    "old_age_months",
    "payout_of_age",
    "payout_tenths_columns",
    "place_of",
    "retirement_columns",
    "statutory_month",
    "survivor_grant_months",
]

mount("pension", Path(__file__).parent / "parameters")
