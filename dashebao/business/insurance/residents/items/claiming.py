"""The claim of a residents' pension at sixty."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from dashebao.business.insurance.common.api import live_benefit
from dashebao.business.insurance.residents.actions import ResidentClaim, award_resident
from dashebao.business.insurance.residents.queries import (
    active_enrolment,
    first_pension_month,
    payments_of,
    resident_sheet,
    years_short,
)
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
from dashebao.kernel.law.api import HANDLING_RULES, RESIDENT_PENSION
from dashebao.kernel.legal_time.api import Terms, WorkingDays, month_of, month_plus
from dashebao.kernel.records.api import SYSTEM, current_actor
from dashebao.kernel.registry.api import bank_account_of, person

SECTION = RESIDENT_PENSION["第七条"]


@register
class ClaimResidentPension(ServiceItem):
    """城乡居民基本养老保险待遇申领"""

    code = "SI-4011"
    title = gettext_lazy("Claim of the residents' pension")
    summary = gettext_lazy("From the month after the sixtieth birthday, for life.")
    category = "pension"
    law = (RESIDENT_PENSION["第六条"], SECTION, HANDLING_RULES[18])
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
    )
    steps = (
        Step(kind=StepKind.INTAKE, title=gettext_lazy("Acceptance"), role="pension.clerk"),
        Step(kind=StepKind.REVIEW, title=pgettext_lazy("step", "Calculation"), role="pension.assessor"),
        Step(kind=StepKind.DECIDE, title=gettext_lazy("Approval"), role="pension.approver"),
    )
    result = gettext_lazy("Residents' pension award sheet")
    examples = (
        Example("sixty, fifteen years paid", {}, facts={"birth_on": "1966-10-05", "resident_years": 15}),
        Example("fifty-nine", {}, expect="refused", facts={"birth_on": "1967-10-05", "resident_years": 15}),
    )

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Not enrolled, too young, on another pension, or short of years."""
        human = person(applicant.id)
        enrolment = active_enrolment(human.id)
        if enrolment is None:
            yield Refusal(gettext_lazy("This person is not enrolled in the residents' pension."), SECTION)
            return
        if first_pension_month(human) > month_plus(month_of(timezone.localdate()), 1):
            yield Refusal(gettext_lazy("The pension age of 60 has not been reached."), SECTION)
        if live_benefit(human.id) is not None:
            yield Refusal(gettext_lazy("A pension is already being paid to this person."), SECTION)
        short = years_short(human, enrolment)
        if short > 0:
            sentence = _("%(years)d more years must be paid; they may be made up at once.")
            yield Refusal(sentence % {"years": short}, SECTION)

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """Age, years paid, other pensions, bank account."""
        human, account = person(applicant.id), bank_account_of(applicant.id)
        start = first_pension_month(human)
        years = len(payments_of(human.id))
        return [
            Check(_("First month of pension"), str(start), start <= month_plus(month_of(timezone.localdate()), 1)),
            Check(_("Years paid"), str(years), True),
            Check(_("Other pension"), _("None"), live_benefit(human.id) is None),
            Check(_("Bank account for payment"), account.number[-4:] if account else "—", account is not None),
        ]

    def calculation(self, applicant: Applicant, answers: Answers) -> Mapping[str, Any] | None:
        """Basic and account pension, line by line."""
        return resident_sheet(applicant.id, first_pension_month(person(applicant.id))).trace

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Award the pension; it is paid with the next run."""
        claim = ResidentClaim(case.applicant.id, case.case_no, case.decided_on)
        return {"award": award_resident(claim, by=current_actor() or SYSTEM)}
