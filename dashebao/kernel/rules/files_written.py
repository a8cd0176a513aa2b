"""Parameters written back in the layout of their files, so that approved values can join the repository."""

from __future__ import annotations

import json

from dashebao.kernel.rules.amendments import written
from dashebao.kernel.rules.parameters import Parameter, Reference, Value, Version


def as_yaml(parameter: Parameter) -> str:
    """One parameter with all its values in the layout `read_folder` takes; scales with their brackets."""
    metadata = [f"  unit: {parameter.unit.code}"]
    if parameter.yearly:
        metadata.append("  period: year")
    if parameter.brackets:
        first = parameter.brackets[0].amount[0]
        metadata = [
            "  type: single_amount",
            f"  threshold_unit: {(parameter.threshold_unit or parameter.unit).code}",
            f"  amount_unit: {parameter.unit.code}",
            *_acts(first.references, "  "),
            f"  verified: {first.verified}",
        ]
    lines = [f"description: {_text(parameter.description)}", "metadata:", *metadata]
    if parameter.brackets:
        lines.append("brackets:")
        for bracket in parameter.brackets:
            lines += ["- threshold:", *_dated(bracket.threshold, "    "), "  amount:", *_dated(bracket.amount, "    ")]
    else:
        lines += ["values:", *_dated(parameter.versions, "  ")]
    return "\n".join(lines) + "\n"


def _dated(versions: tuple[Version, ...], indent: str) -> list[str]:
    lines: list[str] = []
    for version in versions:
        lines += [f"{indent}{version.since.isoformat()}:", f"{indent}  value: {_value(version.value)}"]
        lines += [f"{indent}  metadata:", *_acts(version.references, f"{indent}    ")]
        lines.append(f"{indent}    verified: {version.verified}")
    return lines


def _acts(references: tuple[Reference, ...], indent: str) -> list[str]:
    lines = [f"{indent}reference:"]
    for reference in references:
        url = f", url: {_text(reference.url)}" if reference.url else ""
        lines.append(f"{indent}- {{title: {_text(reference.title)}, article: {_text(reference.article)}{url}}}")
    return lines


def _value(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    text = written(value)
    return f"'{text}'" if "/" in text else text


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
