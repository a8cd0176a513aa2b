"""The door of the residents' pension."""

from dashebao.business.insurance.residents.actions import (
    Enrolling,
    ResidentClaim,
    ResidentsError,
    YearReceipt,
    award_resident,
    enrol_resident,
    receive_year,
)
from dashebao.business.insurance.residents.loading import (
    MemberColumns,
    ResidentPensionerColumns,
    YearColumns,
    load_members,
    load_resident_pensioners,
    load_years,
)
from dashebao.business.insurance.residents.queries import active_enrolment, award_of, payments_of, resident_sheet

__all__ = [
    "Enrolling",
    "MemberColumns",
    "ResidentClaim",
    "ResidentPensionerColumns",
    "ResidentsError",
    "YearColumns",
    "YearReceipt",
    "active_enrolment",
    "award_of",
    "award_resident",
    "enrol_resident",
    "load_members",
    "load_resident_pensioners",
    "load_years",
    "payments_of",
    "receive_year",
    "resident_sheet",
]
