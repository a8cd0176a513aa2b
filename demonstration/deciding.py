"""How the demonstration's officers decide claims and sign batches, through the doors every officer uses."""

import time

from dashebao.business.fund import api as fund
from dashebao.kernel.cases.api import CaseError, Filter, Task, advance, refuse, take, tasks_for, team_tasks
from dashebao.kernel.cases.models import Case
from dashebao.kernel.identity.api import User, actor_of
from dashebao.kernel.records.api import SYSTEM, acting
from demonstration.staff import ROBOTS

OPINION = "核对无误，同意。"
MANY = Filter(size=500)
ROLES = ("pension.clerk", "pension.assessor", "pension.approver")
PATIENCE_SECONDS = 60
POLL_SECONDS = 0.5


def decide_claims(prefix: str) -> int:
    """Move every open claim whose key starts with `prefix` one step on by the officer whose turn it is."""
    moved = 0
    ours = _open_claims(prefix)
    for role in ROLES if ours else ():
        officer = _officer(role)
        for task in _tasks(role, officer, ours):
            moved += _decide(task.case_no, officer)
    return moved


def wait_for_decisions(prefix: str) -> bool:
    """Wait until the officers, who work elsewhere, have nothing left to decide; False if nothing moves any more."""
    before, since = None, time.monotonic()
    while ours := _open_claims(prefix):
        waiting = [(task.case_no, task.version) for role in ROLES for task in _tasks(role, _officer(role), ours)]
        if not waiting:
            return True
        if waiting != before:
            before, since = waiting, time.monotonic()
        elif time.monotonic() - since > PATIENCE_SECONDS:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _open_claims(prefix: str) -> set[str]:
    with acting(SYSTEM, "look for the demonstration's claims"):
        claims = Case.objects.filter(key__startswith=prefix, state__in=["submitted", "accepted"])
        return set(claims.values_list("case_no", flat=True))


def _tasks(role: str, officer: User, ours: set[str]) -> list[Task]:
    """Claims that wait for this officer: first those taken before the work broke off, then those nobody has taken."""
    with acting(actor_of(officer), "look for tasks"):
        tasks = tasks_for(officer, MANY) + team_tasks(officer, MANY)
    return [task for task in tasks if task.case_no in ours and task.role == role]


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
