"""Injury insurance of construction projects: one premium on the cost, billed at once."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from dashebao.business.fund.api import pool_region
from dashebao.business.levy.actions.correcting import next_seq
from dashebao.business.levy.actions.sending import send_bills
from dashebao.business.levy.errors import LevyRefused, NotRegistered
from dashebao.business.levy.models import Bill, BillItem, LineKind, ProjectInsurance
from dashebao.business.levy.queries.enrolments import registration_of
from dashebao.business.levy.rates import due_on
from dashebao.business.levy.schemes import INJURY
from dashebao.kernel.legal_time.api import first_day_of
from dashebao.kernel.money.api import format_yuan, parse_yuan
from dashebao.kernel.records.api import audit
from dashebao.kernel.rules.api import evaluate, explain, parameters


@dataclass(frozen=True)
class ProjectEntry:
    """A construction project: contract, cost in fen, building time; `billed_month` is the month of its bill."""

    unit_id: int
    name: str
    contract_no: str
    cost_fen: int
    starts_on: date
    ends_on: date
    billed_month: int
    site: str = ""
    case_no: str = ""


def premium_explained(region_code: str, cost_fen: int, on: date) -> dict[str, Any]:
    """The trace of a project's premium (工伤保险条例 10)."""
    inputs = {"cost": format_yuan(cost_fen)}
    return explain("levy.project_premium", inputs, on=on, region=region_code).as_json()


def insure_project(given: ProjectEntry) -> ProjectInsurance:
    """Keep a project's insurance and bill its premium; LevyRefused for a contract insured already."""
    registration = registration_of(given.unit_id)
    if registration is None:
        raise NotRegistered(_("The unit is not registered for social insurance. Register it first."))
    if ProjectInsurance.objects.filter(contract_no=given.contract_no).exists():
        raise LevyRefused(_("The project with this contract is insured already."))
    region, day = registration.region_code, first_day_of(given.billed_month)
    found = evaluate("levy.project_premium", {"cost": format_yuan(given.cost_fen)}, on=day, region=region)
    premium = parse_yuan(str(found["premium"]))
    made: ProjectInsurance = ProjectInsurance.objects.create(
        unit_id=given.unit_id,
        region_code=region,
        name=given.name,
        contract_no=given.contract_no,
        site=given.site,
        cost_fen=given.cost_fen,
        rate_millionths=int(parameters(region, day).rate("levy.injury.project_rate") * 1_000_000),
        premium_fen=premium,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        bill=_billed(given, region, premium),
        case_no=given.case_no,
    )
    send_bills([made.bill_id], given.billed_month, f"project-{given.unit_id}-{made.pk}")
    audit("levy.project_insured", made, premium_fen=premium)
    return made


def _billed(given: ProjectEntry, region: str, premium: int) -> Bill:
    month, due = given.billed_month, due_on(region, given.billed_month)
    bill: Bill = Bill.objects.create(
        month=month,
        unit_id=given.unit_id,
        person_id=0,
        kind=LineKind.PROJECT,
        seq=next_seq(given.unit_id, month, LineKind.PROJECT),
        region_code=region,
        headcount=0,
        due_on=due,
    )
    BillItem.objects.create(
        bill=bill,
        month=month,
        unit_id=given.unit_id,
        person_id=0,
        region_code=region,
        scheme=INJURY,
        pool_code=pool_region(INJURY, region, first_day_of(month)),
        due_on=due,
        employer_fen=premium,
        worker_fen=0,
    )
    return bill
