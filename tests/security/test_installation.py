"""What an installation keeps secret, what it is built from, and how it is set."""

import json
import re
import runpy
import stat
import subprocess
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.test import Client, override_settings

from dashebao.platform.service_centre.papers import public
from dashebao.site import secrets

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.M)


def values(kept):
    for value in kept.values():
        yield from values(value) if isinstance(value, dict) else [value]


def test_the_checks_of_a_deployment_are_clean(tmp_path, monkeypatch):
    """`check --deploy` with the settings of an installation behind HTTPS."""
    monkeypatch.setenv("DASHEBAO_HTTPS", "1")
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)  # the browser tests' own
    monkeypatch.setenv("DASHEBAO_DATA", str(tmp_path))
    there = runpy.run_path(str(ROOT / "dashebao" / "site" / "settings.py"))
    with override_settings(**{name: value for name, value in there.items() if name.isupper() and name != "DATABASES"}):
        assert run_checks(include_deployment_checks=True) == []
        with override_settings(SESSION_COOKIE_SECURE=False):
            assert [found.id for found in run_checks(include_deployment_checks=True)] == ["security.W012"]


def test_secrets_are_made_once_strong_and_for_the_owner_only(tmp_path):
    first = secrets.load(tmp_path / "data")
    assert secrets.load(tmp_path / "data") == first
    path = tmp_path / "data" / secrets.FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert all(len(value) >= 32 for value in values(first))
    other = secrets.load(tmp_path / "other")
    assert not set(values(first)) & set(values(other))


def test_a_running_installation_tells_no_secret(product):
    kept = list(values(json.loads((product.data / "secrets.json").read_text())))
    for path in [product.data / "secrets.json", *product.data.rglob("*.key"), *product.data.rglob("api-keys.json")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    told = (product.data.parent / "up.log").read_text() + product.command("month", "status", "2026-11", "--json").stdout
    lines = product.rows("select command from (select current_setting('log_statement') as command) s")
    assert [secret for secret in kept if secret in told] == []
    assert lines == [("none",)]
    processes = subprocess.run(["ps", "-eo", "args"], text=True, capture_output=True, check=True).stdout
    assert [secret for secret in kept if secret in processes] == []


@pytest.mark.django_db
def test_an_error_page_tells_nothing_of_the_inside(settings, monkeypatch):
    def broken(*_arguments, **_more):
        raise RuntimeError(settings.SECRET_KEY)

    monkeypatch.setattr(public, "count_try", broken)
    answer = Client(raise_request_exception=False).get("/check/7F3K-9QXM-22PA-0H4T/")
    assert answer.status_code == 500
    assert settings.SECRET_KEY not in answer.content.decode()
    assert "RuntimeError" not in answer.content.decode()


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_has_its_hashes_and_one_version(path):
    text = path.read_text()
    packages = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"(?m)^\s*#.*\n", "", text).strip())
    bare = [package.splitlines()[0] for package in packages if "--hash=sha256:" not in package]
    assert bare == []
    names = [name.lower() for name, _version in LOCKED.findall(text)]
    assert len(names) == len(set(names)) == len(packages)
    assert not re.search(r"(?m)^(-e|git\+|https?:)|--index-url|--trusted-host", text)


def test_the_locks_agree_and_hold_what_was_asked_for():
    versions = [dict(LOCKED.findall(path.read_text())) for path in LOCKS]
    for one in versions:
        for other in versions:
            assert {name: one[name] for name in one.keys() & other.keys()} == {
                n: other[n] for n in one.keys() & other.keys()
            }
    for wanted in sorted((ROOT / "requirements").glob("*.in")):
        asked = {
            re.split(r"[\s\[<>=~;]", line)[0].lower() for line in wanted.read_text().splitlines() if line[:1].isalpha()
        }
        locked = {name.lower() for name, _v in LOCKED.findall(wanted.with_suffix(".lock").read_text())}
        assert asked <= locked


def test_what_is_installed_is_what_is_locked():
    from importlib.metadata import distributions

    installed = {d.metadata["Name"].lower().replace("_", "-"): d.version for d in distributions()}
    wrong = {}
    for path in LOCKS:
        for name, version in LOCKED.findall(path.read_text()):
            found = installed.get(name.lower().replace("_", "-"))
            if found not in (None, version):
                wrong[name] = (version, found)
    assert wrong == {}
