"""The month: the order in which every business does its part (the main job of the product)."""

from dashebao.business.fund import jobs as fund
from dashebao.business.insurance.pension import jobs as pension
from dashebao.business.levy import jobs as levy
from dashebao.decision.indicators.jobs import IndicatorsStep
from dashebao.decision.supervision.jobs import SupervisionStep
from dashebao.kernel.batches.api import Step, register_pipeline

MONTH = "month"
YEAR = "year"


def month_steps() -> list[Step]:
    """Assess, bill, collect, post, awards, payments, bank, results, reconcile, close, statements."""
    return [
        *(step() for step in levy.STEPS),
        pension.PensionAwards(),
        pension.PensionEntitle(),
        fund.BatchStep(),
        fund.ApproveStep(),
        fund.PayStep(),
        fund.ResultsStep(),
        fund.ReconcileStep(),
        fund.CloseStep(),
        fund.StatementsStep(),
        IndicatorsStep(),
        SupervisionStep(),
    ]


def register() -> None:
    """Make the month and the year known to the batches system."""
    register_pipeline(MONTH, month_steps())
    register_pipeline(YEAR, [pension.PensionInterest()])
