"""The few environment variables an operator may set."""

import os


def database_url() -> str:
    """DATABASE_URL of an existing PostgreSQL (owner's login), or an empty string for the embedded server."""
    return os.environ.get("DATABASE_URL", "")
