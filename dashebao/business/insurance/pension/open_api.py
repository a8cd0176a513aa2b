"""What programs may ask the employees' pension: personal account, estimate, award with its explanation."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from dashebao.business.insurance.common.api import balances_of
from dashebao.business.insurance.pension.estimate import estimate
from dashebao.business.insurance.pension.queries import career_of, current_award, explained
from dashebao.kernel.registry.api import person
from dashebao.kernel.rules.api import RulesError
from dashebao.platform.service_centre.open_api.api import (
    About,
    Answer,
    Asked,
    MonthText,
    Query,
    month_text,
    register_query,
    register_scope,
    register_told,
)

register_told(RulesError)
register_scope("pension.read", _("Pension account, estimate and award of a person"))


class AccountBalance(Answer):
    """The personal pension account today."""

    worker_principal_fen: int
    worker_interest_fen: int
    employer_principal_fen: int
    employer_interest_fen: int
    total_fen: int
    paid_months: int
    deemed_months: int


def _account(asked: Asked) -> AccountBalance:
    human = person(asked.subject_id)
    held, career = balances_of(human.pk, human.region_code), career_of(human.pk)
    return AccountBalance(
        worker_principal_fen=held.worker_principal,
        worker_interest_fen=held.worker_interest,
        employer_principal_fen=held.employer_principal,
        employer_interest_fen=held.employer_interest,
        total_fen=held.total,
        paid_months=career.paid_months,
        deemed_months=career.deemed_months,
    )


class EstimatedPension(Answer):
    """The pension at one month of retirement."""

    retire_month: MonthText
    kind: str = Field(description=gettext_noop("earliest, statutory, latest, between or now"))
    months: int
    enough: bool = Field(description=gettext_noop("Whether the months are enough for a monthly pension"))
    monthly_fen: int


class PensionEstimate(Answer):
    """What the pension would be at the months a person can choose, paying on as now."""

    category: str
    monthly_base_fen: int = Field(description=gettext_noop("The base assumed until then"))
    choices: list[EstimatedPension]


def _estimate(asked: Asked) -> PensionEstimate:
    found = estimate(asked.subject_id, asked.on)
    choices = [
        EstimatedPension(
            retire_month=month_text(choice.retire_month) or "",
            kind=choice.kind,
            months=choice.sheet.total_months,
            enough=choice.enough,
            monthly_fen=choice.sheet.monthly_fen,
        )
        for choice in found.choices
    ]
    return PensionEstimate(category=found.category, monthly_base_fen=found.assumed.monthly_base_fen, choices=choices)


class PensionAward(Answer):
    """The award in force, with every line of its calculation."""

    case_no: str
    category: str
    retire_month: MonthText
    start_month: MonthText
    paid_months: int
    deemed_months: int
    account_balance_fen: int
    monthly_fen: int
    calculation: list[dict[str, Any]]


def _award(asked: Asked) -> PensionAward | None:
    row = current_award(asked.subject_id)
    if row is None:
        return None
    return PensionAward(
        case_no=row.case_no,
        category=row.category,
        retire_month=month_text(row.retire_month) or "",
        start_month=month_text(row.start_month) or "",
        paid_months=row.paid_months,
        deemed_months=row.deemed_months,
        account_balance_fen=row.account_balance_fen,
        monthly_fen=row.monthly_fen,
        calculation=list(explained(row)),
    )


register_query(
    Query(
        name="account-balance",
        title=_("Pension account"),
        description=_("The four parts of the personal account and the months counted."),
        scope="pension.read",
        about=About.PERSON,
        answer=AccountBalance,
        provide=_account,
    )
)
register_query(
    Query(
        name="pension-estimate",
        title=_("Pension estimate"),
        description=_("The pension at every month of retirement that can be chosen; nothing is stored."),
        scope="pension.read",
        about=About.PERSON,
        answer=PensionEstimate,
        provide=_estimate,
        missing=(RulesError,),
    )
)
register_query(
    Query(
        name="pension-award",
        title=_("Award in force"),
        description=_("Amount, months and the explanation of every line."),
        scope="pension.read",
        about=About.PERSON,
        answer=PensionAward,
        provide=_award,
    )
)
