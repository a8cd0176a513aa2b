"""Proof of insurance and contributions, granted at once and free (社会保险经办条例 32): SI-301 and SI-3012."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from dashebao.business.levy.items.parts import at_once, current_month, not_registered
from dashebao.business.levy.queries.arrears import owed_by
from dashebao.business.levy.queries.enrolments import headcount_of, relations_of
from dashebao.business.levy.queries.histories import contributions_of, pension_history
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
from dashebao.kernel.law.api import HANDLING_RULES, SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import Terms, WorkingDays, month_text

KINDS = (
    ("certificate", gettext_lazy("Certificate of insurance")),
    ("record", gettext_lazy("Contribution record")),
    ("statement", gettext_lazy("Statement of the pension account")),
)


@register
class IssueContributionProof(ServiceItem):
    """个人参保缴费证明和权益记录单出具"""

    code = "SI-301"
    title = gettext_lazy("Contribution record and certificate")
    summary = gettext_lazy("Certificate of insurance, contribution record by month, or account statement; at once.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[74], HANDLING_RULES[32])
    channels = Channel.COUNTER | Channel.PORTAL | Channel.KIOSK | Channel.API
    applicant = ApplicantKind.PERSON
    legal_limit = WorkingDays(0, Terms(basis=HANDLING_RULES[32]))
    promised_limit = WorkingDays(0, Terms(basis=HANDLING_RULES[32]))
    steps = at_once(gettext_lazy("Issued by the system"))
    result = gettext_lazy("Contribution record")
    examples = (
        Example("a record of one year", {"kind": "record", "from_month": "2026-01", "until_month": "2026-11"}),
        Example(
            "months in the wrong order",
            {"kind": "record", "from_month": "2026-11", "until_month": "2026-01"},
            expect="refused",
        ),
    )

    class Form(forms.Form):
        """Which paper, which months."""

        kind = forms.ChoiceField(label=pgettext_lazy("certificate", "Paper"), choices=KINDS)
        from_month = MonthField(label=gettext_lazy("From month"), required=False)
        until_month = MonthField(label=gettext_lazy("Until month"), required=False)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Months in order."""
        first, last = answers["from_month"], answers["until_month"]
        if first and last and first > last:
            yield Refusal(_("The first month is after the last one."), HANDLING_RULES[32])

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Fix what the paper says, so that it can be printed and verified again."""
        person = case.applicant.id
        first, last = case.answers["from_month"] or 0, case.answers["until_month"] or current_month()
        lines = contributions_of(person, first, last)
        history = pension_history([person])
        return {
            "kind": case.answers["kind"],
            "from_month": first,
            "until_month": last,
            "months": len({line.for_month for line in lines if line.paid_month["110"]}),
            "paid_months_in_all": int(history.months.sum()),
            "relations": [
                {"schemes": list(row.schemes), "from": month_text(row.from_month), "active": row.until_month is None}
                for row in relations_of(person)
            ],
        }


@register
class IssueUnitProof(ServiceItem):
    """单位参保缴费证明出具"""

    code = "SI-3012"
    title = gettext_lazy("Certificate for a unit")
    summary = gettext_lazy("That the unit is insured, for how many people, and what it owes; at once.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[74], HANDLING_RULES[32])
    channels = Channel.COUNTER | Channel.EMPLOYER | Channel.API
    applicant = ApplicantKind.UNIT
    operator_right = "unit.certificates"
    legal_limit = WorkingDays(0, Terms(basis=HANDLING_RULES[32]))
    promised_limit = WorkingDays(0, Terms(basis=HANDLING_RULES[32]))
    steps = at_once(gettext_lazy("Issued by the system"))
    result = gettext_lazy("Certificate of insurance")
    examples = (
        Example("a registered unit", {}, facts={"registered": True}),
        Example("a unit that is not registered", {}, expect="refused"),
    )

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """The unit must be registered."""
        yield from not_registered(applicant)

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Fix what the paper says."""
        month = current_month()
        return {
            "month": month,
            "people": headcount_of(case.applicant.id, month),
            "owed_fen": owed_by(case.applicant.id, on=case.decided_on),
        }
