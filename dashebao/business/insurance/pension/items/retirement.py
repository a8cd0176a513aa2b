"""The retirement claim: from the application to the first payment in the next run."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from dashebao.business.insurance.common.api import live_benefit
from dashebao.business.insurance.pension.actions import CategoryDecision, Claim, award_pension, decide_category
from dashebao.business.insurance.pension.items.parts import (
    CATEGORY_CHOICES,
    deciding,
    identity_checks,
    month_of_answer,
    no_pension_check,
    one_sheet,
)
from dashebao.business.insurance.pension.models import Category
from dashebao.business.insurance.pension.queries import award_facts, career_of, category_of
from dashebao.business.insurance.pension.sheet import Sheet, age_text, award_sheet, month_number, spoken_age
from dashebao.business.insurance.pension.transfers import moved_away
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    CaseFacts,
    Channel,
    Check,
    Example,
    Material,
    MonthTextField,
    Refusal,
    ServiceItem,
    Step,
    StepKind,
    register,
)
from dashebao.kernel.law.api import HANDLING_RULES, PENSION_TRANSFER, RETIREMENT_DELAY, SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import Terms, WorkingDays, month_of
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.registry.api import Person, person


def _category(human: Person, answers: Answers) -> str:
    return str(answers.get("category") or "") or category_of(human)


def _sheet(human: Person, answers: Answers) -> Sheet | None:
    category = _category(human, answers)
    if not category:
        return None
    return award_sheet(award_facts(human, month_of_answer(str(answers["retire_month"])), category))


@register
class ClaimPension(ServiceItem):
    """职工基本养老保险待遇申领"""

    code = "SI-401"
    title = gettext_lazy("Claim of the employees' pension")
    summary = gettext_lazy("Choose the month of retirement and receive a monthly pension from the month after.")
    category = "pension"
    law = (SOCIAL_INSURANCE_LAW[16], HANDLING_RULES[18], RETIREMENT_DELAY[1])
    channels = Channel.COUNTER | Channel.PORTAL | Channel.API
    legal_limit = WorkingDays(20, Terms(basis=HANDLING_RULES[18]))
    promised_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[18]))
    materials = (
        Material(
            "居民身份证",
            "Resident identity card",
            identity=True,
            fetched_from=gettext_lazy("the public security register"),
        ),
        Material("人事档案", "Personnel file", law=HANDLING_RULES[18], original=True, required=False),
    )
    steps = (
        Step(kind=StepKind.INTAKE, title=gettext_lazy("Acceptance"), role="pension.clerk"),
        Step(kind=StepKind.REVIEW, title=pgettext_lazy("step", "Calculation"), role="pension.assessor"),
        Step(kind=StepKind.DECIDE, title=gettext_lazy("Approval"), role="pension.approver"),
    )
    result = gettext_lazy("Pension award sheet")
    examples = (
        Example(
            "man at statutory age with enough years",
            {"retire_month": "2026-10", "category": "", "evidence": ""},
            facts={"sex": "1", "birth_on": "1966-04-10", "paid_years": 25},
        ),
        Example(
            "man short of the minimum years",
            {"retire_month": "2026-10", "category": "", "evidence": ""},
            expect="refused",
            facts={"sex": "1", "birth_on": "1966-04-10", "paid_years": 9},
        ),
    )

    class Form(forms.Form):
        """Month of retirement, and for women the kind of post."""

        retire_month = MonthTextField(label=gettext_lazy("Month of retirement"))
        category = forms.ChoiceField(
            label=gettext_lazy("Kind of post (women)"), choices=CATEGORY_CHOICES, required=False
        )
        evidence = forms.CharField(
            label=gettext_lazy("What proves the post"),
            required=False,
            max_length=200,
            help_text=gettext_lazy("Contract, list of posts or personnel file; only for women."),
        )

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Dead, already on a pension, no category, outside the window, or short of the minimum years."""
        human = person(applicant.id)
        if human.died_on is not None:
            yield Refusal(gettext_lazy("The registry records the death of this person."), HANDLING_RULES[25])
            return
        if live_benefit(human.id) is not None:
            yield Refusal(gettext_lazy("A pension is already being paid to this person."), SOCIAL_INSURANCE_LAW[16])
        if moved_away(human.id):
            yield Refusal(gettext_lazy("The relation was moved to another province; claim there."), PENSION_TRANSFER[6])
        sheet = _sheet(human, answers)
        if sheet is None:
            yield Refusal(gettext_lazy("The kind of post has not been stated and proven."), RETIREMENT_DELAY[1])
            return
        month = month_of_answer(str(answers["retire_month"]))
        if not month_number(sheet.window["earliest"]) <= month <= month_number(sheet.window["latest"]):
            sentence = _("Retirement is possible from %(first)s to %(last)s; the month chosen lies outside.")
            given = {"first": sheet.window["earliest"], "last": sheet.window["latest"]}
            yield Refusal(sentence % given, RETIREMENT_DELAY[3])
        if sheet.total_months < sheet.minimum_months:
            sentence = _("%(have)d months are paid or deemed; a monthly pension needs %(need)d.")
            numbers = {"have": sheet.total_months, "need": sheet.minimum_months}
            yield Refusal(sentence % numbers, RETIREMENT_DELAY[2])

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """Identity, age, years, other pensions, duplicates, bank account."""
        human = person(applicant.id)
        career, sheet = career_of(human.id), _sheet(human, answers)
        month = month_of_answer(str(answers["retire_month"]))
        found = [*identity_checks(human), no_pension_check(human)]
        if sheet is None:
            return [*found, Check(_("Retirement category"), _("Not decided"), False, blocking=True)]
        found.append(
            Check(
                _("Age in the month of retirement"),
                spoken_age(age_text(month_of(human.birth_on), month)),
                month_number(sheet.window["earliest"]) <= month <= month_number(sheet.window["latest"]),
                blocking=True,
            )
        )
        found.append(
            Check(
                _("Statutory month of retirement"),
                _("%(month)s; possible from %(first)s to %(last)s")
                % {
                    "month": sheet.window["statutory"],
                    "first": sheet.window["earliest"],
                    "last": sheet.window["latest"],
                },
                True,
            )
        )
        text = _("%(paid)d months paid, %(deemed)d deemed, %(need)d needed")
        numbers = {"paid": career.paid_months, "deemed": career.deemed_months, "need": sheet.minimum_months}
        enough = career.months >= sheet.minimum_months
        return [*found, Check(_("Contribution months"), text % numbers, enough, blocking=True)]

    def calculation(self, applicant: Applicant, answers: Answers) -> Mapping[str, Any] | None:
        """Every line of the award as it would come out now."""
        sheet = _sheet(person(applicant.id), answers)
        if sheet is None:
            return None
        results = {kind: format_yuan(amount) for kind, amount in sheet.parts}
        return one_sheet(sheet.traces, results | {"total": format_yuan(sheet.monthly_fen)})

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Decide the category if it was stated, award the pension, start the benefit."""
        human, by = person(case.applicant.id), deciding(case)
        category = _category(human, case.answers)
        stated = str(case.answers.get("category") or "")
        if stated in (Category.F50, Category.F55):
            evidence = str(case.answers.get("evidence") or "")
            decide_category(CategoryDecision(human.id, stated, evidence, case.decided_on, case.case_no), by=by)
        month = month_of_answer(str(case.answers["retire_month"]))
        award = award_pension(Claim(human.id, month, category, case.decided_on, case.case_no), by=by)
        return {"award": award}
