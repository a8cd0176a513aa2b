"""The guide of a service item: everything an applicant may ask beforehand, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from dashebao.kernel.catalogue.item import ServiceItem
from dashebao.kernel.catalogue.parts import ApplicantKind, Material, OfficeLevel, Text
from dashebao.kernel.catalogue.steps import Step, StepKind, WindowAct
from dashebao.kernel.law.api import Article
from dashebao.kernel.legal_time.api import Limit, TimeUnit


@dataclass(frozen=True)
class PaperLine:
    """One paper in the guide; ``note`` says original, copies, or where the office fetches it itself."""

    name: str
    note: str
    law: str
    must_bring: bool


@dataclass(frozen=True)
class StepLine:
    """One step in the guide; ``limit`` is empty if the step has no limit of its own."""

    key: str
    kind: StepKind
    title: str
    limit: str
    act: str
    has_form: bool
    officers: int
    level: str


@dataclass(frozen=True)
class Guide:
    """A service item as the portal shows it before anybody applies."""

    code: str
    name: str
    title: str
    label: str
    summary: str
    category: str
    who: str
    channels: tuple[str, ...]
    papers: tuple[PaperLine, ...]
    steps: tuple[StepLine, ...]
    legal_limit: str
    promised_limit: str
    law: tuple[str, ...]
    fee_fen: int
    result: str
    offices: tuple[str, ...]
    has_roster: bool
    roster_title: str


def guide(item: ServiceItem) -> Guide:
    """The guide of an item in the active language."""
    named: list[OfficeLevel] = [step.level for step in item.steps if step.level is not OfficeLevel.ANY]
    levels = list(dict.fromkeys(named)) or [OfficeLevel.ANY]
    return Guide(
        code=item.code,
        name=item.name,
        title=str(item.title),
        label=item.label,
        summary=str(item.summary),
        category=item.category,
        who=_who(item),
        channels=tuple(str(channel.label) for channel in item.channels),
        papers=tuple(_paper(paper) for paper in item.materials),
        steps=tuple(_step(step) for step in item.steps),
        legal_limit=limit_text(item.legal_limit),
        promised_limit=limit_text(item.promised_limit),
        law=tuple(law_text(article) for article in item.law),
        fee_fen=item.fee_fen,
        result=str(item.result),
        offices=tuple(str(level.label) for level in levels),
        has_roster=item.Row is not None,
        roster_title=str(item.row_title),
    )


def _who(item: ServiceItem) -> str:
    if item.applicant is ApplicantKind.UNIT and item.Row is not None:
        return _("A unit, with a list of persons")
    return str(item.applicant.label)


def _paper(paper: Material) -> PaperLine:
    notes: list[Text] = []
    if paper.fetched_from:
        notes.append(_("We fetch it from %(source)s; you need not bring it") % {"source": paper.fetched_from})
    if paper.original:
        notes.append(_("original"))
    if paper.copies:
        notes.append(ngettext("%(n)d copy", "%(n)d copies", paper.copies) % {"n": paper.copies})
    if not paper.required:
        notes.append(_("only if it applies to you"))
    law = law_text(paper.law) if paper.law is not None else ""
    separator = "；" if _chinese() else "; "
    bring = paper.required and not paper.fetched_from
    return PaperLine(paper.label, separator.join(str(note) for note in notes), law, bring)


def _step(step: Step) -> StepLine:
    act: Text = step.act.label if isinstance(step.act, WindowAct) else ""
    return StepLine(
        key=step.name,
        kind=step.kind,
        title=str(step.title),
        limit=limit_text(step.limit),
        act=str(act),
        has_form=step.form is not None,
        officers=step.officers,
        level=str(step.level.label),
    )


def _chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def limit_text(limit: Limit | None) -> str:
    """A limit in words of the active language; "at once" for none days, empty for no limit."""
    if limit is None:
        return ""
    if limit.number == 0:
        return _("At once")
    if limit.unit is TimeUnit.WORKING_DAYS:
        words = ngettext("%(n)d working day", "%(n)d working days", limit.number)
    elif limit.unit is TimeUnit.DAYS:
        words = ngettext("%(n)d day", "%(n)d days", limit.number)
    elif limit.unit is TimeUnit.MONTHS:
        words = ngettext("%(n)d month", "%(n)d months", limit.number)
    else:
        words = ngettext("%(n)d year", "%(n)d years", limit.number)
    return words % {"n": limit.number}


def law_text(article: Article) -> str:
    """An article as it is cited in letters."""
    return article.citation(get_language() or "zh")
