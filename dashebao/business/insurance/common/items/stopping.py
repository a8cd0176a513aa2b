"""Stopping, resuming and recovering benefits, through four eyes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.insurance.common.actions import Stop, resume_benefit, suspend_benefit
from dashebao.business.insurance.common.models import Benefit, BenefitState, Instalment, Overpayment, StopReason
from dashebao.business.insurance.common.queries import RunningBenefit, live_benefit, overpayments_of
from dashebao.business.insurance.common.recovery import Plan, Reclaim, plan_instalments, reclaim
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    CaseFacts,
    Channel,
    Check,
    Example,
    Material,
    Refusal,
    ServiceItem,
    Step,
    StepKind,
    register,
)
from dashebao.kernel.law.api import HANDLING_RULES
from dashebao.kernel.legal_time.api import Terms, WorkingDays, month_number, month_of
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.records.api import SYSTEM, Actor, current_actor

ACTS = (
    ("stop", gettext_lazy("Suspend payment")),
    ("resume", gettext_lazy("Resume payment")),
    ("recover", gettext_lazy("Recover in instalments")),
)
REASONS = [(value, label) for value, label in StopReason.choices if value not in (StopReason.DEATH,)]


@register
class StopResumeRecover(ServiceItem):
    """社会保险待遇停发、恢复与追回"""

    code = "SI-406"
    title = gettext_lazy("Stop, resume or recover a benefit")
    summary = gettext_lazy("Changes to a benefit that is being paid, and repayment of what was paid without right.")
    category = "pension"
    law = (HANDLING_RULES[25], HANDLING_RULES[46])
    channels = Channel.COUNTER
    legal_limit = WorkingDays(20, Terms(basis=HANDLING_RULES[25]))
    promised_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[25]))
    materials = (Material("情况说明及证明材料", "Statement and proof", law=HANDLING_RULES[25], required=False),)
    steps = (
        Step(kind=StepKind.INTAKE, title=gettext_lazy("Acceptance"), role="pension.clerk"),
        Step(kind=StepKind.REVIEW, title=gettext_lazy("Review"), role="pension.assessor"),
        Step(kind=StepKind.DECIDE, title=gettext_lazy("Approval"), role="pension.approver"),
    )
    result = gettext_lazy("Notice of suspension, resumption or recovery")
    examples = (
        Example(
            "imprisonment",
            {"act": "stop", "reason": "prison", "month": "2026-12", "instalments": "", "note": ""},
            facts={"pension": True},
        ),
        Example(
            "nothing is being paid",
            {"act": "stop", "reason": "prison", "month": "2026-12", "instalments": "", "note": ""},
            expect="refused",
            facts={"pension": False},
        ),
    )

    class Form(forms.Form):
        """What is to be done, from which month, and why."""

        act = forms.ChoiceField(label=gettext_lazy("What is to be done"), choices=ACTS)
        reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=[("", "—"), *REASONS], required=False)
        month = forms.RegexField(
            label=gettext_lazy("First month"),
            regex=r"^20\d\d-(0[1-9]|1[0-2])$",
            widget=forms.TextInput(attrs={"type": "month"}),
        )
        instalments = forms.IntegerField(
            label=gettext_lazy("Number of instalments"), min_value=1, max_value=120, required=False
        )
        note = forms.CharField(label=gettext_lazy("Facts"), max_length=200, required=False)

        def clean(self) -> dict[str, Any] | None:
            """A suspension needs a reason, a recovery the number of instalments."""
            cleaned = super().clean() or {}
            if cleaned.get("act") == "stop" and not cleaned.get("reason"):
                self.add_error("reason", _("State why payment stops."))
            if cleaned.get("act") == "recover" and not cleaned.get("instalments"):
                self.add_error("instalments", _("State in how many instalments the money comes back."))
            return cleaned

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """What is asked must fit the state of the benefit."""
        benefit, act = live_benefit(applicant.id), str(answers["act"])
        if act == "recover":
            if not _open_debts(applicant.id):
                yield Refusal(gettext_lazy("Nothing was paid without right."), HANDLING_RULES[46])
            return
        if benefit is None:
            yield Refusal(gettext_lazy("No benefit is being paid to this person."), HANDLING_RULES[25])
        elif act == "resume" and benefit.state != BenefitState.SUSPENDED:
            yield Refusal(gettext_lazy("Payment of this benefit is not suspended."), HANDLING_RULES[26])
        elif act == "stop" and benefit.state == BenefitState.SUSPENDED:
            yield Refusal(gettext_lazy("Payment of this benefit is already suspended."), HANDLING_RULES[25])

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """The benefit and what is owed."""
        benefit, debts = live_benefit(applicant.id), _open_debts(applicant.id)
        owed = sum(row.amount_fen - row.recovered_fen for row in debts)
        return [
            Check(_("Running benefit"), _line(benefit) if benefit else _("None"), benefit is not None),
            Check(_("Still owed"), _("%(yuan)s yuan") % {"yuan": format_yuan(owed)}, not owed),
        ]

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Carry out the suspension, the resumption or the plan of recovery."""
        by = current_actor() or SYSTEM
        act, month = str(case.answers["act"]), month_number(str(case.answers["month"]))
        if act == "recover":
            return {"instalments": _plan(case, month, by)}
        benefit = live_benefit(case.applicant.id)
        if benefit is None:
            raise Benefit.DoesNotExist(case.applicant.id)
        if act == "resume":
            resume_benefit(benefit.id, month, by=by, case_no=case.case_no)
            return {"benefit": benefit.id}
        reason = StopReason(str(case.answers["reason"]))
        stop = Stop(reason, month, case.case_no, str(case.answers.get("note") or ""))
        suspension = suspend_benefit(benefit.id, stop, by=by)
        paid = reclaim(Reclaim(benefit.id, month, month_of(case.decided_on), reason), by=by) if stop.lost else None
        return {"suspension": suspension, "overpayment": paid}


def _open_debts(person_id: int) -> list[Overpayment]:
    return [row for row in overpayments_of(person_id) if row.state == Overpayment.State.OPEN]


def _line(benefit: RunningBenefit) -> str:
    return f"{benefit.scheme} · {benefit.state.label} · {format_yuan(benefit.monthly_fen)}"


def _plan(case: CaseFacts, first: int, by: Actor) -> int:
    """Withhold from a benefit that is being paid, else have it paid back."""
    running = live_benefit(case.applicant.id)
    way = Instalment.Way.WITHHELD if running else Instalment.Way.REPAID
    count, made = int(case.answers["instalments"]), 0
    for debt in _open_debts(case.applicant.id):
        made += plan_instalments(Plan(debt.pk, way, max(first, month_of(case.decided_on)), count), by=by)
    return made
