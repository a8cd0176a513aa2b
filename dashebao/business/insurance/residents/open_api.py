"""What programs may ask the residents' pension: memberships, the years paid, the award with its calculation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from dashebao.business.insurance.common.api import balances_of
from dashebao.business.insurance.residents.assessing import waiting_years
from dashebao.business.insurance.residents.models import YearPayment
from dashebao.business.insurance.residents.queries import (
    SCHEME,
    award_of,
    explained,
    memberships_of,
    payments_of,
    years_counted,
)
from dashebao.kernel.legal_time.api import month_text
from dashebao.kernel.registry.api import person
from dashebao.platform.service_centre.open_api.api import (
    About,
    Answer,
    Asked,
    MonthText,
    Query,
    Question,
    Rows,
    register_query,
    register_scope,
)

register_scope("residents.read", _("Residents' pension: memberships, years paid and award of a person"))


class ResidentMembership(Answer):
    """One membership of the residents' pension."""

    state: str = Field(description=gettext_noop("active or ended"))
    region_code: str
    enrolled_on: date
    ended_on: date | None
    end_reason: str = Field(description=gettext_noop("death, abroad, other or linked; empty while it runs"))
    tier_fen: int = Field(description=gettext_noop("The yearly tier chosen"))
    linked_months: int = Field(description=gettext_noop("Months of the employees' scheme that count here"))


class ResidentMemberships(Answer):
    """All memberships of a person, newest first, with what they come to."""

    items: list[ResidentMembership]
    years_counted: int
    account_fen: int
    years_waiting: list[int] = Field(description=gettext_noop("Years the tax office has still to collect"))


def _memberships(asked: Asked) -> ResidentMemberships | None:
    found = memberships_of(asked.subject_id)
    if not found:
        return None
    human = person(asked.subject_id)
    return ResidentMemberships(
        items=[ResidentMembership.model_validate(row) for row in found],
        years_counted=years_counted(human.pk),
        account_fen=balances_of(human.pk, human.region_code, SCHEME).total,
        years_waiting=[row.for_year for row in waiting_years(human.pk)],
    )


class Years(Question):
    """A span of years, both included."""

    from_year: int = Field(0, ge=0, le=9999)
    until_year: int = Field(9999, ge=0, le=9999)


class ResidentYear(Answer):
    """One year a resident has paid, and what was added to it."""

    for_year: int
    paid_on: date
    tier_fen: int
    subsidy_fen: int
    collective_fen: int
    receipt_no: str


def _years(asked: Asked) -> Rows:
    first, last = asked.question.from_year, asked.question.until_year
    rows = [row for row in payments_of(asked.subject_id) if first <= row.for_year <= last]
    rows = [row for row in rows if not asked.after or row.for_year < int(asked.after)]
    shown: list[YearPayment] = rows[: asked.limit]
    more = shown[-1].for_year if len(rows) > asked.limit else None
    return Rows([ResidentYear.model_validate(row) for row in shown], more)


class ResidentPensionAward(Answer):
    """The residents' pension as awarded, with every line of its calculation."""

    case_no: str
    start_month: MonthText
    paid_years: int
    account_balance_fen: int
    basic_fen: int
    account_fen: int
    monthly_fen: int
    calculation: list[dict[str, Any]]


def _award(asked: Asked) -> ResidentPensionAward | None:
    row = award_of(asked.subject_id)
    if row is None:
        return None
    return ResidentPensionAward(
        case_no=row.case_no,
        start_month=month_text(row.start_month),
        paid_years=row.paid_years,
        account_balance_fen=row.account_balance_fen,
        basic_fen=row.basic_fen,
        account_fen=row.account_fen,
        monthly_fen=row.monthly_fen,
        calculation=list(explained(row)),
    )


register_query(
    Query(
        name="resident-memberships",
        title=_("Memberships of the residents' pension"),
        description=_("Since when, at which tier, how many years count, and the account."),
        scope="residents.read",
        about=About.PERSON,
        answer=ResidentMemberships,
        provide=_memberships,
    )
)
register_query(
    Query(
        name="resident-years",
        title=_("Years paid to the residents' pension"),
        description=_("Year by year, newest first: what was paid and what the government added."),
        scope="residents.read",
        about=About.PERSON,
        answer=ResidentYear,
        question=Years,
        provide=_years,
        paged=True,
    )
)
register_query(
    Query(
        name="resident-award",
        title=_("Award of the residents' pension"),
        description=_("Basic and account pension, and the explanation of every line."),
        scope="residents.read",
        about=About.PERSON,
        answer=ResidentPensionAward,
        provide=_award,
    )
)
