"""Which database this process talks to, and as which login."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from dashebao.site.environment import database_url

LOGIN_OF_ROLE = {"owner": "dashebao_owner", "web": "dashebao_web", "worker": "dashebao_worker"}


def database_settings(data: Path, secrets: dict[str, Any], role: str) -> dict[str, Any]:
    """Django's settings for one role: `owner` migrates, `web` serves under row-level security, `worker` runs jobs."""
    login = LOGIN_OF_ROLE[role]
    place = address(data)
    external_owner = role == "owner" and place.get("USER")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": place["NAME"],
        "HOST": place["HOST"],
        "PORT": place["PORT"],
        "USER": place["USER"] if external_owner else login,
        "PASSWORD": place["PASSWORD"] if external_owner else secrets["passwords"][login],
        "TIME_ZONE": "Asia/Shanghai",  # current_date in SQL is the office's day, not Greenwich's
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": f"dashebao-{role}", "options": "-c search_path=public,pg_temp"},
    }


def address(data: Path) -> dict[str, Any]:
    """Host, port and name; USER and PASSWORD only where DATABASE_URL names the owner's login."""
    url = database_url()
    if url:
        parts = urlsplit(url)
        return {
            "NAME": parts.path.lstrip("/"),
            "HOST": parts.hostname or "127.0.0.1",
            "PORT": parts.port or 5432,
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
        }
    port = data / "postgres.port"
    return {
        "NAME": "dashebao",
        "HOST": "127.0.0.1",
        "PORT": int(port.read_text()) if port.exists() else 5432,
        "USER": "",
    }
