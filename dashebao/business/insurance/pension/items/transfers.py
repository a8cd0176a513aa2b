"""Moving the pension relation out of the province and into it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dashebao.business.insurance.common.api import balances_of, live_benefit
from dashebao.business.insurance.pension.items.parts import deciding, identity_checks, no_pension_check, today
from dashebao.business.insurance.pension.models import Transfer
from dashebao.business.insurance.pension.provinces import province_choices
from dashebao.business.insurance.pension.queries import PROVINCE, career_of, transfers_of
from dashebao.business.insurance.pension.sheet import PaidYear
from dashebao.business.insurance.pension.transfers import (
    InformationForm,
    TransferRequest,
    accept_letter,
    receive_in,
    request_transfer,
    send_out,
    transfer_amount,
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
from dashebao.kernel.law.api import PENSION_TRANSFER
from dashebao.kernel.legal_time.api import Terms, WorkingDays
from dashebao.kernel.money.api import format_yuan, parse_yuan
from dashebao.kernel.registry.api import person

FIFTEEN = WorkingDays(15, Terms(trigger="step", basis=PENSION_TRANSFER[8]))
SECTION = PENSION_TRANSFER[8]


def _provinces() -> list[tuple[str, str]]:
    return [row for row in province_choices(get_language() or "zh") if row[0][:2] != PROVINCE]


class TransferItem(ServiceItem, abstract=True):
    """What both directions share."""

    category = "pension"
    law = (PENSION_TRANSFER[3], PENSION_TRANSFER[4], PENSION_TRANSFER[8])
    legal_limit = WorkingDays(45, Terms(basis=SECTION))
    promised_limit = WorkingDays(45, Terms(basis=SECTION))
    direction: ClassVar[Transfer.Direction]

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Not after the pension began, and not while another transfer runs."""
        if live_benefit(applicant.id) is not None:
            yield Refusal(
                gettext_lazy("A pension is being paid; the relation can no longer be moved."), PENSION_TRANSFER[2]
            )
        if any(row.state in ("requested", "accepted", "sent") for row in transfers_of(applicant.id)):
            yield Refusal(gettext_lazy("Another transfer of this person is still under way."), SECTION)

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """Identity, other pensions, what is on record here."""
        human = person(applicant.id)
        text = _("%(months)d months, account %(yuan)s yuan")
        held = format_yuan(balances_of(human.id, human.region_code).total)
        record = Check(_("On record here"), text % {"months": career_of(human.id).months, "yuan": held}, True)
        return [*identity_checks(human)[:3], no_pension_check(human), record]


@register
class TransferOut(TransferItem):
    """职工基本养老保险关系转出"""

    code = "SI-3021"
    title = gettext_lazy("Move the pension relation to another province")
    summary = gettext_lazy("Record, account and twelve percent of the wages paid on move with you.")
    channels = Channel.COUNTER | Channel.PORTAL | Channel.API
    direction = Transfer.Direction.OUT
    materials = (
        Material(
            "居民身份证",
            "Resident identity card",
            identity=True,
            fetched_from=gettext_lazy("the public security register"),
        ),
        Material(
            "同意接收函", "Acceptance letter", law=SECTION, fetched_from=gettext_lazy("the national transfer platform")
        ),
    )
    steps = (
        Step(
            kind=StepKind.INTAKE,
            title=gettext_lazy("Acceptance letter checked"),
            role="pension.clerk",
            limit=FIFTEEN,
            law=SECTION,
        ),
        Step(kind=StepKind.REVIEW, title=gettext_lazy("Record and amount"), role="pension.assessor"),
        Step(kind=StepKind.DECIDE, title=gettext_lazy("Approval"), role="pension.approver", limit=FIFTEEN, law=SECTION),
    )
    result = gettext_lazy("Transfer information form")
    examples = (
        Example("to Hunan", {"other_region": "430000", "letter": "HN-2026-1"}, facts={"paid_years": 9}),
        Example(
            "pension already paid",
            {"other_region": "430000", "letter": "HN-2026-1"},
            expect="refused",
            facts={"pension": True},
        ),
    )

    class Form(forms.Form):
        """Where to, and the number of the acceptance letter."""

        other_region = forms.ChoiceField(label=gettext_lazy("To province"), choices=_provinces)
        letter = forms.CharField(label=gettext_lazy("Number of the acceptance letter"), max_length=60)

    def calculation(self, applicant: Applicant, answers: Answers) -> Mapping[str, Any] | None:
        """The money that moves."""
        human = person(applicant.id)
        held = balances_of(human.id, human.region_code).total
        return transfer_amount(career_of(human.id).years, held, human.region_code, today())

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Empty the account, stop the record here and pay the money with the next run."""
        by = deciding(case)
        request = TransferRequest(
            case.applicant.id, self.direction, str(case.answers["other_region"]), case.case_no, case.submitted_on
        )
        transfer = request_transfer(request, by=by)
        accept_letter(transfer, case.decided_on, by=by)
        return {"transfer": transfer, "total_fen": send_out(transfer, case.decided_on, by=by)}


@register
class TransferIn(TransferItem):
    """职工基本养老保险关系转入"""

    code = "SI-3022"
    title = gettext_lazy("Bring the pension relation from another province")
    summary = gettext_lazy("Years paid elsewhere are counted here once record and money have arrived.")
    channels = Channel.COUNTER | Channel.API
    direction = Transfer.Direction.IN
    materials = (
        Material(
            "居民身份证",
            "Resident identity card",
            identity=True,
            fetched_from=gettext_lazy("the public security register"),
        ),
        Material(
            "转移接续信息表",
            "Information form",
            law=SECTION,
            fetched_from=gettext_lazy("the national transfer platform"),
        ),
    )
    steps = (
        Step(
            kind=StepKind.INTAKE,
            title=gettext_lazy("Acceptance letter issued"),
            role="pension.clerk",
            limit=FIFTEEN,
            law=SECTION,
        ),
        Step(kind=StepKind.REVIEW, title=gettext_lazy("Record checked"), role="pension.assessor"),
        Step(kind=StepKind.DECIDE, title=gettext_lazy("Entered"), role="pension.approver", limit=FIFTEEN, law=SECTION),
    )
    result = gettext_lazy("Transfer contact letter")
    row_title = gettext_lazy("Years paid elsewhere")
    min_rows = 1
    examples = (
        Example(
            "five years from Hunan",
            {
                "other_region": "430000",
                "worker": "24000.00",
                "employer": "0",
                "pool": "36000.00",
                "rows": [{"year": 2015 + n, "months": 12, "base_total": "60000.00"} for n in range(5)],
            },
        ),
    )

    class Form(forms.Form):
        """Where from, and the money of the information form."""

        other_region = forms.ChoiceField(label=gettext_lazy("From province"), choices=_provinces)
        worker = forms.DecimalField(label=gettext_lazy("Account, own part (yuan)"), min_value=0, decimal_places=2)
        employer = forms.DecimalField(
            label=gettext_lazy("Account, employer's part (yuan)"), min_value=0, decimal_places=2
        )
        pool = forms.DecimalField(label=gettext_lazy("Pool money (yuan)"), min_value=0, decimal_places=2)

    class Row(forms.Form):
        """One year of the information form."""

        year = forms.IntegerField(label=gettext_lazy("Year"), min_value=1992, max_value=2100)
        months = forms.IntegerField(label=gettext_lazy("Months"), min_value=1, max_value=12)
        base_total = forms.DecimalField(label=gettext_lazy("Wages of the year (yuan)"), min_value=0, decimal_places=2)

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Issue the letter, enter years, account and pool money."""
        by, answers = deciding(case), case.answers
        place = str(answers["other_region"])
        request = TransferRequest(case.applicant.id, self.direction, place, case.case_no, case.submitted_on)
        transfer = request_transfer(request, by=by)
        accept_letter(transfer, case.decided_on, by=by)
        years = tuple(
            PaidYear(int(row["year"]), int(row["months"]), parse_yuan(str(row["base_total"])), place[:2])
            for row in answers["rows"]
        )
        money = [parse_yuan(str(answers[name])) for name in ("worker", "employer", "pool")]
        receive_in(transfer, InformationForm(years, *money), case.decided_on, by=by)
        return {"transfer": transfer}
