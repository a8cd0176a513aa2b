"""The indicators as a step of the month and as a run of its own."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from dashebao.kernel.batches.api import Counts, Step, register_pipeline

from .actions import compute


class IndicatorsStep(Step):
    """Compute the indicators of the month."""

    name = "indicators.compute"
    title = _("Compute the indicators")

    def execute(self, period: int, args: dict[str, Any]) -> Counts:
        """Replace the values of the month."""
        return Counts(rows=compute(period))


register_pipeline("indicators", [IndicatorsStep()])
