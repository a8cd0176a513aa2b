"""How the demonstration's officers decide claims and sign batches, through the doors every officer uses."""

from dashebao.business.fund import api as fund
from dashebao.kernel.cases.api import CaseError, Filter, advance, refuse, take, team_tasks
from dashebao.kernel.cases.models import Case
from dashebao.kernel.identity.api import User, actor_of
from dashebao.kernel.records.api import SYSTEM, acting
from demonstration.staff import ROBOTS

OPINION = "核对无误，同意。"


def decide_claims(prefix: str) -> int:
    """Move every open claim whose key starts with `prefix` one step on by the officer whose turn it is."""
    moved = 0
    with acting(SYSTEM, "look for the demonstration's claims"):
        ours = set(
            Case.objects.filter(key__startswith=prefix, state__in=["submitted", "accepted"]).values_list(
                "case_no", flat=True
            )
        )
    if not ours:
        return 0
    for role in ("pension.clerk", "pension.assessor", "pension.approver"):
        officer = _officer(role)
        with acting(actor_of(officer), "look for tasks"):
            open_tasks = [task for task in team_tasks(officer, Filter(size=500)) if task.case_no in ours]
        for task in open_tasks:
            if task.role == role:
                moved += _decide(task.case_no, officer)
    return moved


def _decide(case_no: str, officer: User) -> int:
    try:
        take(case_no, officer)
        advance(case_no, officer, OPINION)
    except CaseError:
        try:
            refuse(case_no, officer, "不符合条件。")
        except CaseError as error:
            print(f"  {case_no}: {error}", flush=True)
            return 0
    return 1


def sign_payment_batches() -> int:
    """Make, check and approve every waiting payment batch by three officers; returns the number of signatures."""
    signed = 0
    for stage in ("maker", "checker", "approver"):
        officer = _officer(f"fund.{stage}")
        with acting(actor_of(officer), f"sign payment batches as {stage}"):
            waiting = fund.batches_waiting(stage)
            if waiting:
                fund.sign_batches(stage, [batch.id for batch in waiting], by=officer)
                signed += len(waiting)
    return signed


def _officer(role: str) -> User:
    return User.objects.select_related("office").get(username=ROBOTS[role])
