"""Reads the text of a PDF as a program for the blind would: through the fonts' maps to real characters."""

from __future__ import annotations

import io
import re

from pyhanko.pdf_utils.reader import PdfFileReader

TOKEN = re.compile(rb"/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|\(", re.S)
PAIR = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")


def text_of(pdf: bytes) -> str:
    """All characters of all pages in the order they are drawn, without blanks."""
    reader = PdfFileReader(io.BytesIO(pdf))
    return "".join(_page(page.get_object()) for page in reader.root["/Pages"]["/Kids"] for page in _leaves(page))


def _leaves(node):
    node = node.get_object()
    if node["/Type"] == "/Page":
        return [node]
    return [leaf for kid in node["/Kids"] for leaf in _leaves(kid)]


def _page(page) -> str:
    fonts = page["/Resources"]["/Font"]
    maps = {name[1:].encode(): _map(fonts[name]["/ToUnicode"].data) for name in fonts}
    contents = page["/Contents"]
    data = contents.data if hasattr(contents, "data") else b"".join(part.data for part in contents)
    out, current, at = [], {}, 0
    while found := TOKEN.search(data, at):
        at = found.end()
        if found[1]:
            current = maps[found[1]]
            continue
        raw, at = (bytes.fromhex(found[2].decode()), at) if found[2] else _literal(data, at)
        out += [current.get(raw[place : place + 2].hex(), "") for place in range(0, len(raw), 2)]
    return "".join("".join(out).split())


def _literal(data: bytes, at: int) -> tuple[bytes, int]:
    """The bytes of a string that begins at `at`, after its bracket, and where it ends; brackets inside may nest."""
    names = {ord("n"): 10, ord("r"): 13, ord("t"): 9, ord("b"): 8, ord("f"): 12}
    out, depth = bytearray(), 1
    while True:
        byte = data[at]
        at += 1
        if byte == ord("\\"):
            octal = re.match(rb"[0-7]{1,3}", data[at : at + 3])
            out.append(int(octal[0], 8) if octal else names.get(data[at], data[at]))
            at += len(octal[0]) if octal else 1
            continue
        depth += (byte == ord("(")) - (byte == ord(")"))
        if not depth:
            return bytes(out), at
        out.append(byte)


def _map(cmap: bytes) -> dict[str, str]:
    """Glyph number (4 hexadecimal digits) -> characters."""
    text = cmap.decode("latin-1")
    found = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.S):
        for glyph, chars in PAIR.findall(block):
            found[glyph.lower()] = bytes.fromhex(chars).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.S):
        for low, high, first in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            start = int(first, 16)
            for step in range(int(high, 16) - int(low, 16) + 1):
                found[f"{int(low, 16) + step:04x}"] = chr(start + step)
    return found
