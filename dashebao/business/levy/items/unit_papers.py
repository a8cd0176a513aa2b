"""Papers for units, at once and free: roster certificate (SI-3013) and payments by month (SI-3014)."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.levy.items.parts import at_once, current_month, not_registered
from dashebao.business.levy.queries.enrolments import staff_of
from dashebao.business.levy.queries.histories import bills_of
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    ApplicantKind,
    CaseFacts,
    Channel,
    Example,
    MonthField,
    Refusal,
    ServiceItem,
    register,
)
from dashebao.kernel.law.api import HANDLING_RULES, LEVY_RULES, SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import Terms, WorkingDays

ISSUED = gettext_lazy("Issued by the system")


class UnitPaper(ServiceItem, abstract=True):
    """What the papers of a unit have in common."""

    category = "levy"
    channels = Channel.COUNTER | Channel.EMPLOYER | Channel.API
    applicant = ApplicantKind.UNIT
    operator_right = "unit.certificates"
    legal_limit = WorkingDays(0, Terms(basis=HANDLING_RULES[32]))
    promised_limit = WorkingDays(0, Terms(basis=HANDLING_RULES[32]))
    steps = at_once(ISSUED)


@register
class IssueRoster(UnitPaper):
    """单位参保人员名册证明出具"""

    code = "SI-3013"
    title = gettext_lazy("Certificate of the insured staff")
    summary = gettext_lazy("Who is insured by the unit in a month, in which insurances; at once.")
    law = (SOCIAL_INSURANCE_LAW[74], HANDLING_RULES[32])
    result = gettext_lazy("Certificate of the insured staff")
    examples = (
        Example("this month", {"month": "2026-12"}, facts={"staff": ["440101199003070018"]}),
        Example("a unit that is not registered", {"month": "2026-12"}, expect="refused"),
    )

    class Form(forms.Form):
        """Which month."""

        month = MonthField(label=gettext_lazy("Month"))

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """A registered unit, a month that has begun."""
        yield from not_registered(applicant)
        if answers["month"] > current_month():
            yield Refusal(_("This month has not begun."), HANDLING_RULES[32])

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Fix what the paper says, with a digest that the check page compares."""
        staff = staff_of(case.applicant.id, case.answers["month"])
        lines = [f"{row.id_number} {row.name} {','.join(row.schemes)} {row.from_month}" for row in staff]
        return {
            "month": case.answers["month"],
            "people": len({row.person_id for row in staff}),
            "digest": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
            "rows": [
                {
                    "name": row.name,
                    "id_number": f"{row.id_number[:6]}********{row.id_number[-4:]}",
                    "schemes": list(row.schemes),
                    "from_month": row.from_month,
                }
                for row in staff[:MOST_ROWS]
            ],
        }


MOST_ROWS = 2_000


@register
class IssueUnitPayments(UnitPaper):
    """单位缴费明细证明出具"""

    code = "SI-3014"
    title = gettext_lazy("Certificate of the unit's payments")
    summary = gettext_lazy("What was billed and paid, by month and insurance; at once.")
    law = (SOCIAL_INSURANCE_LAW[74], LEVY_RULES[16], HANDLING_RULES[32])
    result = gettext_lazy("Certificate of the unit's payments")
    examples = (
        Example(
            "one month",
            {"from_month": "2026-10", "until_month": "2026-10"},
            facts={"paid": ["440101199003070018", "2026-10"]},
        ),
        Example(
            "months in the wrong order",
            {"from_month": "2026-11", "until_month": "2026-10"},
            expect="refused",
            facts={"registered": True},
        ),
    )

    class Form(forms.Form):
        """Which months."""

        from_month = MonthField(label=gettext_lazy("From month"))
        until_month = MonthField(label=gettext_lazy("Until month"))

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """A registered unit, months in order."""
        yield from not_registered(applicant)
        if answers["from_month"] > answers["until_month"]:
            yield Refusal(_("The first month is after the last one."), HANDLING_RULES[32])

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Fix what the paper says: one row for each bill and insurance."""
        first, last = case.answers["from_month"], case.answers["until_month"]
        bills = [bill for bill in bills_of(case.applicant.id, first=first, last=last) if not bill.cancelled]
        rows = [
            {
                "month": bill.month,
                "kind": bill.kind,
                "scheme": item.scheme,
                "due_fen": item.due_fen,
                "paid_fen": item.paid_fen,
                "late_fee_fen": item.late_fee_fen,
            }
            for bill in bills
            for item in bill.items
        ]
        return {
            "from_month": first,
            "until_month": last,
            "due_fen": sum(bill.due_fen for bill in bills),
            "paid_fen": sum(bill.paid_fen for bill in bills),
            "rows": rows,
        }
