"""The rules as a step of the month and as a run of their own."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from dashebao.kernel.batches.api import ChunkPlan, Counts, Step, register_pipeline

from .actions import run_rule
from .register import rules


class SupervisionStep(Step):
    """Look for suspicious items by every rule."""

    name = "supervision.rules"
    title = _("Look for suspicious items")

    def plan(self, period: int) -> Iterable[ChunkPlan]:
        """One chunk for each rule."""
        return [ChunkPlan(code, {"rule": code}) for code in rules()]

    def execute(self, period: int, args: dict[str, Any]) -> Counts:
        """Run one rule."""
        found = run_rule(rules()[args["rule"]], period)
        return Counts(rows=found.fresh)


register_pipeline("supervision", [SupervisionStep()])
