"""The officers' work lists: mine, the team's, the overdue; cut over an index first, then looked at row by row.

A province has hundreds of thousands of open steps and an officer looks at fifty. So a list first takes a window of
candidates in its order from an index that holds everything it is narrowed by (role by role, because one index range is one
role), and only then leaves out what this officer may not sign. A page can therefore be shorter than its size where the
officer signed most of the window's cases; the mark it ends with still goes on behind the window.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from dashebao.kernel.cases.clock import today
from dashebao.kernel.cases.hands import Hand, hand_of
from dashebao.kernel.cases.models import CaseParty, CaseStep, Signature
from dashebao.kernel.cases.queries import UNDER_WAY, Filter, Order, known_item, named, step_title
from dashebao.kernel.cases.timing import worst
from dashebao.kernel.cases.values import Task
from dashebao.kernel.catalogue.api import StepKind
from dashebao.kernel.identity.api import User

FOUR_EYES = [kind.value for kind in StepKind if kind.four_eyes]
MOST_COUNTED = 100
EVERYTHING = Filter()
WINDOW = 4  # candidates looked at for every row asked for
ORDERS: dict[Order, tuple[str, ...]] = {
    Order.URGENT: ("urgent_on", "case_id"),  # steps without a limit come last, as PostgreSQL sorts nulls
    Order.OLDEST: ("case_id",),
    Order.NEWEST: ("-case_id",),
}
MARK = re.compile(r"(\d{4}-\d\d-\d\d)?\.(\d{1,18})")


@dataclass(frozen=True)
class TaskPage:
    """One page of a work list, and the marks by which the list goes on before and after it ("" where it ends)."""

    tasks: list[Task]
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Mark:
    """A place in a work list: the limit (None: none runs) and the case of the step there."""

    urgent_on: date | None
    case_id: int

    def __str__(self) -> str:
        return f"{self.urgent_on or ''}.{self.case_id}"

    @classmethod
    def read(cls, text: str) -> Mark | None:
        """A mark from an address; nonsense is none."""
        found = MARK.fullmatch(text)
        try:
            return cls(date.fromisoformat(found[1]) if found[1] else None, int(found[2])) if found else None
        except ValueError:
            return None


def tasks_for(by: User, narrowed: Filter = EVERYTHING) -> list[Task]:
    """The tasks this officer has taken, most urgent first."""
    return task_page("mine", by, narrowed).tasks


def team_tasks(by: User, narrowed: Filter = EVERYTHING) -> list[Task]:
    """The tasks nobody has taken that this officer may do: role, scope, level, four eyes, not an own case."""
    return task_page("team", by, narrowed).tasks


def overdue(by: User, narrowed: Filter = EVERYTHING) -> list[Task]:
    """All cases at this officer's roles and places whose time limit has passed, whoever has them."""
    return task_page("overdue", by, narrowed).tasks


def task_page(name: str, by: User, narrowed: Filter = EVERYTHING) -> TaskPage:
    """One page of the list "mine", "team" or "overdue", in two queries."""
    hand, back = hand_of(by), bool(narrowed.before)
    steps, may = LISTS[name]
    asked = steps(hand).filter(**_narrowing(narrowed))
    window = narrowed.size * WINDOW
    marks = _window(hand, asked, narrowed, window)
    if not marks:
        return TaskPage([])
    found = may(CaseStep.objects.filter(pk__in=list(marks)), hand).select_related("case")
    ordered = found.order_by(*_sorted(narrowed.order, back)).defer("data", "opinion", "case__answers")
    rows = list(ordered[: narrowed.size + 1])
    more = len(rows) > narrowed.size
    rows = rows[: narrowed.size]
    last = marks[rows[-1].pk] if more else list(marks.values())[-1] if len(marks) == window else None
    first = marks[rows[0].pk] if rows else None
    tasks = [_task(row) for row in rows]
    if back:
        return TaskPage(tasks[::-1], before=str(last or ""), after=str(first or ""))
    return TaskPage(tasks, before=str(first or "") if narrowed.after else "", after=str(last or ""))


def task_counts(by: User) -> dict[str, int]:
    """How many tasks are mine, the team's and overdue, one query each; nothing is counted beyond MOST_COUNTED.

    Candidates are counted out of the first MOST_COUNTED * WINDOW.
    """
    hand = hand_of(by)
    return {name: _counted(hand, steps(hand), may) for name, (steps, may) in LISTS.items()}


def _counted(hand: Hand, steps: QuerySet[CaseStep], may: May) -> int:
    size = MOST_COUNTED * WINDOW
    parts = [
        steps.filter(role=role).order_by("urgent_on", "case_id").values("pk")[:size] for role in sorted(hand.roles)
    ]
    if not parts:
        return 0
    candidates = _together(parts)
    return may(CaseStep.objects.filter(pk__in=candidates), hand)[:MOST_COUNTED].count()


def _window(hand: Hand, steps: QuerySet[CaseStep], narrowed: Filter, size: int) -> dict[int, Mark]:
    """The first `size` candidates beyond the mark, each with its own, read from the index role by role."""
    back = bool(narrowed.before)
    mark = Mark.read(narrowed.before or narrowed.after)
    order = _sorted(narrowed.order, back)
    parts = [
        steps.filter(beyond, role=role).order_by(*order).values_list("pk", "urgent_on", "case_id")[:size]
        for role in sorted(hand.roles)
        for beyond in _beyond(narrowed.order, mark, back)
    ]
    if not parts:
        return {}
    rows = parts[0] if len(parts) == 1 else _together(parts).order_by(*order)[:size]
    return {pk: Mark(urgent_on, case_id) for pk, urgent_on, case_id in rows}


def _together(parts: list[Any]) -> Any:
    return parts[0] if len(parts) == 1 else parts[0].union(*parts[1:], all=True)


def _sorted(order: Order, back: bool) -> tuple[str, ...]:
    if not back:
        return ORDERS[order]
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in ORDERS[order])


def _beyond(order: Order, mark: Mark | None, back: bool) -> list[Q]:
    """Conditions that together select what lies beyond a mark, each one range of the index."""
    if mark is None:
        return [Q()]
    up = back is (order is Order.NEWEST)
    further = Q(case_id__gt=mark.case_id) if up else Q(case_id__lt=mark.case_id)
    if order is not Order.URGENT:
        return [further]
    if mark.urgent_on is None:
        undated = Q(urgent_on__isnull=True) & further
        return [undated, Q(urgent_on__isnull=False)] if back else [undated]
    day = mark.urgent_on
    if back:
        return [Q(urgent_on__lte=day) & (Q(urgent_on__lt=day) | further)]
    return [Q(urgent_on__gte=day) & (Q(urgent_on__gt=day) | further), Q(urgent_on__isnull=True)]


def _narrowing(narrowed: Filter) -> dict[str, str]:
    item = {"item_code": narrowed.item_code} if narrowed.item_code else {}
    return item | (named(narrowed.text, "case__") if narrowed.text else {})


def _steps(hand: Hand) -> QuerySet[CaseStep]:
    """Open steps at the officer's places and level."""
    if not hand.is_officer or not hand.actor.region:
        return CaseStep.objects.none()
    return CaseStep.objects.filter(
        level__in=("", hand.level), state__in=UNDER_WAY, region_code__begins=hand.actor.region
    )


def _taken(hand: Hand) -> QuerySet[CaseStep]:
    return _steps(hand).filter(taken_by=hand.actor.id)


def _free(hand: Hand) -> QuerySet[CaseStep]:
    return _steps(hand).filter(taken_by__isnull=True).exclude(kind=StepKind.WAIT)


def _late(hand: Hand) -> QuerySet[CaseStep]:
    return _steps(hand).filter(urgent_on__lt=today())


def _not_own(steps: QuerySet[CaseStep], hand: Hand) -> QuerySet[CaseStep]:
    """Without the cases this officer takes part in as a person."""
    if not hand.person_id:
        return steps
    return steps.exclude(Exists(CaseParty.objects.filter(case=OuterRef("case_id"), person_id=hand.person_id)))


def _signable(steps: QuerySet[CaseStep], hand: Hand) -> QuerySet[CaseStep]:
    """Without own cases, steps this officer signed, and four-eyes steps of cases where the officer signed another one."""
    mine = Signature.objects.filter(case=OuterRef("case_id"), officer_id=hand.actor.id)
    eyes = mine.filter(four_eyes=True).exclude(step_key=OuterRef("key"))
    signed = mine.filter(step=OuterRef("pk"), round=OuterRef("round"))
    return _not_own(steps, hand).exclude(Q(kind__in=FOUR_EYES) & Exists(eyes)).exclude(Exists(signed))


May = Callable[["QuerySet[CaseStep]", Hand], "QuerySet[CaseStep]"]
LISTS: dict[str, tuple[Callable[[Hand], QuerySet[CaseStep]], May]] = {
    "mine": (_taken, _not_own),
    "team": (_free, _signable),
    "overdue": (_late, _not_own),
}


def _task(step: CaseStep) -> Task:
    case: Any = step.case
    found = known_item(case.item_code)
    dues = [one for one in (step.due_on, case.promised_on, case.due_on) if one is not None]
    return Task(
        case_no=case.case_no,
        item_code=case.item_code,
        item_label=found.label if found is not None else case.item_code,
        applicant_name=case.applicant_name,
        region_code=case.region_code,
        channel=case.channel,
        state=case.state,
        step_key=step.key,
        step_title=step_title(found, step.key),
        step_kind=step.kind,
        role=step.role,
        taken_by=step.taken_by,
        taken_name=step.taken_name,
        submitted_at=case.submitted_at,
        due_on=min(dues, default=None),
        light=worst(case.state, dues, today()),
        version=case.version,
    )
