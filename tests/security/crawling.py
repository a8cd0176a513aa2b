"""Parts of the sweep that need Django set up: poisoning of columns, signed-in clients, every page once."""

import logging
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, models, transaction
from django.test import Client

from dashebao.kernel.identity.api import User, roles
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.records.guards import records
from dashebao.platform.screens.api import Face
from tests.security.addresses import OF_FACES, Address
from tests.security.preparing import BACKEND, HALL, HERE, Things, officer, owner, things

SHORTEST = 12
# Codes the program looks things up by: the pages would say "unknown", not show them.
CODED = re.compile(
    r"(^|_)(code|kind|state|key|role|family|verb|op|id|region|scheme|fund|source|digest|token|password|username|"
    r"secret|level|variant|category|business|item|no|source|way|method|outcome|pipeline|form|log|rule|act|step_key|"
    r"channel|field|table_name|row_id|session_key|fingerprint|public_key|folder|file_name|media_type|subject_kind|"
    r"subject_id|subject|benefit_kind|direction|part|detail|book|msg_id|message_id|operation|method|public)$"
)
IN_JSON = r'"[^"\\]*[一-龥][^"\\]*"(?!\s*:)'
BITE = "<xss"
ENTRIES = ('²"><xss', "\x00", "'; select pg_sleep(9); --", "²", "9" * 40, "../../../../etc/passwd", "-1", "2026-13")
SOURCES = Path(__file__).resolve().parents[2] / "dashebao"


def poison(hostile: str) -> int:
    """Put the hostile text into every column of words and every word in JSON; returns how many columns took it."""
    taken = 0
    for model in records():
        table = model._meta.db_table
        for field in model._meta.concrete_fields if model._meta.managed else ():
            value = _value(field, hostile)
            if value is None:
                continue
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(
                        f'update "{table}" set "{field.column}" = {value} where "{field.column}" is not null'
                    )
                    taken += cursor.rowcount > 0
            except DatabaseError as error:
                logging.getLogger(__name__).info("%s.%s: %s", table, field.column, error)
    return taken


def _value(field: Any, hostile: str) -> str | None:
    if isinstance(field, models.JSONField):
        words = '"' + hostile.replace('"', r"\"") + '"'
        return f"""regexp_replace("{field.column}"::text, '{IN_JSON}', '{words.replace(chr(92), chr(92) * 2)}', 'g')::jsonb"""
    textual = isinstance(field, models.CharField | models.TextField)
    if not textual or field.choices or field.primary_key or CODED.search(field.column):
        return None
    longest = field.max_length or 4000
    if longest < SHORTEST:
        return None
    return f"left('{hostile}' || id, {longest})" if field.unique else f"'{hostile} {field.column}'::varchar({longest})"


class Crowd:
    """Signed-in clients of the province: officers by family, owners."""

    def __init__(self) -> None:
        self.made: dict[str, Client] = {}
        self.known = {user.username: user for user in User.objects.filter(username__in=("citizen", "employer"))}

    def opener(self, address: Address, key: int) -> Client:
        """Somebody who may open the page."""
        page = address.page
        if page is None or page.face is Face.PORTAL:
            return self._client("person", key or self.known["citizen"].person_id)
        if page.face is Face.EMPLOYER:
            return self._client("unit", key or self.known["employer"].unit_id)
        family = roles()[next(role for role in page.roles if role in roles())].family
        return self._client(family, HALL if address.name == "windows_number" else HERE)

    def _client(self, kind: str, key: Any) -> Client:
        label = f"{kind} {key}"
        if label not in self.made:
            self.made[label] = Client(raise_request_exception=False, headers={"accept-language": "en"})
            with acting(SYSTEM, "sweep"):
                user = owner(kind, key) if kind in ("person", "unit") else officer(kind, key)
                self.made[label].force_login(user, BACKEND)
        return self.made[label]


def visits(crowd: Crowd, found: Things) -> Iterator[tuple[Address, str, Client]]:
    """Every address with values and somebody who may open it."""
    for address in OF_FACES:
        if address.name in ("sign_out", "set_language", "portal_mode"):
            continue
        values, _word, key = found.get(address.name, ([], "", 0))
        if "<" in address.path and not values:
            continue
        yield address, address.filled(values), crowd.opener(address, key)


def swept(hostile: str, chewed: str, *, thorough: bool) -> dict[str, Any]:
    """Open every page of a province whose every word is hostile, and send hostile entries to it."""
    logging.disable(logging.CRITICAL)
    crowd = Crowd()
    todo = list(visits(crowd, things()))
    told: dict[str, Any] = {
        "columns": poison(hostile),
        "bitten": [],
        "broken": [],
        "escaped": [],
        "opened": 0,
        "sent": 0,
    }
    for address, path, client in todo:
        answer = client.get(path)
        _judge(told, address.name, answer)
        told["opened"] += answer.status_code == 200
        if chewed in answer.content.decode(errors="replace"):
            told["escaped"].append(address.name)
        _enter(told, address.name, client, path, thorough=thorough)
    return told


def _judge(told: dict[str, Any], name: str, answer: Any) -> None:
    if answer.status_code >= 500:
        told["broken"].append((name, _why(answer)))
        return
    page = answer.content.decode(errors="replace") if "html" in answer.headers.get("Content-Type", "") else ""
    if BITE in page:
        at = page.index(BITE)
        told["bitten"].append((name, page[max(0, at - 120) : at + 40]))


def _why(answer: Any) -> str:
    if answer.exc_info is None:
        return ""
    kind, error, trace = answer.exc_info
    while trace.tb_next is not None and "dashebao" in trace.tb_next.tb_frame.f_code.co_filename:
        trace = trace.tb_next
    place = trace.tb_frame.f_code.co_filename.split("/dashebao/")[-1]
    return f"{kind.__name__}: {error} at {place}:{trace.tb_lineno}"[:300]


@cache
def names_read(verb: str) -> list[str]:
    """The names of entries any page reads, from the source."""
    asked = re.compile(rf'request\.{verb}(?:\.get(?:list)?\(|\[)"([^"]+)"')
    found = {name for path in SOURCES.rglob("*.py") for name in asked.findall(path.read_text(encoding="utf-8"))}
    return sorted(found)


@cache
def acts() -> list[str]:
    """The words a form's button may send as its act, from the source."""
    told = re.compile(r'act(?:"\))? (?:==|in|!=) \(?"([a-z_]+)"')
    keyed = re.compile(r'^    "([a-z_]+)": (?:_|lambda|Act)', re.M)
    found: set[str] = set()
    for path in SOURCES.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        found |= {*told.findall(text), *(keyed.findall(text) if "request" in text else ())}
    return sorted(found)


def _enter(told: dict[str, Any], name: str, client: Client, path: str, *, thorough: bool) -> None:
    """Hostile entries under every name the program reads: all at once in a form, or (thorough) one by one, act by act."""
    asked, sent = names_read("GET"), names_read("POST")
    for entry in ENTRIES if thorough else ENTRIES[:1]:
        for query in [{one: entry} for one in asked] if thorough else []:
            _judge(told, f"GET {name} {query}", client.get(path, query))
            told["sent"] += 1
        for act in acts() if thorough else [""]:
            mark = transaction.savepoint()
            form = dict.fromkeys(sent, entry) | ({"act": act} if act else {})
            _judge(told, f"POST {name} {act} {entry!r}", client.post(path, form))
            transaction.savepoint_rollback(mark)
            told["sent"] += 1
