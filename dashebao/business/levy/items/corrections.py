"""Back-payment (SI-202) and refund (SI-2022), decided by two officers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.levy.actions.correcting import BackPay, back_pay
from dashebao.business.levy.actions.refunding import RefundOrder, decide_refund
from dashebao.business.levy.items.parts import (
    SCHEME_CHOICES,
    ResidentIdField,
    YuanField,
    by_two_officers,
    current_month,
    not_registered,
    person_of,
)
from dashebao.business.levy.models import Evidence
from dashebao.business.levy.queries.histories import LineView, contributions_of
from dashebao.business.levy.rates import back_payment_years
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    ApplicantKind,
    CaseFacts,
    Channel,
    Check,
    Example,
    Material,
    MonthField,
    Refusal,
    ServiceItem,
    register,
)
from dashebao.kernel.law.api import BACK_PAYMENT_NOTICE, LEVY_RULES, SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import Terms, WorkingDays, first_day_of, month_text, months_apart


@register
class PayBack(ServiceItem):
    """社会保险费补缴"""

    code = "SI-202"
    title = gettext_lazy("Back-payment")
    summary = gettext_lazy("Months an employer failed to pay, at the rates and limits of each month, with late fee.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[63], SOCIAL_INSURANCE_LAW[86], BACK_PAYMENT_NOTICE["第二条"])
    channels = Channel.COUNTER | Channel.EMPLOYER | Channel.API
    applicant = ApplicantKind.UNIT
    operator_right = "unit.payment"
    legal_limit = WorkingDays(20, Terms(basis=SOCIAL_INSURANCE_LAW[63]))
    promised_limit = WorkingDays(10, Terms(basis=SOCIAL_INSURANCE_LAW[63]))
    materials = (
        Material("劳动合同", "Labour contract", law=SOCIAL_INSURANCE_LAW[63], original=True, required=False),
        Material(
            "法院、仲裁、监察或审计文书",
            "Court, arbitration, inspection or audit document",
            law=BACK_PAYMENT_NOTICE["第二条"],
            original=True,
            required=False,
        ),
    )
    steps = by_two_officers()
    result = gettext_lazy("Back-payment decision")
    examples = (
        Example(
            "two forgotten months",
            {"id_number": "440101199003070018", "from_month": "2026-05", "until_month": "2026-06", "wage_fen": "6500"},
            facts={"registered": True, "person": "440101199003070018"},
        ),
        Example(
            "more than three years back without a document",
            {"id_number": "440101199003070018", "from_month": "2021-05", "until_month": "2021-06", "wage_fen": "6500"},
            expect="refused",
            facts={"registered": True, "person": "440101199003070018"},
        ),
    )

    class Form(forms.Form):
        """For whom, which months, what wage, on what evidence."""

        id_number = ResidentIdField()
        from_month = MonthField(label=gettext_lazy("From month"))
        until_month = MonthField(label=gettext_lazy("Until month"))
        wage_fen = YuanField(label=gettext_lazy("Monthly wage (yuan)"))
        evidence = forms.ChoiceField(label=gettext_lazy("Evidence"), choices=Evidence.choices, required=False)
        evidence_no = forms.CharField(label=gettext_lazy("Number of the document"), max_length=80, required=False)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Known person, past months, evidence beyond three years."""
        yield from not_registered(applicant)
        if person_of(answers["id_number"]) is None:
            yield Refusal(_("Nobody with this ID number is in the registry."), SOCIAL_INSURANCE_LAW[58])
        first, last, billed = answers["from_month"], answers["until_month"], current_month()
        if first > last or last >= billed:
            sentence = _("A back-payment is for months before %(month)s, from the first to the last.")
            yield Refusal(sentence % {"month": month_text(billed)}, SOCIAL_INSURANCE_LAW[63])
        limit = back_payment_years(applicant.region_code, first_day_of(billed)) * 12
        if months_apart(first, billed) > limit and not (answers["evidence"] and answers["evidence_no"]):
            sentence = _("Months more than three years back need a court, arbitration, inspection or audit document.")
            yield Refusal(sentence, BACK_PAYMENT_NOTICE["第二条"])

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """Months already on record may not be paid twice."""
        person = person_of(answers["id_number"])
        lines = contributions_of(person.pk, answers["from_month"], answers["until_month"]) if person else []
        known = sorted({month_text(line.for_month) for line in lines if line.base_fen["110"]})
        detail = ", ".join(known) or _("None")
        return (Check(_("Months already on record"), detail, not known, blocking=True),)

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Bill the months now."""
        answers = case.answers
        person = person_of(answers["id_number"])
        if person is None:
            raise LookupError(answers["id_number"])
        bill = back_pay(
            BackPay(
                unit_id=case.applicant.id,
                person_id=person.pk,
                from_month=answers["from_month"],
                until_month=answers["until_month"],
                wage_fen=answers["wage_fen"],
                billed_month=current_month(),
                evidence=answers["evidence"],
                evidence_no=answers["evidence_no"],
                case_no=case.case_no,
            )
        )
        return {"bill": bill.pk}


@register
class GiveBack(ServiceItem):
    """社会保险费退费"""

    code = "SI-2022"
    title = gettext_lazy("Refund of contributions")
    summary = gettext_lazy("A month that was paid twice or in error; the month no longer counts for the person.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[63], LEVY_RULES[12])
    channels = Channel.COUNTER | Channel.EMPLOYER | Channel.API
    applicant = ApplicantKind.UNIT
    operator_right = "unit.payment"
    legal_limit = WorkingDays(20, Terms(basis=SOCIAL_INSURANCE_LAW[63]))
    promised_limit = WorkingDays(10, Terms(basis=SOCIAL_INSURANCE_LAW[63]))
    materials = (Material("退费申请", "Refund request with reasons", law=SOCIAL_INSURANCE_LAW[63]),)
    steps = by_two_officers()
    result = gettext_lazy("Refund decision")
    examples = (
        Example(
            "a month paid in error",
            {"id_number": "440101199003070018", "month": "2026-10", "schemes": ["110"], "reason": "left in September"},
            facts={"registered": True, "paid": ["440101199003070018", "2026-10"]},
        ),
        Example(
            "a month that was never paid",
            {"id_number": "440101199003070018", "month": "2026-10", "schemes": ["110"], "reason": "left in September"},
            expect="refused",
            facts={"registered": True, "person": "440101199003070018"},
        ),
    )

    class Form(forms.Form):
        """Whose month, which insurances, why."""

        id_number = ResidentIdField()
        month = MonthField(label=gettext_lazy("Month"))
        schemes = forms.MultipleChoiceField(
            label=gettext_lazy("Insurances"), choices=SCHEME_CHOICES, widget=forms.CheckboxSelectMultiple
        )
        reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Only what was paid by this unit for this month can be returned."""
        yield from not_registered(applicant)
        lines = _paid(applicant.id, answers)
        for scheme in answers["schemes"]:
            if sum(_amounts(line, scheme)[0] + _amounts(line, scheme)[1] for line in lines) <= 0:
                sentence = _("Nothing was paid for scheme %(scheme)s in %(month)s.")
                values = {"scheme": scheme, "month": month_text(answers["month"])}
                yield Refusal(sentence % values, SOCIAL_INSURANCE_LAW[63])

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """One refund for each insurance, sent to the tax office."""
        answers = case.answers
        lines = _paid(case.applicant.id, answers)
        made = []
        for scheme in answers["schemes"]:
            parts = [_amounts(line, scheme) for line in lines]
            order = RefundOrder(
                unit_id=case.applicant.id,
                person_id=lines[0].person_id,
                region_code=case.applicant.region_code,
                scheme=scheme,
                month=answers["month"],
                employer_fen=sum(part[0] for part in parts),
                worker_fen=sum(part[1] for part in parts),
                reason=answers["reason"],
                case_no=case.case_no,
            )
            made.append(decide_refund(order).pk)
        return {"refunds": made}


def _paid(unit_id: int, answers: Answers) -> list[LineView]:
    person = person_of(answers["id_number"])
    if person is None:
        return []
    lines = contributions_of(person.pk, answers["month"], answers["month"])
    return [line for line in lines if line.unit_id == unit_id and any(line.paid_month.values())]


def _amounts(line: LineView, scheme: str) -> tuple[int, int]:
    if not line.paid_month[scheme]:
        return 0, 0
    return line.employer_fen[scheme], line.worker_fen[scheme]
