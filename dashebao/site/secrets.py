"""Keys and passwords of one installation, made once at first start and kept in the data folder."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

FILE = "secrets.json"
LOGINS = ("postgres", "dashebao_owner", "dashebao_web", "dashebao_worker")


def load(data: Path) -> dict[str, Any]:
    """The installation's secrets; made with strong random values where the file does not exist yet."""
    path = data / FILE
    if path.exists():
        kept: dict[str, Any] = json.loads(path.read_text())
        return kept
    made = {
        "secret_key": secrets.token_urlsafe(48),
        "context_key": secrets.token_hex(32),
        "passwords": {login: secrets.token_urlsafe(24) for login in LOGINS},
    }
    data.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(made, file, indent=2)
    return made
