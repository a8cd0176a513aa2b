"""The door of fund supervision."""

from .actions import Found, Step, acts_on, carry_on, run_rule, run_rules
from .errors import FourEyesNeeded, StaleFinding, SupervisionError
from .queries import Totals, Wanted, counts_by_rule, findings, last_runs, open_of_person, totals
from .register import AREAS, GRAVITY, Rule, register_rule, rules

__all__ = [
    "AREAS",
    "GRAVITY",
    "Found",
    "FourEyesNeeded",
    "Rule",
    "StaleFinding",
    "Step",
    "SupervisionError",
    "Totals",
    "Wanted",
    "acts_on",
    "carry_on",
    "counts_by_rule",
    "findings",
    "last_runs",
    "open_of_person",
    "register_rule",
    "rules",
    "run_rule",
    "run_rules",
    "totals",
]
