"""Processes that play the outside world for a demonstration, as the data folder names them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE = "demonstration.json"
ROOT = Path(__file__).resolve().parents[2]


def commands(data: Path, kind: str) -> list[list[str]]:
    """Command lines (after the interpreter) of the companions of one kind: "partners", "officers" or "acts".

    "{data}" stands for the data folder, so that a folder can be moved or copied.
    """
    path = data / FILE
    if not path.exists():
        return []
    found: list[list[str]] = json.loads(path.read_text()).get("companions", {}).get(kind, [])
    return [[str(data) if word == "{data}" else word for word in command] for command in found]


@contextmanager
def companions(data: Path, *kinds: str) -> Iterator[None]:
    """Run the companions of `kinds` for the length of the block; none where the folder is no demonstration."""
    children = [start(command) for kind in kinds for command in commands(data, kind)]
    try:
        yield
    finally:
        for child in children:
            stop(child)


def call(data: Path, kind: str, *arguments: str) -> None:
    """Run the companions of one kind to their end, e.g. what people do before a month; CalledProcessError on failure."""
    for command in commands(data, kind):
        subprocess.run([sys.executable, *command, *arguments], cwd=ROOT, env=_environment(), check=True)  # noqa: S603


def start(command: list[str]) -> "subprocess.Popen[bytes]":
    """Start one companion in a process group of its own."""
    return subprocess.Popen([sys.executable, *command], cwd=ROOT, env=_environment(), start_new_session=True)  # noqa: S603


def _environment() -> dict[str, str]:
    return {**os.environ, "DASHEBAO_ROLE": "worker"}


def stop(child: "subprocess.Popen[bytes]") -> None:
    """End a companion: politely first."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGTERM)
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
