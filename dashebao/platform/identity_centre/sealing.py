"""Seals PDF files with the authority's certificate and examines sealed ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

from dashebao.platform.identity_centre import keeping
from dashebao.platform.identity_centre.keeping import Examined

RENEWED_BEFORE = timedelta(days=30)


def current_seal() -> keeping.Seal:
    """The seal in use; a new one is made when the last good one is about to expire."""
    soon = datetime.now(UTC) + RENEWED_BEFORE
    for seal in keeping.seals():
        if seal.withdrawn_at is None and seal.certificate.not_valid_after_utc > soon:
            return seal
    return keeping.add_seal()


def sealed(pdf: bytes, reason: str = "") -> bytes:
    """The file with the authority's signature over all of it, added as one more revision."""
    return bytes(_pades().sealed(pdf, current_seal(), reason))


def examined(pdf: bytes) -> Examined:
    """What the seal on a file says; a file that cannot be read counts as not sealed."""
    found: Examined = _pades().examined(pdf)
    return found


def _pades() -> Any:
    """Loaded at the first paper: most processes seal none, and all would wait for the library at their start."""
    return import_module("dashebao.platform.identity_centre.pades")
