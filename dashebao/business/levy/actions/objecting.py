"""An objection to a bill that is well founded: the right wages are kept and the differences billed or returned."""

from dataclasses import dataclass

from dashebao.business.levy.actions.correcting import NewBases, adjust_bases
from dashebao.business.levy.actions.declaring import Declared, declare
from dashebao.business.levy.models import Bill, BillObjection, DeclarationKind
from dashebao.business.levy.queries.checks import DeclaredRow
from dashebao.kernel.records.api import audit


@dataclass(frozen=True)
class Objection:
    """The bill objected to, rows with the right wages, why, and the month the difference is billed in."""

    bill: Bill
    rows: tuple[DeclaredRow, ...]
    reason: str
    billed_month: int
    case_no: str = ""


def grant_objection(given: Objection) -> BillObjection:
    """Keep the wages from the bill's month on and settle the difference of every month assessed since."""
    bill = given.bill
    declare(Declared(bill.unit_id, bill.month, given.rows, kind=DeclarationKind.ANNUAL, case_no=given.case_no))
    people = [row.person_id for row in given.rows if row.person_id]
    wages = [row.wage_fen or 0 for row in given.rows if row.person_id]
    done = adjust_bases(NewBases(bill.unit_id, bill.month, given.billed_month, people, wages, given.case_no))
    made: BillObjection = BillObjection.objects.create(
        unit_id=bill.unit_id,
        region_code=bill.region_code,
        bill=bill,
        reason=given.reason,
        adjustment_id=done.pk,
        case_no=given.case_no,
    )
    audit("levy.objection_granted", made, bill=bill.pk, owed_fen=done.owed_fen, credit_fen=done.credit_fen)
    return made
