"""The register of supervision rules: each one question to the records, with its parameters and its law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Promise

GRAVITY: dict[int, Text] = {
    1: pgettext_lazy("gravity", "Notice"),
    2: pgettext_lazy("gravity", "Warning"),
    3: pgettext_lazy("gravity", "Grave"),
}
AREAS: dict[str, Text] = {
    "payment": _("Payments"),
    "award": _("Awards and accounts"),
    "levy": _("Contributions"),
    "control": _("Internal control"),
}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule: `sql` selects subject, region_code, person_id, unit_id, case_no, month, amount_fen, facts (jsonb).

    `subject` is the business key of what was found: the same subject is found once for ever. The query reads subjects
    of the data centre and gets month (yyyymm), first and last (days) and the rule's own parameters.
    """

    code: str
    title: Text
    question: Text
    area: str
    gravity: int
    law: Text
    sql: str
    parameters: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.area not in AREAS or self.gravity not in GRAVITY or not self.law:
            raise ValueError(f"rule {self.code}: area, gravity or law is wrong")


_rules: dict[str, Rule] = {}


def register_rule(rule: Rule) -> Rule:
    """Make a rule known at start-up; the same code twice with other content is an error."""
    known = _rules.setdefault(rule.code, rule)
    if known != rule:
        raise ValueError(f"rule {rule.code} is registered twice")
    return known


def rules() -> dict[str, Rule]:
    """Every registered rule by code."""
    return dict(_rules)
