"""People and programs who use the product over HTTP: sign in, send forms, call the open interface."""

import http.client
import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

from drills.product import Product

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
VERSION = re.compile(r'name="version" value="([^"]+)"')


class SignInRefused(Exception):
    """Name and password did not open the door."""


class Visitor:
    """A browser without pictures: keeps cookies, sends forms."""

    def __init__(self, product: Product, username: str, password: str = "") -> None:
        self.url = product.url
        story = json.loads((product.data / "demonstration.json").read_text())
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        fields = {"username": username, "password": password or story["password"]}
        status, page = self.send("/sign-in/", fields)
        if status != 200 or 'name="password"' in page:
            raise SignInRefused(f"{username} could not sign in: {status}")

    def look(self, path: str) -> str:
        """A page."""
        with self.opener.open(self.url + path, timeout=30) as page:
            return str(page.read().decode())

    def send(self, path: str, fields: dict[str, str], page: str = "") -> tuple[int, str]:
        """Fill in the form of a page that was shown before, or is now; the status and the page that follow."""
        token = TOKEN.search(page or self.look(path))
        body = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token[1] if token else ""}).encode()
        request = urllib.request.Request(self.url + path, body, {"Referer": self.url + path})
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


@dataclass(frozen=True)
class Answer:
    """What a program was told; status 0 where no answer came."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]


class Program:
    """The bank's program of the demonstration, calling the open interface."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.key = json.loads((product.data / "api-keys.json").read_text())["bank"]

    def call(self, path: str, body: dict[str, Any], once: str = "", *, drop: bool = False) -> Answer:
        """One call; `drop` hangs up before the answer is read, as a time-out does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.product.port, timeout=60)
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", "Accept-Language": "en"}
        try:
            connection.request(
                "POST", f"/api/v1/{path}", json.dumps(body), {**headers, "Idempotency-Key": once or fresh()}
            )
            answer = connection.getresponse()
            if drop:  # the product has done its work, nobody heard of it
                return Answer(0, {}, {})
            return Answer(answer.status, json.loads(answer.read() or b"{}"), dict(answer.getheaders()))
        except (OSError, http.client.HTTPException):
            return Answer(0, {}, {})
        finally:
            connection.close()


def fresh() -> str:
    """A new Idempotency-Key."""
    return str(uuid.uuid4())


def at_once(acts: list[Any]) -> list[Any]:
    """Do everything at the same moment; the answers in order."""
    gate = Barrier(len(acts))

    def run(act: Any) -> Any:
        gate.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
