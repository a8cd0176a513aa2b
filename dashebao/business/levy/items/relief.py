"""Instalments (SI-2024), late fees not owed (SI-2025) and objections to a bill (SI-2026), decided by two officers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.levy.actions.objecting import Objection, grant_objection
from dashebao.business.levy.actions.relieving import (
    Agreement,
    Waiving,
    agree_instalments,
    open_late_fees,
    waive_late_fees,
)
from dashebao.business.levy.items.declarations import WageRow, checked, row_refusals
from dashebao.business.levy.items.parts import (
    by_two_officers,
    current_month,
    not_registered,
    one_sheet,
)
from dashebao.business.levy.models import Bill, LineKind, WaiverGround
from dashebao.business.levy.queries.arrears import owed_items
from dashebao.business.levy.rates import instalments_most
from dashebao.kernel.cases.api import today
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    ApplicantKind,
    CaseFacts,
    Channel,
    Check,
    DayInput,
    Example,
    Material,
    MonthField,
    Refusal,
    ServiceItem,
    register,
)
from dashebao.kernel.law.api import CIVIL_CODE, COMPULSION_LAW, HANDLING_RULES, LEVY_RULES, SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import Terms, WorkingDays, month_text
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.rules.api import explain


@register
class AgreeInstalments(ServiceItem):
    """社会保险费分期缴纳协议"""

    code = "SI-2024"
    title = gettext_lazy("Instalment agreement")
    summary = gettext_lazy("A unit whose accounts do not cover what it owes pays in instalments, against security.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[63], COMPULSION_LAW[42])
    channels = Channel.COUNTER | Channel.EMPLOYER
    applicant = ApplicantKind.UNIT
    operator_right = "unit.payment"
    legal_limit = WorkingDays(20, Terms(basis=SOCIAL_INSURANCE_LAW[63]))
    promised_limit = WorkingDays(10, Terms(basis=SOCIAL_INSURANCE_LAW[63]))
    materials = (Material("担保材料", "Papers of the security", law=SOCIAL_INSURANCE_LAW[63]),)
    steps = by_two_officers()
    result = gettext_lazy("Instalment agreement")
    examples = (
        Example(
            "what is owed in six parts",
            {"count": "6", "first_on": "2026-12-25", "security": "厂房抵押（示例）"},
            facts={"owes": ["440101199003070018", "2026-10"]},
        ),
        Example(
            "nothing is owed",
            {"count": "6", "first_on": "2026-12-25", "security": "厂房抵押（示例）"},
            expect="refused",
            facts={"registered": True},
        ),
    )

    class Form(forms.Form):
        """In how many parts, from which day, against what security."""

        count = forms.IntegerField(label=gettext_lazy("Number of instalments"), min_value=2, max_value=60)
        first_on = forms.DateField(label=gettext_lazy("First instalment on"), widget=DayInput())
        security = forms.CharField(label=gettext_lazy("Security given"), max_length=200)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Something must be owed; neither too many parts nor a first day gone by."""
        yield from not_registered(applicant)
        if not owed_items(applicant.id):
            sentence = _("The unit owes nothing that could be paid by instalments.")
            yield Refusal(sentence, SOCIAL_INSURANCE_LAW[63])
        most = instalments_most(applicant.region_code, today())
        if answers["count"] > most:
            sentence = _("At most %(most)d instalments are allowed.") % {"most": most}
            yield Refusal(sentence, SOCIAL_INSURANCE_LAW[63])
        if answers["first_on"] < today():
            yield Refusal(_("The first instalment lies in the past."), SOCIAL_INSURANCE_LAW[63])

    def calculation(self, applicant: Applicant, answers: Answers) -> Mapping[str, Any] | None:
        """Equal parts; the last one takes the rest."""
        owed = sum(item.rest_fen for item in owed_items(applicant.id))
        if not owed:
            return None
        inputs = {"owed": format_yuan(owed), "count": answers["count"]}
        return explain("levy.instalments", inputs, on=today(), region=applicant.region_code).as_json()

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Keep the agreement; while it is kept no late fee runs."""
        answers = case.answers
        deferral = agree_instalments(
            Agreement(
                case.applicant.id, answers["count"], answers["first_on"], answers["security"], case_no=case.case_no
            )
        )
        return {"deferral": deferral.pk, "instalments": deferral.instalments}


@register
class WaiveLateFee(ServiceItem):
    """社会保险费滞纳金减免"""

    code = "SI-2025"
    title = gettext_lazy("Waiver of a late fee")
    summary = gettext_lazy(
        "Only where the delay was not the payer's: force majeure, an error of the office, a failure."
    )
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[86], SOCIAL_INSURANCE_LAW[60], CIVIL_CODE[180])
    channels = Channel.COUNTER | Channel.EMPLOYER
    applicant = ApplicantKind.UNIT
    operator_right = "unit.payment"
    legal_limit = WorkingDays(20, Terms(basis=SOCIAL_INSURANCE_LAW[86]))
    promised_limit = WorkingDays(10, Terms(basis=SOCIAL_INSURANCE_LAW[86]))
    materials = (Material("不可抗力或经办差错证明", "Proof of force majeure or of the error", law=CIVIL_CODE[180]),)
    steps = by_two_officers()
    result = gettext_lazy("Decision on the late fee")
    examples = (
        Example(
            "the bank's system had failed",
            {"month": "2026-10", "ground": "bank_failure", "evidence": "银行系统故障公告（示例）"},
            facts={"late": ["440101199003070018", "2026-10"]},
        ),
        Example(
            "a month without a late fee",
            {"month": "2026-10", "ground": "bank_failure", "evidence": "银行系统故障公告（示例）"},
            expect="refused",
            facts={"registered": True},
        ),
    )

    class Form(forms.Form):
        """Which month, on what ground, on what evidence."""

        month = MonthField(label=gettext_lazy("Month of the bill"))
        ground = forms.ChoiceField(label=gettext_lazy("Ground"), choices=WaiverGround.choices)
        evidence = forms.CharField(label=gettext_lazy("Evidence"), max_length=200)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """A month of this unit with a late fee that is still open."""
        yield from not_registered(applicant)
        if not open_late_fees(applicant.id, answers["month"]):
            sentence = _("No late fee of %(month)s is open.") % {"month": month_text(answers["month"])}
            yield Refusal(sentence, SOCIAL_INSURANCE_LAW[86])

    def calculation(self, applicant: Applicant, answers: Answers) -> Mapping[str, Any] | None:
        """How each late fee came about."""
        fees = open_late_fees(applicant.id, answers["month"])
        traces = [
            explain(
                "levy.late_fee",
                {
                    "principal": format_yuan(fee.principal_fen),
                    "due_date": fee.due_on.isoformat(),
                    "paid_date": fee.until_on.isoformat(),
                },
                on=fee.until_on,
                region=fee.region_code,
            ).as_json()
            for fee in fees
        ]
        return one_sheet(traces, {"late_fee": format_yuan(sum(fee.owed_fen for fee in fees))})

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """The open late fees of the month are no longer owed."""
        answers = case.answers
        waived = waive_late_fees(
            Waiving(case.applicant.id, answers["month"], answers["ground"], answers["evidence"], case.case_no)
        )
        return {"waived_fen": waived}


@register
class ObjectToBill(ServiceItem):
    """社会保险费核定异议处理"""

    code = "SI-2026"
    title = gettext_lazy("Objection to a bill")
    summary = gettext_lazy(
        "A month was assessed on wrong wages: it is computed again, the difference billed or returned."
    )
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[60], SOCIAL_INSURANCE_LAW[83], LEVY_RULES[10], HANDLING_RULES[31])
    channels = Channel.COUNTER | Channel.EMPLOYER
    applicant = ApplicantKind.UNIT
    operator_right = "unit.payment"
    legal_limit = WorkingDays(20, Terms(basis=SOCIAL_INSURANCE_LAW[83]))
    promised_limit = WorkingDays(10, Terms(basis=SOCIAL_INSURANCE_LAW[83]))
    materials = (Material("工资发放明细", "Payroll of the month", law=LEVY_RULES[10]),)
    steps = by_two_officers()
    result = gettext_lazy("Decision on the objection")
    Row = WageRow
    row_title = gettext_lazy("The right wages")
    min_rows = 1
    examples = (
        Example(
            "a wage was typed wrong",
            {
                "month": "2026-10",
                "reason": "申报时误将年薪填为月薪",
                "rows": [{"id_number": "440101199003070018", "wage_fen": "5800.00"}],
            },
            facts={"paid": ["440101199003070018", "2026-10"]},
        ),
        Example(
            "a month that was never billed",
            {
                "month": "2026-08",
                "reason": "申报时误将年薪填为月薪",
                "rows": [{"id_number": "440101199003070018", "wage_fen": "5800.00"}],
            },
            expect="refused",
            facts={"staff": ["440101199003070018"]},
        ),
    )

    class Form(forms.Form):
        """Which month, and what was wrong."""

        month = MonthField(label=gettext_lazy("Month of the bill"))
        reason = forms.CharField(label=gettext_lazy("What was wrong"), max_length=300)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """The month must have been billed, and the people be on the staff list."""
        missing = list(not_registered(applicant))
        yield from missing
        if not missing and billed_for(applicant.id, answers["month"]) is None:
            sentence = _("%(month)s has not been billed; declare the right wages instead.")
            yield Refusal(sentence % {"month": month_text(answers["month"])}, LEVY_RULES[10])
        if not missing:
            yield from row_refusals(checked(applicant.id, answers["month"], answers))

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """What was billed."""
        bill = billed_for(applicant.id, answers["month"])
        if bill is None:
            return ()
        due = sum(item.employer_fen + item.worker_fen for item in bill.items.all())
        return (Check(_("Bill objected to"), f"{bill.pk} · {format_yuan(due)}", True),)

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Compute the month again with the right wages; they count for the months after it as well."""
        answers, unit_id = case.answers, case.applicant.id
        bill = billed_for(unit_id, answers["month"])
        if bill is None:
            raise LookupError(answers["month"])
        rows = checked(unit_id, answers["month"], answers).rows
        made = grant_objection(Objection(bill, tuple(rows), answers["reason"], current_month(), case.case_no))
        return {"objection": made.pk, "adjustment": made.adjustment_id}


def billed_for(unit_id: int, month: int) -> Bill | None:
    """The regular bill of a unit's month."""
    return Bill.objects.filter(unit_id=unit_id, person_id=0, month=month, kind=LineKind.NORMAL).first()
