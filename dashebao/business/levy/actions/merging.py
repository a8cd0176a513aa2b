"""Two records of one person: relations go on under the record that stays, months paid twice are returned."""

from dataclasses import dataclass

from dashebao.business.levy.actions.enrolling import (
    Leaving,
    Paper,
    Place,
    Starting,
    begin,
    stop,
)
from dashebao.business.levy.actions.refunding import RefundOrder, decide_refund
from dashebao.business.levy.models import Movement, Wage
from dashebao.business.levy.queries.enrolments import Relation, conflicts, relations_of
from dashebao.business.levy.queries.histories import LineView, contributions_of
from dashebao.kernel.records.api import audit

MERGED, PARTED = "merged", "parted"


def carry_relations(from_id: int, to_id: int, month: int, reason: str = MERGED) -> int:
    """End what one record still holds and let the other go on with it from `month`; returns how many relations.

    An insurance the other record already holds is only ended: nobody is insured twice (社会保险法 58).
    """
    carried = 0
    for relation in relations_of(from_id):
        if relation.until_month is None:
            carried += _carry(relation, to_id, month, reason)
    audit("levy.relations_carried", ("registry.person", to_id), person=to_id, came_from=from_id, relations=carried)
    return carried


def give_relations_back(keep_id: int, lose_id: int, month: int) -> int:
    """Undo: what the kept record took over from the other goes back to it from `month`."""
    back = 0
    taken = Movement.objects.filter(person_id=keep_id, reason_code=MERGED, document=f"person {lose_id}")
    units = set(taken.values_list("unit_id", flat=True))
    for relation in relations_of(keep_id):
        if relation.until_month is None and (relation.unit_id or None) in units:
            back += _carry(relation, lose_id, month, PARTED)
    return back


def _carry(relation: Relation, to_id: int, month: int, reason: str) -> int:
    wage = Wage.objects.filter(unit_id=relation.unit_id, person_id=relation.person_id, from_month__lte=month)
    counts = wage.order_by("-from_month", "-id").values_list("wage_fen", "medical_wage_fen").first() or (0, None)
    starts = max(month, relation.from_month)
    stop(relation.unit_id, [Leaving(relation.person_id, starts, reason_code=reason)])
    free = tuple(
        code for code in relation.schemes if not conflicts([to_id], relation.unit_id, [code], starts).get(to_id)
    )
    if not free:
        return 0
    paper = Paper(reason_code=reason, document=f"person {relation.person_id}")
    person = Starting(to_id, counts[0], free, relation.identity, counts[1])
    return begin(Place(relation.unit_id, relation.region_code, starts, paper), [person])


@dataclass(frozen=True)
class PaidTwice:
    """A month both records paid for one insurance: what the second record's payer gave, in fen by part."""

    unit_id: int
    person_id: int
    scheme: str
    month: int
    employer_fen: int
    worker_fen: int


def paid_twice(keep_id: int, lose_id: int) -> list[PaidTwice]:
    """Months of the losing record that the kept record paid as well; two queries. Injury may be paid by several units."""
    kept = {(line.for_month, code) for line in contributions_of(keep_id) for code in _paid(line)}
    return [
        PaidTwice(
            line.unit_id, lose_id, code, line.for_month, max(0, line.employer_fen[code]), max(0, line.worker_fen[code])
        )
        for line in contributions_of(lose_id)
        for code in _paid(line)
        if (line.for_month, code) in kept and code != "410"
    ]


def _paid(line: LineView) -> list[str]:
    return [code for code, month in line.paid_month.items() if month and line.base_fen[code] > 0]


def return_paid_twice(rows: list[PaidTwice], region_code: str, reason: str, case_no: str) -> list[int]:
    """Decide the refund of every month paid twice; returns the numbers of the refunds."""
    return [
        decide_refund(
            RefundOrder(
                unit_id=row.unit_id,
                person_id=row.person_id,
                region_code=region_code,
                scheme=row.scheme,
                month=row.month,
                employer_fen=row.employer_fen,
                worker_fen=row.worker_fen,
                reason=reason,
                case_no=case_no,
            )
        ).pk
        for row in rows
        if row.employer_fen + row.worker_fen > 0
    ]
