"""Deferral (SI-2023) and its early end (SI-2028), decided by two officers."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.levy.actions.relieving import Deferring, defer, end_deferral, running_deferral
from dashebao.business.levy.items.parts import SCHEME_CHOICES, by_two_officers, not_registered
from dashebao.kernel.cases.api import today
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    ApplicantKind,
    CaseFacts,
    Channel,
    DayInput,
    Example,
    Material,
    MonthField,
    Refusal,
    ServiceItem,
    register,
)
from dashebao.kernel.law.api import SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import Terms, WorkingDays, first_day_of


@register
class DeferPayment(ServiceItem):
    """社会保险费缓缴"""

    code = "SI-2023"
    title = gettext_lazy("Deferral of contributions")
    summary = gettext_lazy("Only for force majeure and other statutory cases; no late fee while it runs.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[60], SOCIAL_INSURANCE_LAW[63])
    channels = Channel.COUNTER | Channel.EMPLOYER | Channel.API
    applicant = ApplicantKind.UNIT
    operator_right = "unit.payment"
    legal_limit = WorkingDays(20, Terms(basis=SOCIAL_INSURANCE_LAW[63]))
    promised_limit = WorkingDays(10, Terms(basis=SOCIAL_INSURANCE_LAW[63]))
    materials = (
        Material("延期缴费协议和担保", "Deferred-payment agreement and security", law=SOCIAL_INSURANCE_LAW[63]),
    )
    steps = by_two_officers()
    result = gettext_lazy("Deferral decision")
    examples = (
        Example(
            "three months after a flood",
            {
                "schemes": ["110", "410"],
                "from_month": "2026-11",
                "until_month": "2026-12",
                "valid_until_on": "2026-12-31",
                "legal_basis": "社会保险法第六十条：不可抗力",
            },
            facts={"registered": True},
        ),
    )

    class Form(forms.Form):
        """What is deferred, until when, on what ground."""

        schemes = forms.MultipleChoiceField(
            label=gettext_lazy("Insurances"), choices=SCHEME_CHOICES, widget=forms.CheckboxSelectMultiple
        )
        from_month = MonthField(label=gettext_lazy("From month"))
        until_month = MonthField(label=gettext_lazy("Until month"))
        valid_until_on = forms.DateField(label=gettext_lazy("Payable by"), widget=DayInput())
        legal_basis = forms.CharField(label=gettext_lazy("Legal basis"), max_length=200)
        security = forms.CharField(label=gettext_lazy("Security given"), max_length=200, required=False)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Months in order, and an end after them."""
        yield from not_registered(applicant)
        until: date = answers["valid_until_on"]
        if answers["from_month"] > answers["until_month"] or until < first_day_of(answers["until_month"]):
            sentence = _("The months must be in order, and the deferral must end after them.")
            yield Refusal(sentence, SOCIAL_INSURANCE_LAW[60])

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Grant the deferral."""
        answers = case.answers
        deferral = defer(
            Deferring(
                unit_id=case.applicant.id,
                schemes=tuple(answers["schemes"]),
                from_month=answers["from_month"],
                until_month=answers["until_month"],
                valid_until_on=answers["valid_until_on"],
                legal_basis=answers["legal_basis"],
                security=answers["security"],
                case_no=case.case_no,
            )
        )
        return {"deferral": deferral.pk}


class EndGround(models.TextChoices):
    """Why a deferral ends before its day."""

    MISSED = "missed", gettext_lazy("An instalment was missed")
    SECURITY = "security", gettext_lazy("The security was lost")
    RECOVERED = "recovered", gettext_lazy("The ground of the deferral has gone")
    ASKED = "asked", gettext_lazy("The unit asks for it")


@register
class EndDeferral(ServiceItem):
    """社会保险费缓缴（分期缴纳）提前终止"""

    code = "SI-2028"
    title = gettext_lazy("Early end of a deferral")
    summary = gettext_lazy(
        "Ends a deferral or an instalment agreement; from then on late fee counts from the due days."
    )
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[63], SOCIAL_INSURANCE_LAW[86])
    channels = Channel.COUNTER | Channel.EMPLOYER
    applicant = ApplicantKind.UNIT
    operator_right = "unit.payment"
    legal_limit = WorkingDays(20, Terms(basis=SOCIAL_INSURANCE_LAW[63]))
    promised_limit = WorkingDays(10, Terms(basis=SOCIAL_INSURANCE_LAW[63]))
    materials = ()
    steps = by_two_officers()
    result = gettext_lazy("Decision on the early end")
    examples = (
        Example(
            "an instalment was missed",
            {"granted_by": "4401062026110200000001", "ground": "missed", "reason": "第三期未按约定缴纳"},
            facts={"deferred": "4401062026110200000001"},
        ),
        Example(
            "no deferral runs",
            {"granted_by": "4401062026110200000001", "ground": "asked", "reason": "资金已到位"},
            expect="refused",
            facts={"registered": True},
        ),
    )

    class Form(forms.Form):
        """Which deferral, by the number of the case that granted it, and why it ends."""

        granted_by = forms.CharField(label=gettext_lazy("Case number of the deferral"), max_length=40)
        ground = forms.ChoiceField(label=gettext_lazy("Ground"), choices=EndGround.choices)
        reason = forms.CharField(label=gettext_lazy("What happened"), max_length=200)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """A deferral of this unit that still runs."""
        yield from not_registered(applicant)
        if running_deferral(applicant.id, answers["granted_by"], today()) is None:
            sentence = _("No deferral of this unit that was granted by case %(number)s is running.")
            yield Refusal(sentence % {"number": answers["granted_by"]}, SOCIAL_INSURANCE_LAW[63])

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """End it today; the due days of the bills count again."""
        answers = case.answers
        deferral = end_deferral(case.applicant.id, answers["granted_by"], today(), reason=answers["ground"])
        return {"deferral": deferral.pk, "ended_on": deferral.ended_on}
