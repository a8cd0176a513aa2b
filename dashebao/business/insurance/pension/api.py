"""The door of the employees' pension."""

from dashebao.business.insurance.pension.actions import (
    CategoryDecision,
    Claim,
    PensionError,
    ServiceMonths,
    award_pension,
    decide_category,
    recognise_service,
)
from dashebao.business.insurance.pension.adjustments import IncreaseOrder, increase_pensions, open_round
from dashebao.business.insurance.pension.loading import PensionerColumns, load_pensioners
from dashebao.business.insurance.pension.queries import award, career_of, current_award, explained, preview

__all__ = [
    "CategoryDecision",
    "Claim",
    "IncreaseOrder",
    "PensionError",
    "PensionerColumns",
    "ServiceMonths",
    "award",
    "award_pension",
    "career_of",
    "current_award",
    "decide_category",
    "explained",
    "increase_pensions",
    "load_pensioners",
    "open_round",
    "preview",
    "recognise_service",
]
