"""What scale-out needs beside the product: Java for Spark, and an environment of its own with pyspark (490 MB)."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements" / "scale.lock"
PLACE = ROOT / ".venv-scale"
JAVA = 17


class Missing(Exception):
    """Something scale-out needs is not here; the text says in Chinese and English what, and how to install it."""


@dataclass(frozen=True)
class Environment:
    """Java and the Python that has pyspark."""

    java: Path
    python: Path

    @property
    def spark(self) -> Path:
        """The folder of Spark inside the environment."""
        [found] = (self.python.parents[1] / "lib").glob("python*/site-packages/pyspark")
        return found

    @property
    def variables(self) -> dict[str, str]:
        """The process variables under which Spark and its Python workers find everything, on this machine only."""
        return {
            **os.environ, "SPARK_HOME": str(self.spark), "SPARK_LOCAL_IP": "127.0.0.1", "PYTHONPATH": str(ROOT),
            "PYSPARK_PYTHON": str(self.python), "PYSPARK_DRIVER_PYTHON": str(self.python),
            "JAVA_HOME": str(self.java.resolve().parents[1]),
        }  # fmt: skip


def found() -> Environment:
    """The environment, or Missing."""
    java = _java()
    if not _stamp().exists():
        raise Missing(
            "pyspark 未安装（约 490 MB，装入单独的环境 .venv-scale）。请运行：bin/dashebao bench scale-out --install\n"
            "pyspark is not installed (490 MB, into .venv-scale, an environment of its own)."
            " Run: bin/dashebao bench scale-out --install"
        )
    return Environment(java, PLACE / "bin" / "python")


def install() -> None:
    """Make the environment from its lock where it is not there yet; Missing where that fails."""
    if _stamp().exists():
        return
    shutil.rmtree(PLACE, ignore_errors=True)
    python = PLACE / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    pip += ["--require-hashes", "-r", str(LOCK)]
    for command in ([sys.executable, "-m", "venv", str(PLACE)], pip):
        if subprocess.run(command, stdout=sys.stderr).returncode:
            raise Missing(
                "pyspark 安装失败；请检查能否访问软件包索引后重试。\n"
                "pyspark could not be installed; check that a package index can be reached and try again."
            )
    _stamp().touch()


def _stamp() -> Path:
    return PLACE / f".installed-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]}"


def _java() -> Path:
    """The program java in JAVA_HOME or on the path, at least version 17."""
    home = os.environ.get("JAVA_HOME")
    named = shutil.which("java", path=f"{home}/bin" if home else None)
    told = subprocess.run([named, "-version"], capture_output=True, text=True).stderr if named else ""
    version = re.search(r'version "(\d+)', told)
    if named is None or version is None or int(version[1]) < JAVA:
        raise Missing(
            f"缺少 Java {JAVA} 或更高版本；请先安装（Debian：apt-get install openjdk-{JAVA}-jre-headless）后重试。\n"
            f"Java {JAVA} or newer is missing; install it"
            f" (Debian: apt-get install openjdk-{JAVA}-jre-headless) and try again."
        )
    return Path(named)
