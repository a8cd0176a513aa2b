"""Papers people have asked for before the first month: certificates, a statement in English, one revoked by an officer."""

import datetime

from dashebao.kernel.cases.api import at
from dashebao.kernel.identity.api import User, prefix
from dashebao.platform.service_centre.papers.api import (
    IssuedPaper,
    NothingToPrint,
    Wanted,
    issue,
    paper_kind,
    revoke,
)

CITIZENS, OPERATORS = 3, 2
ASKED = (("levy.certificate", "zh", {}), ("pension.statement", "zh", {}), ("levy.certificate", "en", {}))


def hand_out(first_month: int) -> None:
    """Issue papers to the first citizens and units that can sign in, at their own request."""
    day = datetime.date(first_month // 100, first_month % 100, 2)
    with at(day):
        made: list[IssuedPaper] = []
        for user in User.objects.filter(kind="citizen").order_by("pk")[:CITIZENS]:
            made += _issued(user, user.person_id, day, [(code, tongue, answers) for code, tongue, answers in ASKED])
        for user in User.objects.filter(kind="operator").order_by("pk")[:OPERATORS]:
            _issued(user, user.unit_id, day, [("levy.unit_certificate", "zh", {}), ("levy.roster", "zh", {})])
        _revoke_one(made)


def _issued(user: User, subject_id: int, day: datetime.date, asked: list[tuple[str, str, dict]]) -> list[IssuedPaper]:
    found = []
    for code, language, answers in asked:
        wanted = Wanted(subject_id=subject_id, on=day, answers=answers)
        try:
            found.append(issue(paper_kind(code), wanted, language=language, by=user))
        except NothingToPrint:
            continue
    return found


def _revoke_one(made: list[IssuedPaper]) -> None:
    """The newest paper of the last citizen: the name had been entered wrongly."""
    for paper in reversed(made):
        officers = User.objects.filter(kind="officer", grants__role="pension.clerk").select_related("office")
        near = next((one for one in officers if paper.region_code.startswith(prefix(one.office.region_code))), None)
        if near is not None:
            revoke(paper.pk, "持有人申请更正姓名后重新出具", by=near)
            return
