"""What programs may ask about running benefits."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from dashebao.business.insurance.common.actions import BenefitError
from dashebao.business.insurance.common.queries import benefits_of
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

register_told(BenefitError)
register_scope("benefits.read", _("Running benefits of a person"))


class BenefitShown(Answer):
    """One monthly benefit of a person."""

    scheme: str
    kind: str
    state: str = Field(description=gettext_noop("running, suspended or ended"))
    monthly_fen: int
    start_month: MonthText


class BenefitsShown(Answer):
    """All benefits of a person."""

    items: list[BenefitShown]


def _benefits(asked: Asked) -> BenefitsShown:
    return BenefitsShown(
        items=[
            BenefitShown(
                scheme=row.scheme,
                kind=row.kind,
                state=row.state,
                monthly_fen=row.monthly_fen,
                start_month=month_text(row.start_month) or "",
            )
            for row in benefits_of(asked.subject_id)
        ]
    )


register_query(
    Query(
        name="benefits",
        title=_("Running benefits"),
        description=_("Pensions and other monthly benefits, with what is paid now."),
        scope="benefits.read",
        about=About.PERSON,
        answer=BenefitsShown,
        provide=_benefits,
    )
)
