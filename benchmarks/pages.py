"""Pages over a province's data: time of the server for each, beside a page that does nothing on the same server."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from benchmarks.measuring import Figures, percentile
from dashebao.kernel.registry.api import Person

SIZES = (200,)
WARM = 10
START_SECONDS = 120
NOTHING = "/benchmark/nothing/"
FIRST_CASE = "the first of the list"
LIMITS_MS = {"list": 100, "case": 150, "home": 80}


def run(sizes: Sequence[int] = SIZES) -> list[Figures]:
    """The 95th percentile in milliseconds of so many requests of every page; the ratio is to the page's own limit."""
    [requests] = sizes
    told = []
    with served() as address:
        for who, pages in PAGES.items():
            visitor = signed_in(address, *account(who))
            for kind, given in pages.items():
                page = first_case(visitor, address) if given == FIRST_CASE else given
                times = alternating(visitor, address, page, requests)
                told.append(_figures(kind, page, requests, *times))
    return told


def _figures(kind: str, page: str, requests: int, ours: list[float], nothing: list[float]) -> Figures:
    limit = LIMITS_MS[kind.split()[0]]
    p95, base = percentile(ours, 95), percentile(nothing, 95)
    detail = {
        "page": page, "limit_ms": limit, "people": Person.objects.count(), "p50_ms": round(percentile(ours, 50), 1),
        "p99_ms": round(percentile(ours, 99), 1), "nothing_p50_ms": round(percentile(nothing, 50), 1),
    }  # fmt: skip
    return Figures(f"pages: {kind}", requests, "ms", p95, base, p95 / limit, 1.0, False, detail)


PAGES = {
    "pension-clerk": {
        "list of persons": "/counter/people/",
        "list of persons by name": "/counter/people/?q=" + urllib.parse.quote("王"),
        "list of units": "/counter/units/",
        "list of cases": "/counter/cases/",
        "list of tasks": "/counter/tasks/",
        "case": FIRST_CASE,
    },
    "citizen": {"home of the portal": "/"},
}


@contextmanager
def served() -> Iterator[str]:
    """The product with the extra page, on a free port, two processes as bin/up starts them."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "2", "--workers-kill-timeout", "10", "benchmarks.web:application",
    ]  # fmt: skip
    place = connection.settings_dict
    database = f"postgresql://{place['USER']}@{place['HOST']}:{place['PORT']}/{place['NAME']}"
    environment = {**os.environ, "DASHEBAO_ROLE": "web", "DASHEBAO_DATA": str(settings.DATA), "DATABASE_URL": database}
    root = Path(__file__).parents[1]
    server = subprocess.Popen(command, env=environment, cwd=root, start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address)
        yield address
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)


def _wait(address: str) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(address + NOTHING, timeout=5).read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server did not answer within {START_SECONDS} seconds")


def account(who: str) -> tuple[str, str]:
    """Name and password of one of the demonstration's accounts (`who` is the start of its name)."""
    story = json.loads((Path(settings.DATA) / "demonstration.json").read_text())
    return next(a["username"] for a in story["accounts"] if a["username"].startswith(who)), story["password"]


def signed_in(address: str, username: str, password: str) -> urllib.request.OpenerDirector:
    """A visitor with the session of this account."""
    visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = visitor.open(f"{address}/sign-in/").read().decode()
    fields = {**form_key(page), "username": username, "password": password}
    visitor.open(f"{address}/sign-in/", urllib.parse.urlencode(fields).encode()).read()
    return visitor


def form_key(page: str) -> dict[str, str]:
    """The hidden value without which a form of this page is not taken."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if token is None:
        raise RuntimeError("the page has no form")
    return {"csrfmiddlewaretoken": token[1]}


def first_case(visitor: urllib.request.OpenerDirector, address: str) -> str:
    """The page of a case that this visitor may see."""
    found = re.search(r'href="(/counter/case/[^/"]+/)"', visitor.open(f"{address}/counter/cases/").read().decode())
    if found is None:
        raise RuntimeError("there is no case to show")
    return found[1]


def alternating(
    visitor: urllib.request.OpenerDirector, address: str, page: str, requests: int
) -> tuple[list[float], list[float]]:
    """Milliseconds of the page and of the page that does nothing, one after the other."""
    times: dict[str, list[float]] = {page: [], NOTHING: []}
    for number in range(requests + WARM):
        for path, taken in times.items():
            begun = time.perf_counter()
            with visitor.open(address + path) as answer:
                answer.read()
                landed = answer.geturl()
            if urllib.parse.urlsplit(landed).path != urllib.parse.urlsplit(path).path:
                raise RuntimeError(f"{path} led to {landed}")
            if number >= WARM:
                taken.append((time.perf_counter() - begun) * 1_000)
    return times[page], times[NOTHING]
