"""Moving the pension relation out of the province and into it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dashebao.business.insurance.common.api import balances_of, live_benefit
from dashebao.business.insurance.pension.items.parts import (
    FOUR_EYES,
    IDENTITY_CARD,
    deciding,
    identity_checks,
    no_pension_check,
    today,
)
from dashebao.business.insurance.pension.models import Transfer
from dashebao.business.insurance.pension.provinces import province_choices
from dashebao.business.insurance.pension.queries import career_of, own_province, own_region, transfers_of
from dashebao.business.insurance.pension.transfers import (
    TransferRequest,
    place_of_benefit,
    stays_at_old_place,
    transfer_amount,
)
from dashebao.business.insurance.pension.transfers_in import move_in
from dashebao.business.insurance.pension.transfers_out import correct_form, move_out
from dashebao.business.levy.api import relations_of
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
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.registry.api import person

FIFTEEN = WorkingDays(15, Terms(trigger="step", basis=PENSION_TRANSFER[8]))
SECTION = PENSION_TRANSFER[8]


def _others() -> list[tuple[str, str]]:
    home = own_province()
    return [row for row in provinces() if row[0][:2] != home]


def provinces() -> list[tuple[str, str]]:
    """All provinces in the reader's language."""
    return province_choices(get_language() or "zh")


def _steps(intake: Any) -> tuple[Step, ...]:
    return (
        Step(kind=StepKind.INTAKE, title=intake, role="pension.clerk", limit=FIFTEEN, law=SECTION),
        Step(kind=StepKind.REVIEW, title=gettext_lazy("Record and amount"), role="pension.assessor"),
        Step(kind=StepKind.DECIDE, title=gettext_lazy("Approval"), role="pension.approver", limit=FIFTEEN, law=SECTION),
    )


class TransferItem(ServiceItem, abstract=True):
    """What both directions share."""

    category = "pension"
    law = (PENSION_TRANSFER[3], PENSION_TRANSFER[4], PENSION_TRANSFER[6], PENSION_TRANSFER[8])
    channels = Channel.COUNTER | Channel.PORTAL | Channel.API
    legal_limit = WorkingDays(15, Terms(basis=SECTION))
    promised_limit = WorkingDays(10, Terms(basis=SECTION))
    materials = (IDENTITY_CARD,)
    direction: ClassVar[Transfer.Direction]

    def _ends(self, answers: Answers) -> tuple[str, str]:
        """Where the relation would be afterwards, and the province of household registration."""
        to_region = str(answers["other_region"]) if self.direction == Transfer.Direction.OUT else own_region()
        return to_region, str(answers["home_region"])

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Not after the pension began, not while another transfer runs, not past the age that keeps it in place."""
        human = person(applicant.id)
        to_region, home = self._ends(answers)
        if live_benefit(human.id) is not None:
            yield Refusal(
                gettext_lazy("A pension is being paid; the relation can no longer be moved."), PENSION_TRANSFER[2]
            )
        if any(row.is_open for row in transfers_of(human.id)):
            yield Refusal(gettext_lazy("Another transfer of this person is still under way."), SECTION)
        if stays_at_old_place(human, home, to_region, today()):
            sentence = gettext_lazy(
                "At this age the relation stays where it is; the new place opens a temporary account, unless it is the "
                "province of household registration."
            )
            yield Refusal(sentence, PENSION_TRANSFER[5])

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """Identity, other pensions, what is on record here, where the pension would be drawn."""
        human = person(applicant.id)
        text = _("%(months)d months, account %(yuan)s yuan")
        held = format_yuan(balances_of(human.id, human.region_code).total)
        record = Check(_("On record here"), text % {"months": career_of(human.id).months, "yuan": held}, True)
        to_region, home = self._ends(answers)
        place = place_of_benefit(human.id, home, to_region, today())["results"]["places"][0]
        where = dict(provinces()).get(f"{place}0000", place)
        later = Check(_("Place of benefit as things stand"), where, True)
        return [*identity_checks(human)[:3], no_pension_check(human), record, later]

    def _request(self, case: CaseFacts) -> TransferRequest:
        place, home = str(case.answers["other_region"]), str(case.answers["home_region"])
        return TransferRequest(case.applicant.id, self.direction, place, case.case_no, case.decided_on, home)


@register
class TransferOut(TransferItem):
    """职工基本养老保险关系转出"""

    code = "SI-3021"
    title = gettext_lazy("Move the pension relation to another province")
    summary = gettext_lazy("Record, account and twelve percent of the wages paid on move with you.")
    direction = Transfer.Direction.OUT
    steps = _steps(gettext_lazy("Request checked"))
    result = gettext_lazy("Certificate of insurance and contributions")
    examples = (
        Example("home to Hunan", {"other_region": "430000", "home_region": "430000"}, facts={"paid_years": 9}),
        Example(
            "pension already paid",
            {"other_region": "430000", "home_region": "430000"},
            expect="refused",
            facts={"pension": True},
        ),
    )

    class Form(forms.Form):
        """Where to, and the province of household registration."""

        other_region = forms.ChoiceField(label=gettext_lazy("To province"), choices=_others)
        home_region = forms.ChoiceField(label=gettext_lazy("Province of household registration"), choices=provinces)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """As for both directions; nothing to move, or an employer here still pays."""
        yield from super().refusals(applicant, answers)
        if not career_of(applicant.id).months:
            yield Refusal(gettext_lazy("No contributions are on record here."), PENSION_TRANSFER[3])
        if any(row.until_month is None and "110" in row.schemes for row in relations_of(applicant.id)):
            yield Refusal(
                gettext_lazy("Contributions are still being paid here; the enrolment must end first."),
                PENSION_TRANSFER[3],
            )

    def calculation(self, applicant: Applicant, answers: Answers) -> Mapping[str, Any] | None:
        """The money that moves."""
        human = person(applicant.id)
        held = balances_of(human.id, human.region_code).total
        return transfer_amount(career_of(human.id).years, held, human.region_code, today())

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Send the certificate; record and money follow the other province's letter."""
        row = move_out(self._request(case), by=deciding(case))
        return {"transfer": row.pk, "number": row.number}


@register
class TransferIn(TransferItem):
    """职工基本养老保险关系转入"""

    code = "SI-3022"
    title = gettext_lazy("Bring the pension relation from another province")
    summary = gettext_lazy("Years paid elsewhere are counted here once record and money have arrived.")
    direction = Transfer.Direction.IN
    steps = _steps(gettext_lazy("Request checked"))
    result = gettext_lazy("Transfer contact letter")
    examples = (
        Example(
            "home from Hunan",
            {"other_region": "430000", "home_region": "440000"},
            facts={"birth_on": "1990-04-10", "paid_years": 2},
        ),
        Example(
            "man of sixty from another household province",
            {"other_region": "430000", "home_region": "430000"},
            expect="refused",
            facts={"birth_on": "1966-04-10"},
        ),
    )

    class Form(forms.Form):
        """Where from, and the province of household registration."""

        other_region = forms.ChoiceField(label=gettext_lazy("From province"), choices=_others)
        home_region = forms.ChoiceField(label=gettext_lazy("Province of household registration"), choices=provinces)

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Send the contact letter; record and money are entered when both have come and agree."""
        row = move_in(self._request(case), by=deciding(case))
        return {"transfer": row.pk, "number": row.number}


@register
class CorrectTransferForm(ServiceItem):
    """职工基本养老保险关系转移接续信息更正"""

    code = "SI-3023"
    title = gettext_lazy("Send a transfer's information form again, corrected")
    summary = gettext_lazy("When the other province questions record or money that was sent.")
    category = "pension"
    law = (PENSION_TRANSFER[4], SECTION)
    channels = Channel.COUNTER
    legal_limit = WorkingDays(15, Terms(basis=SECTION))
    promised_limit = WorkingDays(10, Terms(basis=SECTION))
    materials = (
        Material(
            "异地更正要求", "Other province's question", fetched_from=gettext_lazy("the national transfer platform")
        ),
    )
    steps = FOUR_EYES
    result = gettext_lazy("Transfer information form")
    examples = (
        Example("the other province missed a year", {"finding": "补录2019年缴费"}, facts={"questioned": True}),
        Example("nothing was questioned", {"finding": "无"}, expect="refused"),
    )

    class Form(forms.Form):
        """What was found and put right in the records."""

        finding = forms.CharField(label=gettext_lazy("What was found and corrected"), max_length=200)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Only a form that the other province has questioned is sent again."""
        if questioned(applicant.id) is None:
            yield Refusal(gettext_lazy("The other province has asked for no correction."), SECTION)

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """What the other province says."""
        row = questioned(applicant.id)
        return [Check(_("The other province's question"), row.reason if row else _("None"), row is not None)]

    def calculation(self, applicant: Applicant, answers: Answers) -> Mapping[str, Any] | None:
        """The money as the records give it now."""
        row = questioned(applicant.id)
        if row is None:
            return None
        held = row.worker_fen + row.employer_fen
        return transfer_amount(career_of(applicant.id).years, held, row.region_code, today())

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Send the next revision, and the money that was missing."""
        row = questioned(case.applicant.id)
        if row is None:
            raise Transfer.DoesNotExist(case.applicant.id)
        return {"transfer": row.pk, "missing_fen": correct_form(row.pk, case.decided_on, by=deciding(case))}


def questioned(person_id: int) -> Transfer | None:
    """The move out of this person whose form the other province has questioned."""
    rows = Transfer.objects.filter(person_id=person_id, direction=Transfer.Direction.OUT)
    found: Transfer | None = rows.filter(state=Transfer.State.QUESTIONED).first()
    return found
