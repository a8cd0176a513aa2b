"""Compiles the message catalogues (.po to .mo) with polib, so no gettext program is needed."""

from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parents[1]


def compile_all() -> int:
    """Compile every catalogue that is newer than its compiled form; returns how many were compiled."""
    compiled = 0
    for source in sorted(PACKAGE.rglob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))
            compiled += 1
    return compiled


if __name__ == "__main__":
    compile_all()
