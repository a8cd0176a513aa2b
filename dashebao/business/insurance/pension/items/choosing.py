"""Choosing the month of retirement in writing, and early retirement from hard trades."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.insurance.common.api import live_benefit
from dashebao.business.insurance.pension.actions import Claim, award_pension
from dashebao.business.insurance.pension.findings import Choice, choose_month
from dashebao.business.insurance.pension.items.parts import (
    CATEGORY_CHOICES,
    FOUR_EYES,
    IDENTITY_CARD,
    deciding,
    identity_checks,
    month_of_answer,
    no_pension_check,
    one_sheet,
    today,
)
from dashebao.business.insurance.pension.models import RetirementChoice
from dashebao.business.insurance.pension.queries import award_facts, birth_of, career_of, category_of, choice_of
from dashebao.business.insurance.pension.sheet import award_sheet, month_number
from dashebao.business.levy.api import relations_of
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    CaseFacts,
    Channel,
    Check,
    DayInput,
    Example,
    Material,
    MonthTextField,
    Refusal,
    ServiceItem,
    Step,
    StepKind,
    register,
)
from dashebao.kernel.law.api import FLEXIBLE_RETIREMENT, HANDLING_RULES, RETIREMENT_1978, RETIREMENT_DELAY
from dashebao.kernel.legal_time.api import Month, Terms, WorkingDays, add_months
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.registry.api import Person, person
from dashebao.kernel.rules.api import evaluate, parameters

NOTICE = FLEXIBLE_RETIREMENT["全文"]


def _window(human: Person, answers: Answers) -> dict[str, Any]:
    category = str(answers.get("category") or "") or category_of(human) or "F50"
    given = {"category": category, "birth": str(Month.of(birth_of(human)))}
    return dict(evaluate("pension.flexible_window", given, on=today(), region=human.region_code))


@register
class ChooseRetirementMonth(ServiceItem):
    """弹性退休告知备案"""

    code = "SI-407"
    title = gettext_lazy("Notice of early or late retirement")
    summary = gettext_lazy(
        "Three months before an early retirement; for a late one agreed with the employer a month before."
    )
    category = "pension"
    law = (RETIREMENT_DELAY[3], NOTICE)
    channels = Channel.COUNTER | Channel.PORTAL | Channel.API
    legal_limit = WorkingDays(10, Terms(basis=NOTICE))
    promised_limit = WorkingDays(1, Terms(basis=NOTICE))
    materials = (
        IDENTITY_CARD,
        Material("弹性退休书面告知或协议", "Written notice or agreement", law=NOTICE, original=True, required=False),
    )
    steps = (
        Step(kind=StepKind.INTAKE, title=gettext_lazy("Acceptance"), role="pension.clerk", automatic=True),
        Step(kind=StepKind.DECIDE, title=gettext_lazy("Registration"), role="pension.assessor", automatic=True),
    )
    result = gettext_lazy("Receipt of the notice of flexible retirement")
    examples = (
        Example(
            "a year later, agreed in time",
            {"kind": "late", "retire_month": "2029-06", "notice_on": "2026-11-10", "category": ""},
            facts={"birth_on": "1967-06-10", "paid_years": 20},
        ),
        Example(
            "too late for an early retirement",
            {"kind": "early", "retire_month": "2026-12", "notice_on": "2026-11-10", "category": ""},
            expect="refused",
            facts={"birth_on": "1966-12-10", "paid_years": 25},
        ),
    )

    class Form(forms.Form):
        """Early, late or back to the statutory month; which month; when it was written."""

        kind = forms.ChoiceField(label=gettext_lazy("What is chosen"), choices=RetirementChoice.Kind.choices)
        retire_month = MonthTextField(label=gettext_lazy("Month of retirement"))
        notice_on = forms.DateField(label=gettext_lazy("Date of the notice or agreement"), widget=DayInput())
        category = forms.ChoiceField(
            label=gettext_lazy("Kind of post (women)"), choices=CATEGORY_CHOICES, required=False
        )

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Outside the window, too few years for early, written too late, or a second late retirement."""
        human, kind = person(applicant.id), str(answers["kind"])
        if live_benefit(human.id) is not None:
            yield Refusal(gettext_lazy("A pension is already being paid to this person."), RETIREMENT_DELAY[3])
        window, month = _window(human, answers), Month.from_int(month_of_answer(str(answers["retire_month"])))
        first, statutory, last = (Month.parse(window[key]) for key in ("earliest", "statutory", "latest"))
        low, high = (first, statutory + -1) if kind == "early" else (statutory + (1 if kind == "late" else 0), last)
        if not low <= month <= high:
            sentence = _("The month must lie between %(first)s and %(last)s.")
            yield Refusal(sentence % {"first": low, "last": high}, RETIREMENT_DELAY[3])
        if kind == "early" and career_of(human.id).months < int(window["min_months_if_earliest"]):
            yield Refusal(
                gettext_lazy("The minimum years are not met; early retirement needs them."), RETIREMENT_DELAY[3]
            )
        yield from self._too_late(human, answers, month if kind == "early" else statutory)
        before = choice_of(human.id)
        if kind == "late" and before is not None and before.kind == RetirementChoice.Kind.ENDED:
            yield Refusal(gettext_lazy("Late retirement was ended once and cannot be agreed again."), NOTICE)
        if kind == "ended" and (before is None or before.kind != RetirementChoice.Kind.LATE):
            yield Refusal(gettext_lazy("No late retirement was agreed."), NOTICE)

    def _too_late(self, human: Person, answers: Answers, month: Month) -> Iterable[Refusal]:
        kind = str(answers["kind"])
        if kind == "ended":
            return
        needed = parameters(human.region_code, today())[f"pension.choice.{kind}_notice_months"].whole()
        written = answers["notice_on"]
        on = written if isinstance(written, date) else date.fromisoformat(str(written))
        if add_months(on, needed) > month.last_day:
            sentence = _("It must be written at least %(count)d months before.")
            yield Refusal(sentence % {"count": needed}, NOTICE)

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """The window and what was chosen before."""
        window, before = _window(person(applicant.id), answers), choice_of(applicant.id)
        text = _("%(month)s; possible from %(first)s to %(last)s")
        given = {"month": window["statutory"], "first": window["earliest"], "last": window["latest"]}
        old = f"{before.get_kind_display()} {before.retire_month}" if before else _("None")
        return [
            Check(_("Statutory month of retirement"), text % given, True),
            Check(_("Chosen before"), old, True),
        ]

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Keep the choice for the claim."""
        answers, written = case.answers, case.answers["notice_on"]
        units = [row.unit_id for row in relations_of(case.applicant.id) if row.until_month is None and row.unit_id]
        choice = Choice(
            person_id=case.applicant.id,
            kind=RetirementChoice.Kind(str(answers["kind"])),
            retire_month=month_of_answer(str(answers["retire_month"])),
            notice_on=written if isinstance(written, date) else date.fromisoformat(str(written)),
            unit_id=units[0] if units else 0,
            case_no=case.case_no,
            decided_on=case.decided_on,
        )
        return {"choice": choose_month(choice, by=deciding(case))}


TRADES = (
    ("underground", gettext_lazy("Underground, great heat")),
    ("heights", gettext_lazy("At heights, very heavy work")),
    ("harmful", gettext_lazy("Other work harmful to health")),
)


@register
class ClaimHardTradePension(ServiceItem):
    """特殊工种提前退休申领"""

    code = "SI-4012"
    title = gettext_lazy("Claim of a pension from a hard trade")
    summary = gettext_lazy("Men from 55, women from 45, after enough years in a listed trade.")
    category = "pension"
    law = (RETIREMENT_1978["第一条"], RETIREMENT_DELAY[8], HANDLING_RULES[18])
    channels = Channel.COUNTER | Channel.PORTAL | Channel.API
    legal_limit = WorkingDays(20, Terms(basis=HANDLING_RULES[18]))
    promised_limit = WorkingDays(15, Terms(basis=HANDLING_RULES[18]))
    materials = (
        IDENTITY_CARD,
        Material(
            "人事档案（特殊工种记载）",
            "Personnel file with the trade",
            law=HANDLING_RULES[18],
            original=True,
            required=False,
        ),
    )
    steps = FOUR_EYES
    result = gettext_lazy("Pension award sheet")
    examples = (
        Example(
            "miner of fifty-five",
            {"retire_month": "2026-10", "trade": "underground", "years": 12, "evidence": "档案第3卷"},
            facts={"birth_on": "1971-04-10", "paid_years": 25},
        ),
        Example(
            "too few years in the trade",
            {"retire_month": "2026-10", "trade": "heights", "years": 6, "evidence": "档案第3卷"},
            expect="refused",
            facts={"birth_on": "1971-04-10", "paid_years": 25},
        ),
    )

    class Form(forms.Form):
        """The month, the trade, the years in it and where the file says so."""

        retire_month = MonthTextField(label=gettext_lazy("Month of retirement"))
        trade = forms.ChoiceField(label=gettext_lazy("Trade"), choices=TRADES)
        years = forms.IntegerField(label=gettext_lazy("Full years in the trade"), min_value=1, max_value=50)
        evidence = forms.CharField(label=gettext_lazy("What proves it"), max_length=200)

    def _found(self, human: Person, answers: Answers) -> dict[str, Any]:
        given: dict[str, Any] = {
            "sex": human.sex,
            "birth": str(Month.of(birth_of(human))),
            "trade": str(answers["trade"]),
        }
        given |= {"years": int(answers["years"])}
        return dict(evaluate("pension.special_trade", given, on=today(), region=human.region_code))

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """On a pension, too young, too few years in the trade, or short of the minimum years."""
        human, month = person(applicant.id), month_of_answer(str(answers["retire_month"]))
        found = self._found(human, answers)
        if live_benefit(human.id) is not None:
            yield Refusal(gettext_lazy("A pension is already being paid to this person."), RETIREMENT_1978["第一条"])
        if month < month_number(found["earliest"]):
            sentence = _("The age for hard trades is reached in %(month)s.")
            yield Refusal(sentence % {"month": found["earliest"]}, RETIREMENT_1978["第一条"])
        if not found["enough"]:
            sentence = _("%(count)d full years in the trade are needed.")
            yield Refusal(sentence % {"count": found["years_needed"]}, RETIREMENT_1978["第一条"])
        sheet = award_sheet(award_facts(human, month, self._category(human)))
        if sheet.total_months < sheet.minimum_months:
            sentence = _("%(have)d months are paid or deemed; a monthly pension needs %(need)d.")
            numbers = {"have": sheet.total_months, "need": sheet.minimum_months}
            yield Refusal(sentence % numbers, RETIREMENT_DELAY[2])

    def _category(self, human: Person) -> str:
        return category_of(human) or "F50"

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """Identity, other pensions, years in the trade."""
        human = person(applicant.id)
        found = self._found(human, answers)
        text = _("%(have)d years, %(need)d needed") % {"have": int(answers["years"]), "need": found["years_needed"]}
        return [
            *identity_checks(human),
            no_pension_check(human),
            Check(_("Years in the trade"), text, bool(found["enough"]), blocking=True),
        ]

    def calculation(self, applicant: Applicant, answers: Answers) -> Mapping[str, Any] | None:
        """Every line of the award as it would come out now."""
        human = person(applicant.id)
        sheet = award_sheet(award_facts(human, month_of_answer(str(answers["retire_month"])), self._category(human)))
        results = {kind: format_yuan(amount) for kind, amount in sheet.parts}
        return one_sheet(sheet.traces, results | {"total": format_yuan(sheet.monthly_fen)})

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Award the pension with the window opened to the age for hard trades."""
        human = person(case.applicant.id)
        claim = Claim(
            person_id=human.id,
            retire_month=month_of_answer(str(case.answers["retire_month"])),
            category=self._category(human),
            decided_on=case.decided_on,
            case_no=case.case_no,
            earliest_month=month_number(self._found(human, case.answers)["earliest"]),
        )
        return {"award": award_pension(claim, by=deciding(case))}
