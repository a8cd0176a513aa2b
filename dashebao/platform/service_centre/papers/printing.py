"""Sets a paper with Typst as PDF/A-2a and PDF/UA-1; data goes in as JSON, never as source."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import segno
import typst

STANDARDS = ["a-2a", "ua-1"]


@cache
def fonts() -> typst.Fonts:
    """The fonts of the wheel, read once per process; nothing of the machine, so that a paper looks the same everywhere."""
    folder = Path(str(pylopdf_fonts_zh_cn.sans_path())).parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder)])


def printed(template: Path, data: Mapping[str, Any], kind: str = "pdf") -> bytes:
    """The paper as bytes; `kind` "png" gives a picture of its first page. Raises TypstError for a faulty template."""
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    if kind == "png":
        pages = typst.compile(str(template), font_paths=fonts(), sys_inputs=inputs, format="png", ppi=110)
        return pages[0] if isinstance(pages, list) else pages
    return typst.compile(str(template), font_paths=fonts(), sys_inputs=inputs, pdf_standards=STANDARDS)


def qr(address: str) -> str:
    """A QR code of an address as SVG."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", border=1, scale=4, xmldecl=False, svgns=True)
    return drawn.getvalue().decode()


def page_count(pdf: bytes) -> int:
    """How many pages a file of our own has."""
    reader = import_module("pyhanko.pdf_utils.reader")  # loaded here: it would slow down the start of every process
    return int(reader.PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Count"])
