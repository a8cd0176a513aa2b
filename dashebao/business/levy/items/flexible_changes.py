"""Flexible workers: another base (SI-1044), money paid in error (SI-2027)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.levy.actions.declaring import choose_base
from dashebao.business.levy.actions.refunding import RefundOrder, decide_refund
from dashebao.business.levy.items.flexible import IDENTITY_CARD
from dashebao.business.levy.items.parts import (
    YuanField,
    at_once,
    by_two_officers,
    current_month,
    one_sheet,
    wrong_month,
)
from dashebao.business.levy.queries.enrolments import relations_of
from dashebao.business.levy.queries.histories import LineView, contributions_of
from dashebao.business.levy.schemes import FLEXIBLE_SCHEMES, PENSION
from dashebao.business.levy.words import scheme_name
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
from dashebao.kernel.law.api import GUANGDONG_FLEXIBLE, HANDLING_RULES, SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import Terms, WorkingDays, first_day_of, month_text
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.rules.api import exact, explain, parameters, ratio_text


def holds_flexible(person_id: int) -> tuple[str, ...]:
    """The insurances a person pays alone now."""
    now = current_month()
    return tuple(
        code
        for row in relations_of(person_id)
        if row.unit_id == 0 and (row.until_month is None or row.until_month >= now)
        for code in row.schemes
        if code in FLEXIBLE_SCHEMES
    )


@register
class ChangeFlexibleBase(ServiceItem):
    """灵活就业人员缴费基数变更"""

    code = "SI-1044"
    title = gettext_lazy("Change the base you pay on")
    summary = gettext_lazy("Flexible workers choose another base between the limits, from the next open month.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[10], GUANGDONG_FLEXIBLE["第六条"], GUANGDONG_FLEXIBLE["第七条"], HANDLING_RULES[10])
    channels = Channel.COUNTER | Channel.PORTAL | Channel.API
    applicant = ApplicantKind.PERSON
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[10]))
    promised_limit = WorkingDays(0, Terms(basis=HANDLING_RULES[10]))
    materials = (IDENTITY_CARD,)
    steps = at_once()
    result = gettext_lazy("Notice of the new base")
    examples = (
        Example("a higher base", {"month": "2026-12", "base_fen": "8000.00"}, facts={"flexible": True}),
        Example("was never enrolled", {"month": "2026-12", "base_fen": "8000.00"}, expect="refused"),
    )

    class Form(forms.Form):
        """From which month, on which base."""

        month = MonthField(label=gettext_lazy("From month"))
        base_fen = YuanField(label=gettext_lazy("Chosen monthly base (yuan)"))
        medical_base_fen = YuanField(label=gettext_lazy("Another base for medical insurance (yuan)"), required=False)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Only who pays alone chooses a base."""
        yield from wrong_month(answers["month"])
        if not holds_flexible(applicant.id):
            yield Refusal(_("You are not enrolled as a flexible worker."), HANDLING_RULES[10])

    def calculation(self, applicant: Applicant, answers: Answers) -> Mapping[str, Any] | None:
        """What the pension will cost each month on the new base."""
        if PENSION not in holds_flexible(applicant.id):
            return None
        day = first_day_of(answers["month"])
        law = parameters(applicant.region_code, day)
        pool, account = law.rate("levy.flexible.rate_pool"), law.rate("levy.flexible.rate_account")
        inputs = {
            "declared_base": format_yuan(answers["base_fen"]),
            "rate_total": ratio_text(exact(pool + account)),
            "rate_pool": ratio_text(exact(pool)),
            "rate_account": ratio_text(exact(account)),
            "floor": format_yuan(law.fen("levy.pension.floor")),
            "cap": format_yuan(law.fen("levy.pension.cap")),
        }
        return explain("levy.flexible_contribution", inputs, on=day, region=applicant.region_code).as_json()

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """The new base counts from the month on; limits are applied at assessment."""
        answers = case.answers
        choose_base(
            case.applicant.id,
            case.applicant.region_code,
            answers["month"],
            answers["base_fen"],
            answers["medical_base_fen"],
        )
        return {"month": answers["month"], "base_fen": answers["base_fen"]}


@register
class GiveBackToPerson(ServiceItem):
    """灵活就业人员社会保险费退费"""

    code = "SI-2027"
    title = gettext_lazy("Refund to a flexible worker")
    summary = gettext_lazy("A month you paid alone in error, for example while an employer paid too.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[63], SOCIAL_INSURANCE_LAW[58], HANDLING_RULES[10])
    channels = Channel.COUNTER | Channel.PORTAL
    applicant = ApplicantKind.PERSON
    legal_limit = WorkingDays(20, Terms(basis=SOCIAL_INSURANCE_LAW[63]))
    promised_limit = WorkingDays(10, Terms(basis=SOCIAL_INSURANCE_LAW[63]))
    materials = (IDENTITY_CARD,)
    steps = by_two_officers()
    result = gettext_lazy("Refund decision")
    examples = (
        Example(
            "a month paid in error",
            {"month": "2026-10", "schemes": ["110"], "reason": "单位已为本人缴费"},
            facts={"flexible": True, "paid_alone": "2026-10"},
        ),
        Example(
            "a month that was never paid",
            {"month": "2026-10", "schemes": ["110"], "reason": "单位已为本人缴费"},
            expect="refused",
            facts={"flexible": True},
        ),
    )

    class Form(forms.Form):
        """Which month, which insurances, why."""

        month = MonthField(label=gettext_lazy("Month"))
        schemes = forms.MultipleChoiceField(
            label=gettext_lazy("Insurances"),
            choices=(
                ("110", gettext_lazy("Employees' pension")),
                ("310", gettext_lazy("Employees' medical insurance")),
            ),
            widget=forms.CheckboxSelectMultiple,
        )
        reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Only what the person paid alone for this month can be returned."""
        for scheme in answers["schemes"]:
            if sum(paid_alone(applicant.id, answers["month"], scheme)) <= 0:
                sentence = _("Nothing was paid for %(scheme)s in %(month)s.")
                values = {"scheme": scheme_name(scheme), "month": month_text(answers["month"])}
                yield Refusal(sentence % values, SOCIAL_INSURANCE_LAW[63])

    def calculation(self, applicant: Applicant, answers: Answers) -> Mapping[str, Any] | None:
        """What is returned for each insurance."""
        return returned_sheet(
            [(code, *paid_alone(applicant.id, answers["month"], code)) for code in answers["schemes"]],
            applicant.region_code,
            answers["month"],
        )

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """One refund for each insurance, sent to the tax office."""
        answers, person = case.answers, case.applicant
        made = []
        for scheme in answers["schemes"]:
            pool, account = paid_alone(person.id, answers["month"], scheme)
            order = RefundOrder(
                unit_id=0,
                person_id=person.id,
                region_code=person.region_code,
                scheme=scheme,
                month=answers["month"],
                employer_fen=pool,
                worker_fen=account,
                reason=answers["reason"],
                case_no=case.case_no,
            )
            made.append(decide_refund(order).pk)
        return {"refunds": made}


def paid_alone(person_id: int, month: int, scheme: str) -> tuple[int, int]:
    """What a person paid alone for a month and insurance, in fen: the pool's part and the account's."""
    lines: list[LineView] = [line for line in contributions_of(person_id, month, month) if line.unit_id == 0]
    paid = [line for line in lines if line.paid_month[scheme]]
    return sum(line.employer_fen[scheme] for line in paid), sum(line.worker_fen[scheme] for line in paid)


def returned_sheet(parts: Iterable[tuple[str, int, int]], region_code: str, month: int) -> dict[str, Any] | None:
    """The explanation of a refund: one line for each insurance, by payer's part."""
    day = first_day_of(month)
    traces, whole = [], 0
    for _scheme, employer, worker in parts:
        if employer + worker > 0:
            inputs = {"employer": format_yuan(employer), "individual": format_yuan(worker)}
            traces.append(explain("levy.returned", inputs, on=day, region=region_code).as_json())
            whole += employer + worker
    return one_sheet(traces, {"returned": format_yuan(whole)})
