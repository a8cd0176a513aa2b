"""What recovery needs of the PostgreSQL of an installation; the site's `Cluster` is one."""

import subprocess
from pathlib import Path
from typing import Protocol

DATABASE = "dashebao"
LOGIN = "postgres"


class Server(Protocol):
    """A PostgreSQL whose data folder is at hand, and the server's programs run under its account."""

    data: Path

    @property
    def folder(self) -> Path: ...

    @property
    def port(self) -> int: ...

    def start(self, seconds: int = ..., **once: str) -> None: ...

    def stop(self) -> None: ...

    def running(self) -> bool: ...

    def last_words(self) -> str: ...

    def stands_by(self) -> bool: ...

    def keep(self, **settings: str | None) -> None: ...

    def hand_over(self, path: Path) -> None: ...

    def run(self, program: str, *arguments: str) -> str: ...

    def client(self, program: str, *arguments: str) -> "subprocess.Popen[str]": ...

    def dsn(self, login: str, database: str = ...) -> str: ...
