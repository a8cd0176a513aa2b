"""The public door of codes."""

from dashebao.kernel.codes.errors import CodeError, UnknownCode
from dashebao.kernel.codes.identifiers import (
    FOREIGNER,
    HONG_KONG_MACAO,
    RESIDENT_CARD,
    TAIWAN,
    ResidentFacts,
    check_resident_id,
    check_uscc,
    make_resident_id,
    make_uscc,
    masked,
    organisation_check_digit,
    resident_check_digit,
    resident_id_18,
    resident_id_facts,
)
from dashebao.kernel.codes.tables import Code, Table, amend_tables, table, tables

__all__ = [
    "FOREIGNER",
    "HONG_KONG_MACAO",
    "RESIDENT_CARD",
    "TAIWAN",
    "Code",
    "CodeError",
    "ResidentFacts",
    "Table",
    "UnknownCode",
    "amend_tables",
    "check_resident_id",
    "check_uscc",
    "make_resident_id",
    "make_uscc",
    "masked",
    "organisation_check_digit",
    "resident_check_digit",
    "resident_id_18",
    "resident_id_facts",
    "table",
    "tables",
]
