"""Runs the rules, and carries a suspicious item on: taken, checked, confirmed, put right, or dismissed by two officers."""

from __future__ import annotations

import time
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from dashebao.kernel.identity.api import User, actor_of, require_role
from dashebao.kernel.records.api import acting, audit
from dashebao.platform.data_centre.api import composed

from .duties import OFFICER
from .errors import FourEyesNeeded, StaleFinding, SupervisionError
from .models import Finding, FindingState, FindingStep, RuleRun
from .register import Rule, rules

_RUN = """
with found as materialized ({sql}), fresh as (
  insert into supervision_finding (rule, gravity, subject, region_code, person_id, unit_id, case_no, month, amount_fen,
    facts, state, assigned_name, recovered_fen, version)
  select %(rule)s, %(gravity)s, f.subject, f.region_code, f.person_id, f.unit_id, coalesce(f.case_no, ''), f.month,
    f.amount_fen, f.facts, 'new', '', 0, 1
  from found f on conflict (rule, subject) do nothing returning 1)
select (select count(*) from found), (select count(*) from fresh)"""


@dataclass(frozen=True)
class Found:
    """What a run found: items in all, new ones."""

    found: int
    fresh: int


def run_rule(rule: Rule, month: int) -> Found:
    """Run one rule for a month in one statement; what was found before is not found again."""
    year, number = divmod(month, 100)
    days = {"first": date(year, number, 1), "last": date(year, number, monthrange(year, number)[1])}
    begun = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(
            _RUN.replace("{sql}", composed(rule.sql)),
            {"rule": rule.code, "gravity": rule.gravity, "month": month, **days, **rule.parameters},
        )
        found, fresh = cursor.fetchone()
    RuleRun.objects.create(
        rule=rule.code, month=month, found=found, fresh=fresh, milliseconds=round((time.monotonic() - begun) * 1000)
    )
    return Found(found, fresh)


def run_rules(month: int) -> Found:
    """Run every rule for a month in the caller's transaction; the work is one statement a rule."""
    results = [run_rule(rule, month) for rule in rules().values()]
    total = Found(sum(one.found for one in results), sum(one.fresh for one in results))
    audit("supervision.rules_run", ("supervision.run", month), found=total.found, fresh=total.fresh)
    return total


@dataclass(frozen=True)
class Step:
    """One step on an item: the act, the version the officer saw, the reason, money that came back (fen)."""

    act: str
    version: int
    note: str = ""
    amount_fen: int | None = None


# From which states an act is possible and where it leads ("" = the state stays).
ACTS: dict[str, tuple[tuple[str, ...], str]] = {
    "take": (("new", "checked", "confirmed"), ""),
    "check": (("new",), FindingState.CHECKED),
    "confirm": (("checked",), FindingState.CONFIRMED),
    "propose": (("new", "checked"), FindingState.PROPOSED),
    "dismiss": (("proposed",), FindingState.DISMISSED),
    "keep": (("proposed",), FindingState.CHECKED),
    "recover": (("confirmed",), FindingState.RECOVERED),
}
NEEDS_REASON = ("check", "confirm", "propose", "dismiss", "keep", "recover")
DECIDES = ("dismiss", "keep")


def acts_on(finding: Finding, by: User) -> list[str]:
    """What this officer may do with the item now."""
    return [
        act
        for act, (states, _to) in ACTS.items()
        if finding.state in states
        and not (act in DECIDES and finding.proposed_by == by.pk)
        and not (act == "take" and finding.assigned_to == by.pk)
    ]


def carry_on(finding_id: int, step: Step, by: User) -> Finding:
    """Do one step on an item; SupervisionError where it is not possible, is stale, or needs another officer."""
    require_role(by, OFFICER)
    with acting(actor_of(by), f"supervision.{step.act}"):
        finding: Finding | None = Finding.objects.select_for_update().filter(pk=finding_id).first()
        if finding is None:
            raise SupervisionError(_("There is no such item in your area."))
        _refuse(finding, step, by)
        _apply(finding, step, by)
        finding.version += 1
        finding.save()
        FindingStep.objects.create(
            finding=finding, act=step.act, user_id=by.pk, user_name=by.name, note=step.note[:500],
            amount_fen=step.amount_fen,
        )  # fmt: skip
        audit(
            f"supervision.{step.act}", finding, person=finding.person_id, region=finding.region_code, rule=finding.rule
        )
    return finding


def _refuse(finding: Finding, step: Step, by: User) -> None:
    if step.act not in ACTS or finding.state not in ACTS[step.act][0]:
        raise SupervisionError(_("This step is not possible in the state the item is in. Load the page again."))
    if finding.version != step.version:
        raise StaleFinding(_("Somebody else worked on this item in the meantime. Look at it again."))
    if step.act in NEEDS_REASON and not step.note.strip():
        raise SupervisionError(_("Say what you found or why; the words stay with the item."))
    if step.act in DECIDES and finding.proposed_by == by.pk:
        raise FourEyesNeeded(_("You proposed to dismiss this item. Another officer must decide."))
    if step.act == "recover" and (step.amount_fen is None or step.amount_fen < 0):
        raise SupervisionError(_("Enter how much came back, 0 if nothing was to be recovered."))


def _apply(finding: Finding, step: Step, by: User) -> None:
    to = ACTS[step.act][1]
    finding.state = to or finding.state
    if step.act == "take" or finding.assigned_to is None:
        finding.assigned_to, finding.assigned_name = by.pk, by.name
    if step.act == "propose":
        finding.proposed_by = by.pk
    if step.act == "keep":
        finding.proposed_by = None
    if step.act in ("dismiss", "recover"):
        finding.closed_by = by.pk
    if step.act == "recover":
        finding.recovered_fen = step.amount_fen or 0
