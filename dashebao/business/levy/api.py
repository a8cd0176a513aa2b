"""The door of the levy."""

from dashebao.business.levy.actions.assessing import assess_range, assess_unit
from dashebao.business.levy.actions.billing import bill_range
from dashebao.business.levy.actions.collected_for_others import Payment, Voucher, register_collected
from dashebao.business.levy.actions.declaring import Declared, choose_base, declare
from dashebao.business.levy.actions.enrolling import Leaving, Paper, Starting, enrol, enrol_flexible, stop
from dashebao.business.levy.actions.refunding import RefundOrder, decide_refund
from dashebao.business.levy.actions.registering import (
    UnitEntry,
    change_unit,
    close_unit,
    register_unit,
    set_injury_rate,
)
from dashebao.business.levy.columns import load_temporary, read_columns, write_columns
from dashebao.business.levy.errors import (
    AlreadyEnrolled,
    ArrearsOpen,
    EvidenceMissing,
    LevyRefused,
    MonthClosed,
    NotEnrolled,
    NothingToPay,
    NotRegistered,
)
from dashebao.business.levy.events import ContributionsPosted, PersonEnrolled, PersonLeft
from dashebao.business.levy.queries.arrears import OwedItem, owed_by, owed_items
from dashebao.business.levy.queries.checks import DeclaredRow
from dashebao.business.levy.queries.enrolments import (
    Relation,
    StaffRow,
    conflicts,
    enrolled,
    headcount_of,
    open_month,
    relations_of,
    staff_of,
)
from dashebao.business.levy.queries.histories import (
    BillView,
    LineView,
    PaidMonths,
    PensionHistory,
    bills_of,
    contributions_of,
    paid_months,
    pension_history,
)

__all__ = [
    "AlreadyEnrolled",
    "ArrearsOpen",
    "BillView",
    "ContributionsPosted",
    "Declared",
    "DeclaredRow",
    "EvidenceMissing",
    "Leaving",
    "LevyRefused",
    "LineView",
    "MonthClosed",
    "NotEnrolled",
    "NotRegistered",
    "NothingToPay",
    "OwedItem",
    "PaidMonths",
    "Paper",
    "Payment",
    "PensionHistory",
    "PersonEnrolled",
    "PersonLeft",
    "RefundOrder",
    "Relation",
    "StaffRow",
    "Starting",
    "UnitEntry",
    "Voucher",
    "assess_range",
    "assess_unit",
    "bill_range",
    "bills_of",
    "change_unit",
    "choose_base",
    "close_unit",
    "conflicts",
    "contributions_of",
    "decide_refund",
    "declare",
    "enrol",
    "enrol_flexible",
    "enrolled",
    "headcount_of",
    "load_temporary",
    "open_month",
    "owed_by",
    "owed_items",
    "paid_months",
    "pension_history",
    "read_columns",
    "register_collected",
    "register_unit",
    "relations_of",
    "set_injury_rate",
    "staff_of",
    "stop",
    "write_columns",
]
