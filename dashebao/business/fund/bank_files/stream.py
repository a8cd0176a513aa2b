"""Reads bank XML as a stream: schema checked while parsing, no document type, no entities, no network."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from lxml import etree

ROOT = "Document"
SCHEMAS = Path(__file__).parent
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"


class BadBankFile(ValueError):
    """A bank file that is not well formed, not of the agreed schema, or whose own totals disagree."""


@cache
def schema(name: str) -> etree.XMLSchema:
    """The compiled schema of a message name such as pain.002.001.10."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.XMLSchema(etree.parse(str(SCHEMAS / f"{name}.xsd"), parser))


def elements(content: bytes, name: str, tags: tuple[str, ...]) -> Iterator[tuple[str, etree._Element]]:
    """The elements with these local names, in the order they end, each freed after use.

    Raises BadBankFile for a document type declaration, broken XML, a file cut off, or anything outside the schema `name`.
    """
    space = f"{{{NAMESPACE}{name}}}"
    whole = False
    try:
        parsed = etree.iterparse(
            BytesIO(content), events=("end",), tag=[space + tag for tag in (*tags, ROOT)], schema=schema(name),
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        )  # fmt: skip
        for number, (_, element) in enumerate(parsed):
            if number == 0:
                _refuse_document_type(element)
            whole = element.tag == space + ROOT
            if whole:
                continue
            yield element.tag.removeprefix(space), element
            _free(element)
    except etree.LxmlError as broken:
        raise BadBankFile(f"{name}: {broken}") from broken
    if not whole or len(
        parsed.error_log
    ):  # without entities, lxml does not raise where a file ends too early or too late
        raise BadBankFile(f"{name}: the file is cut off or goes on after its end")


def count_of(content: bytes, name: str, tag: str) -> int:
    """How many elements with this local name a file of our own has; BadBankFile where it is not of the schema `name`.

    The file is read whole, in half the time of `elements`: ours is no longer than a batch, a partner's could be.
    """
    parser = etree.XMLParser(schema=schema(name), resolve_entities=False, no_network=True, load_dtd=False)
    try:
        document = etree.fromstring(content, parser)
    except etree.LxmlError as broken:
        raise BadBankFile(f"{name}: {broken}") from broken
    return sum(1 for _ in document.iter(f"{{{NAMESPACE}{name}}}{tag}"))


def _refuse_document_type(element: etree._Element) -> None:
    """A bank file has no business declaring entities: refuse the declaration itself, at the first record."""
    info = element.getroottree().docinfo
    if info.internalDTD is not None or info.externalDTD is not None:
        raise BadBankFile("a document type declaration is not allowed")


def _free(element: etree._Element) -> None:
    """Drops what was read, so that a file of any length needs the memory of one record."""
    element.clear()
    parent, earlier = element.getparent(), element.getprevious()
    if parent is not None and earlier is not None and earlier.tag == element.tag:
        parent.remove(earlier)


def text(element: etree._Element, path: str, name: str, default: str | None = None) -> str:
    """The text at a slash path of local names below the element; BadBankFile if absent without default."""
    space = f"{{{NAMESPACE}{name}}}"
    found = element.findtext("/".join(space + part for part in path.split("/")))
    if found is None:
        if default is None:
            raise BadBankFile(f"{name}: {path} is missing")
        return default
    return str(found).strip()


def children(element: etree._Element, path: str, name: str) -> list[etree._Element]:
    """All elements at a slash path of local names below the element."""
    space = f"{{{NAMESPACE}{name}}}"
    return list(element.findall("/".join(space + part for part in path.split("/"))))


def fen(amount: str) -> int:
    """Fen of a decimal amount in yuan; BadBankFile for anything finer than a fen or not a plain number."""
    whole, _, part = amount.strip().removeprefix("+").partition(".")
    if (
        not whole.isascii()
        or not whole.isdecimal()
        or len(part) > 2
        or (part and not (part.isascii() and part.isdecimal()))
    ):
        raise BadBankFile(f"not an amount: {amount!r}")
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)


def yuan(amount_fen: int) -> str:
    """Decimal yuan of an amount in fen (≥ 0), as bank files write it."""
    return f"{amount_fen // 100}.{amount_fen % 100:02d}"
