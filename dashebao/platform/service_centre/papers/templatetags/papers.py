"""Links to the papers of a case and the words for the state of a paper, for any face's templates."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import get_language

from dashebao.kernel.cases.api import CaseView
from dashebao.platform.service_centre.papers.codes import grouped
from dashebao.platform.service_centre.papers.of_cases import RESULT_SOURCE
from dashebao.platform.service_centre.papers.register import result_kind

register = template.Library()
register.filter("check_code", grouped)


@register.inclusion_tag("papers/of_case.html", takes_context=True)
def papers_of_case(context: template.Context, case: CaseView) -> dict[str, Any]:
    """A card with every paper of a case as PDF: its letters and, when granted, its result."""
    name = f"{context['request'].face.value}_case_paper"
    lines = [(letter.label, letter.number, reverse(name, args=[case.case_no, letter.id])) for letter in case.letters]
    granted = case.decision is not None and case.decision.outcome == "granted"
    if granted:
        lines.append((result_title(case), case.case_no, reverse(name, args=[case.case_no, RESULT_SOURCE])))
    return {"lines": lines}


@register.simple_tag(takes_context=True)
def paper_link(context: template.Context, case: CaseView, what: Any) -> str:
    """The address of one paper of a case at the face being shown."""
    return reverse(f"{context['request'].face.value}_case_paper", args=[case.case_no, str(what)])


def result_title(case: CaseView) -> str:
    """What the result of a case is called."""
    kind = result_kind(case.item_code)
    return case.guide.result if kind.code == "case.result" else str(kind.title)


@register.filter
def other_language(_value: Any) -> str:
    """The language a paper can be had in besides the reader's: "zh" or "en"."""
    return "en" if (get_language() or "zh").startswith("zh") else "zh"


@register.simple_tag(takes_context=True)
def paper_address(context: template.Context, kind: str, subject_id: int, source: Any) -> str:
    """Where the paper that prints `source` can be had at the face being shown."""
    face = context["request"].face.value
    own = [kind, str(source)]
    return reverse(f"{face}_paper_print", args=[kind, subject_id, str(source)] if face == "counter" else own)
