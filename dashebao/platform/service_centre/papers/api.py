"""The door of the papers: what a business needs to register kinds of papers, and issuing for others."""

from dashebao.platform.service_centre.papers.actions import issue, revoke
from dashebao.platform.service_centre.papers.errors import NothingToPrint, NotYours, PaperError
from dashebao.platform.service_centre.papers.models import IssuedPaper
from dashebao.platform.service_centre.papers.queries import paper_for, papers_of_person, papers_of_unit
from dashebao.platform.service_centre.papers.register import (
    PaperKind,
    paper_kind,
    paper_kinds,
    register_paper,
    result_kind,
)
from dashebao.platform.service_centre.papers.values import Content, Holder, Part, Prose, Wanted

__all__ = [
    "Content",
    "Holder",
    "IssuedPaper",
    "NotYours",
    "NothingToPrint",
    "PaperError",
    "PaperKind",
    "Part",
    "Prose",
    "Wanted",
    "issue",
    "paper_for",
    "paper_kind",
    "paper_kinds",
    "papers_of_person",
    "papers_of_unit",
    "register_paper",
    "result_kind",
    "revoke",
]
