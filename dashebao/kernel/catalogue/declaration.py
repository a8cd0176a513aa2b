"""The rules a declaration must keep: no law, no item; no paper without basis; no promise beyond the law."""

from __future__ import annotations

import inspect
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms

from dashebao.kernel.catalogue.parts import ApplicantKind, CaseFacts, Channel, Example, Material, Text
from dashebao.kernel.catalogue.steps import Extension, Step, StepKind
from dashebao.kernel.law.api import Article
from dashebao.kernel.legal_time.api import Limit

CODE = re.compile(r"[A-Z]{2,4}-[0-9]{2,4}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


class DeclarationError(TypeError):
    """A service item that may not be declared; the message lists every fault."""


class Declaration(ABC):
    """What a service item declares; a subclass that breaks a rule cannot be made.

    ``legal_limit`` runs from acceptance; None is allowed only if the law gives each officer's step a limit of its own.
    ``joint`` means the applicants act as one: when one of several withdraws, the whole application is withdrawn.
    ``operator_right`` is the right a unit's operator needs for it ("unit.staff" …); without one only the main operator may.
    ``Row`` declares a roster (a unit's persons, a household's members, workers with their claims), drawn as a table.
    """

    code: ClassVar[str] = ""
    title: ClassVar[Text] = ""
    summary: ClassVar[Text] = ""
    category: ClassVar[str] = "other"
    law: ClassVar[tuple[Article, ...]] = ()
    channels: ClassVar[Channel] = Channel(0)
    applicant: ClassVar[ApplicantKind] = ApplicantKind.PERSON
    joint: ClassVar[bool] = True
    operator_right: ClassVar[str] = ""
    legal_limit: ClassVar[Limit | None] = None
    promised_limit: ClassVar[Limit | None] = None
    extension: ClassVar[Extension | None] = None
    materials: ClassVar[tuple[Material, ...]] = ()
    steps: ClassVar[tuple[Step, ...]] = ()
    result: ClassVar[Text] = ""
    fee_fen: ClassVar[int] = 0
    examples: ClassVar[tuple[Example, ...]] = ()
    Row: ClassVar[type[forms.Form] | None] = None
    row_title: ClassVar[Text] = ""
    min_rows: ClassVar[int] = 0

    class Form(forms.Form):
        """No questions; an item replaces this class by its own form."""

    def __init_subclass__(cls, abstract: bool = False, **options: Any) -> None:
        """Refuse an unlawful or incomplete declaration; ``abstract=True`` marks a shared base."""
        super().__init_subclass__(**options)
        if not abstract:
            check_declaration(cls)

    @abstractmethod
    def effect(self, case: CaseFacts) -> Mapping[str, Any] | None:
        """Carry a granted decision out, by calling one action of the owning system; runs in the decision's transaction.

        The returned JSON values (keys of the rows made) are kept with the decision.
        """


def check_declaration(item: type[Declaration]) -> None:
    """Raise DeclarationError naming all faults of a service item class."""
    faults = [*_naming(item), *_lawfulness(item), *_papers(item), *_steps(item), *_completeness(item)]
    if faults:
        raise DeclarationError(f"{item.__qualname__} cannot be declared: " + "; ".join(faults))


def _naming(item: type[Declaration]) -> Iterator[str]:
    if not CHINESE.search(official_name(item)):
        yield "the docstring must begin with the official Chinese name"
    if not CODE.fullmatch(item.code):
        yield f"code {item.code!r} must look like SI-401"
    if not item.title:
        yield "title (English) is missing"
    if not item.result:
        yield "result (the paper handed out) is missing"


def _lawfulness(item: type[Declaration]) -> Iterator[str]:
    if not item.law or not all(isinstance(article, Article) for article in item.law):
        yield "law must name at least one article"
    legal, promised = item.legal_limit, item.promised_limit
    if promised is not None and legal is None:
        yield "promised_limit needs a legal_limit to be measured against"
    if promised is not None and legal is not None:
        yield from _promise(promised, legal)
    if legal is None:
        for step in item.steps:
            timed = step.limit is not None and step.law is not None
            if not (timed or step.automatic or step.kind.after_decision):
                yield f"without a legal_limit the step {step.name!r} needs a limit and its article"
    if item.extension is not None and (legal is None or item.extension.limit.unit is not legal.unit):
        yield "extension needs a legal_limit counted in the same unit"
    if item.fee_fen < 0:
        yield "fee_fen may not be negative"


def _promise(promised: Limit, legal: Limit) -> Iterator[str]:
    if promised.unit != legal.unit:
        yield "promised_limit must count in the same unit as legal_limit"
    elif promised.number > legal.number:
        yield f"promised_limit ({promised.number}) is longer than the law allows ({legal.number})"


def _papers(item: type[Declaration]) -> Iterator[str]:
    seen: set[str] = set()
    for paper in item.materials:
        if paper.law is None and not paper.identity and not paper.fetched_from:
            yield f"the paper {paper.name!r} has no legal basis"
        if paper.copies < 0:
            yield f"the paper {paper.name!r} asks for a negative number of copies"
        if paper.name in seen:
            yield f"the paper {paper.name!r} is asked for twice"
        seen.add(paper.name)


def _steps(item: type[Declaration]) -> Iterator[str]:
    kinds = [step.kind for step in item.steps]
    if not kinds or kinds[0] is not StepKind.INTAKE:
        yield "the first step must be an intake"
    if kinds.count(StepKind.INTAKE) > 1:
        yield "only one step may be an intake"
    if kinds.count(StepKind.DECIDE) != 1:
        yield "exactly one step must decide"
    names = [step.name for step in item.steps]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"two steps have the key {name!r}; give each its own key"
    decided = False
    for step in item.steps:
        if step.kind.after_decision and not decided:
            yield f"the step {step.name!r} stands before the decision it carries out"
        if decided and not step.kind.after_decision:
            yield f"the step {step.name!r} stands after the decision"
        decided = decided or step.kind is StepKind.DECIDE
        yield from _step(step)
        yield from _again(item, step)


def _step(step: Step) -> Iterator[str]:
    timed = step.kind in (StepKind.WAIT, StepKind.NOTICE)
    if not step.role and not timed and not step.automatic:
        yield f"the step {step.name!r} names no role"
    if timed and (step.limit is None or step.law is None):
        yield f"the {step.kind.value} step {step.name!r} needs its length (limit) and the article that sets it"
    if (step.kind is StepKind.WAIT) is not (step.act is not None):
        yield f"the step {step.name!r}: a window, and only a window, says what the parties do (act)"
    if step.officers < 1 or (step.kind is StepKind.PANEL and step.officers < 2):
        yield f"the step {step.name!r} has too few officers"
    if step.officers > 1 and step.kind not in (StepKind.VISIT, StepKind.PANEL):
        yield f"the step {step.name!r}: only a visit or a panel is signed by several officers"
    if step.extension is not None and (step.limit is None or step.limit.unit is not step.extension.limit.unit):
        yield f"the step {step.name!r}: an extension needs a limit counted in the same unit"
    if step.automatic and step.kind not in (StepKind.INTAKE, StepKind.MATCH, StepKind.DECIDE):
        yield f"the step {step.name!r} cannot be automatic"


def _again(item: type[Declaration], step: Step) -> Iterator[str]:
    """Fields typed again are fields of the form, in a step whose officer is not the one who took the application in."""
    if step.again and step.kind not in (StepKind.REVIEW, StepKind.DECIDE):
        yield f"the step {step.name!r}: fields are typed again in a review or at the decision"
    for one in step.again:
        if one.field not in item.Form.base_fields:
            yield f"the step {step.name!r} has a field typed again that the form does not ask: {one.field!r}"


def _completeness(item: type[Declaration]) -> Iterator[str]:
    if not item.channels:
        yield "no channel is open"
    if not isinstance(item.applicant, ApplicantKind):
        yield "applicant must be an ApplicantKind"
    if not item.examples:
        yield "examples are missing"
    if any(example.expect not in ("granted", "refused") for example in item.examples):
        yield "an example must expect 'granted' or 'refused'"
    if not (inspect.isclass(item.Form) and issubclass(item.Form, forms.BaseForm)):
        yield "Form must be a form class"
    if item.Row is None and item.min_rows:
        yield "min_rows needs a Row form"
    if item.effect is Declaration.effect:
        yield "effect is missing"


def official_name(item: type[Declaration]) -> str:
    """The first line of the item's own docstring."""
    return inspect.cleandoc(item.__dict__.get("__doc__") or "").split("\n", 1)[0].strip()
