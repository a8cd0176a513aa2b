"""Tells the tax office of people's movements (T01), each once, refused ones again after correction."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from dashebao.business.levy.models import MovementKind, MovementRefusal
from dashebao.kernel.exchange.api import Message, send
from dashebao.kernel.records.api import SYSTEM, acting, audit
from dashebao.kernel.secrecy.api import open_members

ROWS_PER_FILE = 50_000
MOST_ATTEMPTS = 3
PREFIX = "T01:persons-"
ENROLLING = (MovementKind.NEW, MovementKind.RESUME, MovementKind.MOVE_IN, MovementKind.ADD_SCHEME)
ACTIONS = {**dict.fromkeys(map(str, ENROLLING), "enrol"), str(MovementKind.CHANGE): "change"}

_CHOOSE = """
insert into levy_movementtold (movement_id, attempt, message_key, line)
select w.id, w.attempt, %(key)s, row_number() over (order by w.id)
from (
  select m.id, 1 as attempt from levy_movement m
  where not exists (select 1 from levy_movementtold t where t.movement_id = m.id)
  union all
  select r.movement_id, r.attempt + 1 from levy_movementrefusal r
  where r.attempt < %(most)s
    and not exists (select 1 from levy_movementtold t where t.movement_id = r.movement_id and t.attempt > r.attempt)
  order by 1 limit %(rows)s
) w
"""
_LINES = """
select string_agg(json_build_object(
    'line', x.line, 'subject', 'person', 'action', x.action, 'movement', x.movement_id, 'kind', x.kind,
    'person_id', x.person_id, 'id_number', x.number, 'name', x.name, 'unit_id', x.unit_id, 'credit_code', x.credit_code,
    'region', x.region_code, 'schemes', x.schemes, 'month', x.effective_month, 'attempt', x.attempt
  )::text, E'\\n' order by x.line)
from (
  select t.line, t.movement_id, t.attempt, m.kind, coalesce(%(actions)s::jsonb ->> m.kind, 'stop') as action,
         m.person_id, coalesce(n.value, '') as number, p.name, coalesce(m.unit_id, 0) as unit_id,
         coalesce(c.value, '') as credit_code, m.region_code, m.schemes::text[] as schemes, m.effective_month
  from levy_movementtold t
  join levy_movement m on m.id = t.movement_id
  join registry_person p on p.id = m.person_id
  left join lateral (select value from registry_personidentifier i
                     where i.person_id = p.id and upper_inf(i.valid_during)
                     order by i.kind = 'resident_id' desc limit 1) n on true
  left join lateral (select value from registry_unitidentifier i
                     where i.unit_id = m.unit_id and i.kind = 'uscc' and upper_inf(i.valid_during) limit 1) c on true
  where t.message_key = %(key)s
) x
"""
_REFUSE = """
insert into levy_movementrefusal (movement_id, attempt, code, text)
select t.movement_id, t.attempt, g.code, g.text
from unnest(%(lines)s::int[], %(codes)s::text[], %(texts)s::text[]) g(line, code, text)
join levy_movementtold t on t.message_key = %(key)s and t.line = g.line
on conflict (movement_id, attempt) do nothing
"""


def tell_movements(month: int) -> int:
    """Send every movement the tax office has not been told, and refused ones again, in files of 50,000 rows.

    Runs in the caller's transaction, one teller at a time; returns the number of rows. `month` (yyyymm) is only the
    file's label: each row has its own effective month.
    """
    told = 0
    with acting(SYSTEM, why="movements to the tax office"), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended('levy.tell_movements', 0))")
        while rows := _tell_file(month):
            told += rows
            if rows < ROWS_PER_FILE:
                break
    return told


def _tell_file(month: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(distinct message_key) from levy_movementtold")
        key = f"{PREFIX}{int(cursor.fetchone()[0]) + 1}"
        cursor.execute(_CHOOSE, {"key": key, "most": MOST_ATTEMPTS, "rows": ROWS_PER_FILE})
        rows = int(cursor.rowcount)
        if not rows:
            return 0
        cursor.execute(_LINES, {"key": key, "actions": _as_json(ACTIONS)})
        content = open_members(cursor.fetchone()[0], "id_number").encode()
    sequence = int(key.removeprefix(PREFIX))
    data = {"month": month, "run": "persons", "sequence": sequence, "of": sequence, "rows": rows}
    send("tax", "T01", data, file=content, name=f"T01-{month}-persons-{sequence:04d}.jsonl", key=key)
    audit("levy.movements_told", ("levy.movement", sequence), rows=rows)
    return rows


def _as_json(names: dict[str, str]) -> str:
    return "{" + ",".join(f'"{kind}":"{action}"' for kind, action in names.items()) + "}"


@dataclass(frozen=True)
class RefusedMovement:
    """A movement that the tax office has refused for the last time: an officer must put the record right."""

    movement_id: int
    code: str
    text: str


def take_answer(message: Message) -> None:
    """The tax office's answer (T01R) to a file of movements: only refused lines come back, one by one."""
    key, lines, codes, texts = message.answers, [], [], []
    for line, row in message.rows():
        number = row.get("line")
        if not isinstance(number, int):
            message.row(line, ok=False, code="E02", text="no line number")
            continue
        lines.append(number)
        codes.append(str(row.get("code", ""))[:12])
        texts.append(str(row.get("message", ""))[:200])
        message.row(number, ok=False, code=codes[-1], text=texts[-1])
    with connection.cursor() as cursor:
        if key.startswith(PREFIX) and lines:
            cursor.execute(_REFUSE, {"key": key, "lines": lines, "codes": codes, "texts": texts})
    message.passed(int(message.data.get("accepted", 0)))


def refused_for_good() -> Sequence[RefusedMovement]:
    """Movements refused at every try, newest first."""
    rows = MovementRefusal.objects.filter(attempt=MOST_ATTEMPTS).order_by("-id")[:500]
    return [RefusedMovement(row.movement_id, row.code, row.text) for row in rows]
