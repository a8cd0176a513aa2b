"""What the personnel file proves: birth, first work, deemed years; and the award calculated again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.insurance.common.api import live_benefit
from dashebao.business.insurance.pension.actions import ServiceMonths, recognise_service
from dashebao.business.insurance.pension.findings import FileFacts, find_in_file
from dashebao.business.insurance.pension.items.parts import (
    FOUR_EYES,
    IDENTITY_CARD,
    deciding,
    month_of_answer,
    one_sheet,
    today,
)
from dashebao.business.insurance.pension.models import DeemedService
from dashebao.business.insurance.pension.queries import SCHEME, career_of, finding_of
from dashebao.business.insurance.pension.reaward import Reaward, award_again, re_award
from dashebao.business.insurance.pension.sheet import scaled
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
    register,
)
from dashebao.kernel.law.api import HANDLING_RULES, PENSION_1997, RETIREMENT_FILE_NOTICE, SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import Terms, WorkingDays, months_apart
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.registry.api import person
from dashebao.kernel.rules.api import parameters, ratio_text

FILE_RULE = RETIREMENT_FILE_NOTICE["第二条"]
PERSONNEL_FILE = Material("人事档案", "Personnel file", law=HANDLING_RULES[18], original=True, required=False)
DEEMED_INDEX, DEEMED_UNTIL = "pension.deemed_index", "pension.deemed_until"


class FileItem(ServiceItem, abstract=True):
    """What decisions on the personnel file share."""

    category = "pension"
    legal_limit = WorkingDays(20, Terms(basis=HANDLING_RULES[18]))
    promised_limit = WorkingDays(15, Terms(basis=HANDLING_RULES[18]))
    materials = (IDENTITY_CARD, PERSONNEL_FILE)
    steps = FOUR_EYES


@register
class CorrectFileFacts(FileItem):
    """档案出生日期和参加工作时间认定"""

    code = "SI-409"
    title = gettext_lazy("Date of birth and first work by the personnel file")
    summary = gettext_lazy(
        "Where identity card and file differ, what the file recorded first decides about retirement."
    )
    law = (FILE_RULE, HANDLING_RULES[18])
    channels = Channel.COUNTER | Channel.PORTAL | Channel.API
    result = gettext_lazy("Decision on date of birth and first work")
    examples = (
        Example(
            "born a year earlier by the file",
            {"birth_on": "1965-04-10", "work_start": "1986-09", "evidence": "1986年招工表"},
            facts={"birth_on": "1966-04-10"},
        ),
        Example(
            "first work as a child",
            {"birth_on": "", "work_start": "1976-09", "evidence": "证明信"},
            expect="refused",
            facts={"birth_on": "1966-04-10"},
        ),
    )

    class Form(forms.Form):
        """What the file says, and the paper in it that said it first."""

        birth_on = forms.DateField(
            label=gettext_lazy("Date of birth by the file"),
            required=False,
            widget=DayInput(),
        )
        work_start = MonthTextField(label=gettext_lazy("First month of work by the file"), required=False)
        evidence = forms.CharField(label=gettext_lazy("Earliest paper in the file"), max_length=200)

        def clean(self) -> dict[str, Any] | None:
            """One of the two must be said."""
            cleaned = super().clean() or {}
            if not cleaned.get("birth_on") and not cleaned.get("work_start"):
                self.add_error("birth_on", _("State the date of birth or the first month of work."))
            return cleaned

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """After the award nothing is found any more this way; nobody works before sixteen."""
        human = person(applicant.id)
        if live_benefit(human.id) is not None:
            yield Refusal(gettext_lazy("A pension is being paid; ask for the award to be calculated again."), FILE_RULE)
        born = _day(answers.get("birth_on")) or human.birth_on
        start = str(answers.get("work_start") or "")
        if start and month_of_answer(start) < (born.year + 16) * 100 + born.month:
            yield Refusal(gettext_lazy("The first month of work lies before the age of sixteen."), FILE_RULE)

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """The register's date beside the file's, and an earlier decision."""
        human, before = person(applicant.id), finding_of(applicant.id)
        file = _day(answers.get("birth_on"))
        told = str(before.birth_on or before.work_start_month) if before else _("None")
        return [
            Check(_("Date of birth in the register"), str(human.birth_on), file in (None, human.birth_on)),
            Check(_("Decided before"), told, before is None),
        ]

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Store what the file proves; awards rest on it from now on."""
        start = str(case.answers.get("work_start") or "")
        facts = FileFacts(
            person_id=case.applicant.id,
            birth_on=_day(case.answers.get("birth_on")),
            work_start_month=month_of_answer(start) if start else None,
            evidence=str(case.answers["evidence"]),
            case_no=case.case_no,
            decided_on=case.decided_on,
        )
        return {"finding": find_in_file(facts, by=deciding(case))}


def _day(answer: Any) -> date | None:
    if not answer:
        return None
    return answer if isinstance(answer, date) else date.fromisoformat(str(answer))


@register
class RecogniseDeemedYears(FileItem):
    """视同缴费年限认定"""

    code = "SI-4101"
    title = gettext_lazy("Years that count without payment")
    summary = gettext_lazy("State service before individual contributions began, and military service.")
    law = (PENSION_1997["第五条"], SOCIAL_INSURANCE_LAW[13], HANDLING_RULES[18])
    channels = Channel.COUNTER | Channel.PORTAL | Channel.API
    result = gettext_lazy("Decision on years that count without payment")
    examples = (
        Example(
            "state enterprise before 1998",
            {"kind": "service", "from_month": "1986-09", "to_month": "1998-06", "evidence": "1986年招工表"},
            facts={"birth_on": "1966-04-10"},
        ),
        Example(
            "after individual contributions had begun",
            {"kind": "service", "from_month": "1999-01", "to_month": "2003-06", "evidence": "证明"},
            expect="refused",
            facts={"birth_on": "1966-04-10"},
        ),
    )

    class Form(forms.Form):
        """What kind of service, from when to when, and what proves it."""

        kind = forms.ChoiceField(label=gettext_lazy("Kind of service"), choices=DeemedService.Kind.choices)
        from_month = MonthTextField(label=gettext_lazy("From month"))
        to_month = MonthTextField(label=gettext_lazy("To month"))
        evidence = forms.CharField(label=gettext_lazy("What proves it"), max_length=200)

        def clean(self) -> dict[str, Any] | None:
            """The end does not lie before the beginning."""
            cleaned = super().clean() or {}
            if cleaned.get("to_month") and str(cleaned.get("from_month")) > str(cleaned["to_month"]):
                self.add_error("to_month", _("The last month lies before the first."))
            return cleaned

    def _span(self, answers: Answers) -> tuple[int, int]:
        return month_of_answer(str(answers["from_month"])), month_of_answer(str(answers["to_month"]))

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Service after the province's cut, a time counted already, or before sixteen."""
        human, (first, last) = person(applicant.id), self._span(answers)
        until = parameters(human.region_code, today())[DEEMED_UNTIL].whole()
        if answers["kind"] == DeemedService.Kind.SERVICE and last > until:
            sentence = _("Individual contributions began here after %(month)s; later months count only if paid.")
            yield Refusal(sentence % {"month": f"{until // 100}-{until % 100:02d}"}, PENSION_1997["第五条"])
        rows = DeemedService.objects.filter(person_id=human.id, from_month__lte=last, to_month__gte=first)
        if rows.exists():
            yield Refusal(gettext_lazy("Part of this time is counted already."), SOCIAL_INSURANCE_LAW[13])
        if first < (human.birth_on.year + 16) * 100 + human.birth_on.month:
            yield Refusal(gettext_lazy("The first month of work lies before the age of sixteen."), FILE_RULE)

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """Months, the index of the place, and years paid in the same time."""
        human, (first, last) = person(applicant.id), self._span(answers)
        paid = sum(row.months for row in career_of(human.id).years if first // 100 <= row.year <= last // 100)
        index = ratio_text(parameters(human.region_code, today())[DEEMED_INDEX])
        return [
            Check(_("Months to be counted"), str(months_apart(first, last) + 1), True),
            Check(_("Index of the place"), index, True),
            Check(_("Months paid in these years"), str(paid), paid == 0),
        ]

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Count the months; a running award is calculated again by an application of its own."""
        first, last = self._span(case.answers)
        index = ratio_text(parameters(case.region_code, case.decided_on)[DEEMED_INDEX])
        service = ServiceMonths(
            person_id=case.applicant.id,
            kind=str(case.answers["kind"]),
            from_month=first,
            to_month=last,
            months=months_apart(first, last) + 1,
            index_e4=scaled(index, 10_000),
            evidence=str(case.answers["evidence"]),
            case_no=case.case_no,
        )
        return {"service": recognise_service(service, by=deciding(case))}


@register
class AwardAgain(FileItem):
    """养老保险待遇重新核定"""

    code = "SI-4102"
    title = gettext_lazy("Award calculated again")
    summary = gettext_lazy("When years, service or birth were put right; months paid are made up for or taken back.")
    law = (SOCIAL_INSURANCE_LAW[15], HANDLING_RULES[18], HANDLING_RULES[46])
    channels = Channel.COUNTER | Channel.PORTAL | Channel.API
    result = gettext_lazy("Pension award sheet, calculated again")
    examples = (
        Example(
            "deemed years found later", {"reason": "补充认定视同缴费年限"}, facts={"pension": True, "deemed_later": 60}
        ),
        Example("nothing has changed", {"reason": "复核"}, expect="refused", facts={"pension": True}),
    )

    class Form(forms.Form):
        """Why the award is to be calculated again."""

        reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """A pension of ours that runs, and something that has changed."""
        if live_benefit(applicant.id, SCHEME) is None:
            yield Refusal(gettext_lazy("No benefit is being paid to this person."), HANDLING_RULES[18])
            return
        again = award_again(applicant.id)
        if again is None:
            yield Refusal(
                gettext_lazy("The award was taken over without its facts; it can be corrected only by the file."),
                HANDLING_RULES[18],
            )
        elif not again.difference_fen:
            yield Refusal(gettext_lazy("Nothing has changed: the award stays as it is."), SOCIAL_INSURANCE_LAW[15])

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """The amount as it is and as it would be."""
        again = award_again(applicant.id)
        if again is None:
            return [Check(_("Award"), _("None"), False, blocking=True)]
        return [
            Check(_("Amount as awarded"), format_yuan(again.award.monthly_fen), True),
            Check(_("Amount calculated again"), format_yuan(again.sheet.monthly_fen), again.difference_fen > 0),
        ]

    def calculation(self, applicant: Applicant, answers: Answers) -> Mapping[str, Any] | None:
        """Every line of the new award."""
        again = award_again(applicant.id)
        if again is None:
            return None
        results = {kind: format_yuan(amount) for kind, amount in again.sheet.parts}
        return one_sheet(again.sheet.traces, results | {"total": format_yuan(again.sheet.monthly_fen)})

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Replace the award and settle the months paid."""
        order = Reaward(case.applicant.id, str(case.answers["reason"]), case.case_no, case.decided_on)
        return re_award(order, by=deciding(case))
