"""Who the partners are: makes their keys under a data folder and hands out names and public keys for registration."""

from __future__ import annotations

from pathlib import Path

from demonstration.partners.signing import private_key, public_pem

TITLES = {
    "bank": "代发银行",
    "tax": "税务局",
    "finance": "财政局",
    "transfer_platform": "全国社会保险关系转移接续平台",
}


def introduce(data: Path) -> list[tuple[str, str, str]]:
    """(code, title, public key as PEM) of each partner; the keys are made on the first call and stay."""
    return [
        (code, title, public_pem(private_key(data / "partners" / code / "key.pem")).decode())
        for code, title in TITLES.items()
    ]
