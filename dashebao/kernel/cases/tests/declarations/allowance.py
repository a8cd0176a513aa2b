"""JZ-01 minimum living allowance: household, data check, visit by two, public notice, county decision."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashebao.kernel.catalogue.api import (
    ROWS,
    Answers,
    Applicant,
    ApplicantKind,
    CaseFacts,
    Channel,
    Check,
    Example,
    Extension,
    Material,
    OfficeLevel,
    Refusal,
    ServiceItem,
    Step,
    StepKind,
)
from dashebao.kernel.law.api import DIBAO_RULES
from dashebao.kernel.legal_time.api import Days, WorkingDays

EFFECTS: list[CaseFacts] = []
STANDARD_FEN = 85_000  # the test's own profile; a real system reads a dated parameter


class VisitRecord(forms.Form):
    """What two officers saw at the home (审核确认办法 §16)."""

    visited_on = forms.DateField(label=_("Day of the visit"))
    living = forms.CharField(label=_("How the family lives"), widget=forms.Textarea)
    agrees = forms.BooleanField(label=_("It agrees with the declaration"), required=False)


class MemberRow(forms.Form):
    """One member of the household with a month's income."""

    name = forms.CharField(label=_("Name"))
    relation = forms.ChoiceField(
        label=_("Relation"), choices=[("self", _("Applicant")), ("spouse", _("Spouse")), ("child", _("Child"))]
    )
    income_fen = forms.IntegerField(label=_("Monthly income (fen)"), min_value=0)


class ConfirmAllowance(ServiceItem):
    """最低生活保障审核确认"""

    code = "JZ-01"
    title = _("Minimum living allowance")
    category = "relief"
    law = (DIBAO_RULES[10], DIBAO_RULES[20], DIBAO_RULES[22])
    channels = Channel.COUNTER | Channel.PORTAL
    applicant = ApplicantKind.HOUSEHOLD
    legal_limit = WorkingDays(30)
    promised_limit = WorkingDays(25)
    extension = Extension(WorkingDays(15), "civil.approver", DIBAO_RULES[22])
    materials = (
        Material("居民身份证", "Resident identity card", fetched_from=_("the public security register")),
        Material("最低生活保障申请书", "Application", law=DIBAO_RULES[10]),
        Material(
            "家庭经济状况核对授权书", "Authorisation to check the family's means", law=DIBAO_RULES[10], original=True
        ),
    )
    steps = (
        Step(kind=StepKind.INTAKE, title=_("Accept"), role="civil.clerk"),
        Step(
            kind=StepKind.MATCH,
            title=_("Check the family's means"),
            role="civil.clerk",
            limit=WorkingDays(3),
            law=DIBAO_RULES[15],
        ),
        Step(
            kind=StepKind.VISIT,
            title=_("Home visit"),
            role="civil.clerk",
            officers=2,
            form=VisitRecord,
            limit=WorkingDays(10),
        ),
        Step(kind=StepKind.REVIEW, title=_("First opinion"), role="civil.reviewer"),
        Step(
            kind=StepKind.NOTICE,
            title=_("Public notice"),
            role="civil.clerk",
            limit=Days(7),
            law=DIBAO_RULES[19],
        ),
        Step(
            kind=StepKind.DECIDE,
            title=_("County decision"),
            role="civil.approver",
            level=OfficeLevel.COUNTY,
            limit=WorkingDays(10),
            law=DIBAO_RULES[20],
        ),
        Step(kind=StepKind.PAY, title=_("First payment"), role="civil.clerk"),
        Step(kind=StepKind.DELIVER, title=_("Deliver the decision"), role="civil.clerk", limit=WorkingDays(3)),
    )
    result = _("Notice of minimum living allowance")
    Row = MemberRow
    row_title = _("Members of the household")
    min_rows = 1
    examples = (
        Example(
            "below the standard",
            {"address": "1 Lane", ROWS: [{"name": "甲", "relation": "self", "income_fen": 60_000}]},
        ),
        Example(
            "at the standard",
            {"address": "1 Lane", ROWS: [{"name": "甲", "relation": "self", "income_fen": STANDARD_FEN}]},
            "refused",
        ),
    )

    class Form(forms.Form):
        """Where the family lives."""

        address = forms.CharField(label=_("Address"))

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Income per head must be below the standard (审核确认办法 §4)."""
        if self._per_head(answers) >= STANDARD_FEN:
            yield Refusal(_("The family's income per head is not below the standard."), DIBAO_RULES[4])

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """The family's declared income beside the standard."""
        per_head = self._per_head(answers)
        return (Check(_("Income per head"), f"{per_head} / {STANDARD_FEN} fen", per_head < STANDARD_FEN),)

    def calculation(self, applicant: Applicant, answers: Answers) -> Mapping[str, Any]:
        """The difference paid (审核确认办法 §23)."""
        rows = answers[ROWS]
        total = STANDARD_FEN * len(rows) - sum(row["income_fen"] for row in rows)
        return {"results": {"monthly_fen": total}, "lines": []}

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Note the allowance; the benefit itself is another system's."""
        EFFECTS.append(case)
        return {"household": case.applicant.id}

    def _per_head(self, answers: Answers) -> int:
        rows = answers[ROWS]
        return int(sum(row["income_fen"] for row in rows) // len(rows))
