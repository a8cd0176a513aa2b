"""Reading parameter files: OpenFisca's YAML layout, numbers exact from their text, every breach reported."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from dashebao.kernel.rules.errors import ParameterError
from dashebao.kernel.rules.parameters import Bracket, Parameter, Reference, Value, Version
from dashebao.kernel.rules.values import UNITS, NotExact, number

MARKS = frozenset({"verified", "secondary", "knowledge", "conflict", "design", "demonstration"})
_REGION = re.compile(r"\d{2}|\d{4}|\d{6}")
_PARAMETER_KEYS = {"description", "documentation", "metadata", "values"}
_SCALE_KEYS = {"description", "documentation", "metadata", "brackets"}
_METADATA_KEYS = {"unit", "reference", "verified", "note", "period", "label"}
_SCALE_METADATA = {"type", "threshold_unit", "amount_unit", "reference", "verified", "note", "label"}
_VALUE_KEYS = {"value", "metadata"}
_VALUE_METADATA = {"reference", "verified", "note", "official_journal_date"}
_REFERENCE_KEYS = {"title", "article", "url"}
_BRACKET_KEYS = {"threshold", "amount"}

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ExactLoader(Loader):  # type: ignore[misc]
    """YAML with decimals as Fraction and with repeated keys refused."""


def _decimal(loader: Any, node: Any) -> Fraction:
    try:
        return number(str(node.value).replace("_", ""))
    except NotExact as error:
        raise yaml.YAMLError(f"line {node.start_mark.line + 1}: {error}") from error


def _mapping(loader: Any, node: Any) -> dict[Any, Any]:
    seen: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.YAMLError(f"line {key_node.start_mark.line + 1}: the key {key} is written twice")
        seen[key] = loader.construct_object(value_node, deep=True)
    return seen


ExactLoader.add_constructor("tag:yaml.org,2002:float", _decimal)
ExactLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_yaml(text: str) -> Any:
    """Parse YAML (or JSON) with exact decimals; yaml.YAMLError if it cannot be read."""
    return yaml.load(text, ExactLoader)  # noqa: S506 - a subclass of the safe loader


def read_folder(prefix: str, folder: Path) -> list[Parameter]:
    """All parameters under `folder`, named `prefix.file.child`; a folder 44 or 4401 holds a region's own values.

    Raises ParameterError with every complaint: unknown key, missing unit, value without act, gap, number not exact.
    """
    found: list[Parameter] = []
    complaints: list[str] = []
    for path in sorted(folder.rglob("*.yaml")):
        parts = list(path.relative_to(folder).with_suffix("").parts)
        region = parts.pop(0) if _REGION.fullmatch(parts[0]) else ""
        name = ".".join([prefix, *(part for part in parts if part != "index")])
        place = f"{prefix}/{path.relative_to(folder)}"
        try:
            document = read_yaml(path.read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            complaints.append(f"{place}: {error}")
            continue
        found.extend(_Reader(place, region, complaints).nodes(name, document))
    if complaints:
        listing = "\n".join(complaints)
        raise ParameterError(f"参数文件不合规范：\n{listing}", f"parameter files break the layout:\n{listing}")
    return found


class _Reader:
    """Reads one file and notes what is wrong with it."""

    def __init__(self, place: str, region: str, complaints: list[str]):
        self.place, self.region, self.complaints = place, region, complaints

    def wrong(self, name: str, what: str) -> None:
        self.complaints.append(f"{self.place}: {name}: {what}")

    def unknown(self, name: str, given: Any, allowed: set[str]) -> None:
        for key in sorted(set(map(str, given)) - allowed):
            self.wrong(name, f"unknown key {key!r}")

    def nodes(self, name: str, document: Any) -> Iterator[Parameter]:
        if not isinstance(document, dict):
            self.wrong(name, "is not a mapping")
        elif "values" in document:
            yield from self.parameter(name, document)
        elif "brackets" in document:
            yield from self.scale(name, document)
        else:
            for key, child in document.items():
                if key not in ("description", "metadata", "documentation"):
                    yield from self.nodes(f"{name}.{key}", child)

    def parameter(self, name: str, document: dict[str, Any]) -> Iterator[Parameter]:
        self.unknown(name, document, _PARAMETER_KEYS)
        metadata = document.get("metadata") or {}
        self.unknown(name, metadata, _METADATA_KEYS)
        unit = metadata.get("unit")
        if unit not in UNITS:
            self.wrong(name, f"unit {unit!r} is missing or unknown; known: {', '.join(sorted(UNITS))}")
            return
        if not document.get("description"):
            self.wrong(name, "has no description")
        versions = [self.version(name, since, entry, metadata) for since, entry in document["values"].items()]
        kept = sorted((v for v in versions if v is not None), key=lambda v: v.since)
        self.gaps(name, kept, metadata.get("period") == "year")
        yield Parameter(
            name=name,
            region=self.region,
            unit=UNITS[unit],
            description=str(document.get("description")),
            versions=tuple(kept),
            yearly=metadata.get("period") == "year",
            file=self.place,
        )

    def gaps(self, name: str, versions: list[Version], yearly: bool) -> None:
        if not versions:
            self.wrong(name, "has no values")
        for before, after in itertools.pairwise(versions):
            if before.value is None:
                self.wrong(name, f"has a gap from {before.since} to {after.since}")
            if yearly and after.since != date(before.since.year + 1, 1, 1):
                self.wrong(name, f"is yearly but skips from {before.since} to {after.since}")

    def version(self, name: str, since: Any, entry: Any, above: dict[str, Any]) -> Version | None:
        if not isinstance(since, date):
            self.wrong(name, f"{since!r} is not a date")
            return None
        if not isinstance(entry, dict) or "value" not in entry:
            self.wrong(name, f"{since}: has no value")
            return None
        metadata = entry.get("metadata") or {}
        self.unknown(name, entry, _VALUE_KEYS)
        self.unknown(name, metadata, _VALUE_METADATA)
        mark = metadata.get("verified", above.get("verified"))
        if mark not in MARKS:
            self.wrong(name, f"{since}: verified is {mark!r}; write one of {', '.join(sorted(MARKS))}")
        references = self.references(f"{name} {since}", metadata.get("reference", above.get("reference")))
        return Version(since, self.value(f"{name} {since}", entry["value"]), references, str(mark))

    def references(self, name: str, given: Any) -> tuple[Reference, ...]:
        rows = given if isinstance(given, list) else [given] if given else []
        if not rows:
            self.wrong(name, "has a value without an act (metadata.reference)")
        for row in rows:
            if not isinstance(row, dict) or not row.get("title") or not row.get("article"):
                self.wrong(name, "a reference needs title and article")
                return ()
            self.unknown(name, row, _REFERENCE_KEYS)
        return tuple(Reference(str(r["title"]), str(r["article"]), str(r.get("url", ""))) for r in rows)

    def value(self, name: str, given: Any) -> Value:
        if given is None or isinstance(given, bool):
            return given
        try:
            if isinstance(given, list):
                return tuple(number(item) for item in given)
            return number(given)
        except NotExact as error:
            self.wrong(name, str(error))
            return None

    def scale(self, name: str, document: dict[str, Any]) -> Iterator[Parameter]:
        self.unknown(name, document, _SCALE_KEYS)
        metadata = document.get("metadata") or {}
        self.unknown(name, metadata, _SCALE_METADATA)
        unit = metadata.get("amount_unit")
        if unit not in UNITS or metadata.get("threshold_unit") not in UNITS:
            self.wrong(name, "a scale needs threshold_unit and amount_unit")
            return
        if metadata.get("type") != "single_amount":
            self.wrong(name, f"scale type {metadata.get('type')!r} is not known; known: single_amount")
        self.references(name, metadata.get("reference"))
        brackets = []
        for row in document["brackets"]:
            self.unknown(name, row, _BRACKET_KEYS)
            if set(row) == _BRACKET_KEYS:
                brackets.append(Bracket(*(self.dated(name, row[key], metadata) for key in ("threshold", "amount"))))
        yield Parameter(
            name=name,
            region=self.region,
            unit=UNITS[unit],
            description=str(document.get("description")),
            brackets=tuple(brackets),
            file=self.place,
            threshold_unit=UNITS[metadata["threshold_unit"]],
        )

    def dated(self, name: str, given: Any, metadata: dict[str, Any]) -> tuple[Version, ...]:
        versions = [self.version(name, since, entry, metadata) for since, entry in given.items()]
        return tuple(sorted((v for v in versions if v is not None), key=lambda v: v.since))
