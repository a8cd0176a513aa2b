"""Registering many persons, units and accounts from columns, in statements whose number does not grow with the rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from dashebao.kernel.codes.api import CodeError, check_uscc
from dashebao.kernel.records.api import audit
from dashebao.kernel.registry.errors import AlreadyRegistered, BadIdentifier
from dashebao.kernel.registry.queries import CREDIT_CODE, RESIDENT_ID
from dashebao.kernel.registry.rules import wrong_id_numbers
from dashebao.kernel.secrecy.api import Family, Sealed, digests, person_holder, seal_many, unit_holder

ROWS_AT_ONCE = 50_000


@dataclass(frozen=True)
class PersonColumns:
    """Persons as columns of equal length; an empty optional column means empty values.

    `account` holds (bank code, number) columns of the account that benefits go to, named after the person, valid from
    `account_since`; a person without one has an empty number.
    """

    name: Sequence[str]
    id_number: Sequence[str]
    region_code: Sequence[str]
    sex: Sequence[str]
    birth_on: Sequence[date]
    hukou_region: Sequence[str] = ()
    hukou_kind: Sequence[str] = ()
    mobile: Sequence[str] = ()
    account_bank: Sequence[str] = ()
    account_number: Sequence[str] = ()
    account_since: date | None = None
    address: Sequence[str] = field(default=())


@dataclass(frozen=True)
class UnitColumns:
    """Units as columns of equal length; an empty optional column means empty values."""

    name: Sequence[str]
    credit_code: Sequence[str]
    kind: Sequence[str]
    region_code: Sequence[str]
    industry: Sequence[str] = ()
    founded_on: Sequence[date | None] = ()
    contact: Sequence[str] = ()
    phone: Sequence[str] = ()
    account_bank: Sequence[str] = ()
    account_number: Sequence[str] = ()
    account_since: date | None = None


def register_many(columns: PersonColumns) -> list[int]:
    """Put many persons into the registry; returns their keys in the order of the columns.

    All or nothing: BadIdentifier names the first wrong number, AlreadyRegistered the first known one. No event per
    person is raised (a bulk load is one act in the audit trail); row history is written by the database.
    """
    wrong = wrong_id_numbers(columns.id_number)
    if wrong:
        text = _("Row %(row)s: the identity number %(number)s is not valid.")
        raise BadIdentifier(text % {"row": wrong[0] + 1, "number": columns.id_number[wrong[0]]})
    with transaction.atomic():
        _refuse_known(KNOWN_PERSON, RESIDENT_ID, columns.id_number, partial(digests, Family.IDENTITY))
        keys = _keys("registry_person", len(columns.name))
        for part in _slices(len(keys)):
            _insert_persons(columns, keys, part)
        audit("registry.persons_registered", ("registry.person", "many"), persons=len(keys))
    return keys


def _insert_persons(columns: PersonColumns, keys: list[int], part: slice) -> None:
    rows = len(keys[part])
    texts = [
        _text(column[part], rows)
        for column in (columns.hukou_region, columns.hukou_kind, columns.mobile, columns.address)
    ]
    core = [list(c[part]) for c in (columns.name, columns.sex, columns.birth_on, columns.region_code)]
    with connection.cursor() as cursor:
        cursor.execute(INSERT_PERSONS, [keys[part], *core, *texts])
        cursor.execute(
            INSERT_PERSON_NUMBERS,
            [RESIDENT_ID, keys[part], _numbers(columns, keys, part), list(columns.birth_on[part])],
        )
        if columns.account_number:
            cursor.execute(INSERT_PERSON_ACCOUNTS, _accounts(columns, keys, part, person_holder))


INSERT_PERSONS = """
insert into registry_person (id, name, sex, birth_on, nation, region_code, hukou_region, hukou_kind, mobile, address)
select id, name, sex, birth_on, '01', region_code, hukou_region, hukou_kind, mobile, address
from unnest(%s::bigint[], %s::text[], %s::text[], %s::date[], %s::text[],
            %s::text[], %s::text[], %s::text[], %s::text[])
  told(id, name, sex, birth_on, region_code, hukou_region, hukou_kind, mobile, address)
"""
INSERT_PERSON_NUMBERS = """
insert into registry_personidentifier (person_id, kind, value, valid_during)
select id, %s, value, daterange(birth_on, null)
from unnest(%s::bigint[], %s::text[], %s::date[]) told(id, value, birth_on)
"""
INSERT_PERSON_ACCOUNTS = """
insert into registry_bankaccount (person_id, bank_code, number, name, valid_during)
select id, bank_code, number, name, daterange(%s::date, null)
from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) told(id, bank_code, number, name) where number <> ''
"""


def register_many_units(columns: UnitColumns) -> list[int]:
    """Put many units into the registry; returns their keys in the order of the columns; all or nothing, as above."""
    for row, code in enumerate(columns.credit_code, start=1):
        try:
            check_uscc(code)
        except CodeError as error:
            text = _("Row %(row)s: the credit code %(code)s is not valid.")
            raise BadIdentifier(text % {"row": row, "code": code}) from error
    with transaction.atomic():
        _refuse_known(KNOWN_UNIT, CREDIT_CODE, columns.credit_code, list)
        keys = _keys("registry_unit", len(columns.name))
        for part in _slices(len(keys)):
            _insert_units(columns, keys, part)
        audit("registry.units_registered", ("registry.unit", "many"), units=len(keys))
    return keys


def _insert_units(columns: UnitColumns, keys: list[int], part: slice) -> None:
    rows = len(keys[part])
    texts = [_text(column[part], rows) for column in (columns.industry, columns.contact, columns.phone)]
    founded = list(columns.founded_on[part]) or [None] * rows
    core = [list(c[part]) for c in (columns.name, columns.kind, columns.region_code)]
    with connection.cursor() as cursor:
        cursor.execute(INSERT_UNITS, [keys[part], *core, *texts, founded])
        cursor.execute(INSERT_UNIT_NUMBERS, [CREDIT_CODE, keys[part], list(columns.credit_code[part]), founded])
        if columns.account_number:
            cursor.execute(INSERT_UNIT_ACCOUNTS, _accounts(columns, keys, part, unit_holder))


INSERT_UNITS = """
insert into registry_unit (id, name, kind, region_code, industry, contact, phone, founded_on, address)
select id, name, kind, region_code, industry, contact, phone, founded_on, ''
from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::date[])
  told(id, name, kind, region_code, industry, contact, phone, founded_on)
"""
INSERT_UNIT_NUMBERS = """
insert into registry_unitidentifier (unit_id, kind, value, valid_during)
select id, %s, value, daterange(founded_on, null)
from unnest(%s::bigint[], %s::text[], %s::date[]) told(id, value, founded_on)
"""
INSERT_UNIT_ACCOUNTS = INSERT_PERSON_ACCOUNTS.replace("person_id", "unit_id")


def _accounts(
    columns: PersonColumns | UnitColumns, keys: list[int], part: slice, holder: Callable[[int], str]
) -> list[Any]:
    """The values of an insert of accounts, the numbers sealed."""
    numbers = seal_many(Family.ACCOUNT, map(holder, keys[part]), columns.account_number[part])
    return [columns.account_since, keys[part], list(columns.account_bank[part]), numbers, list(columns.name[part])]


def _numbers(columns: PersonColumns, keys: list[int], part: slice) -> list[Sealed]:
    return seal_many(Family.IDENTITY, map(person_holder, keys[part]), columns.id_number[part])


KNOWN_PERSON = """
select x.place, i.person_id from unnest(%s::text[]) with ordinality x(digest, place)
join registry_personidentifier i on i.digest = x.digest where i.kind = %s limit 1
"""
KNOWN_UNIT = """
select x.place, i.unit_id from unnest(%s::text[]) with ordinality x(value, place)
join registry_unitidentifier i on i.value = x.value where i.kind = %s limit 1
"""


def _refuse_known(known: str, kind: str, values: Sequence[str], stored: Callable[[Sequence[str]], list[str]]) -> None:
    """Refuse a number that stands twice, or in the registry, where it is found as `stored`."""
    if len(set(values)) != len(values):
        seen: set[str] = set()
        twice = next(value for value in values if value in seen or seen.add(value))  # type: ignore[func-returns-value]
        raise BadIdentifier(_("The number %(number)s stands in two rows.") % {"number": twice})
    with connection.cursor() as cursor:
        for part in _slices(len(values)):
            cursor.execute(known, [stored(values[part]), kind])
            if found := cursor.fetchone():
                place, holder = found
                text = _("The number %(number)s is registered already; open that person instead.")
                raise AlreadyRegistered(text % {"number": values[part][place - 1]}, holder)


def _keys(table: str, count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)", [table, count])
        return [key for (key,) in cursor.fetchall()]


def _slices(count: int) -> list[slice]:
    return [slice(start, start + ROWS_AT_ONCE) for start in range(0, count, ROWS_AT_ONCE)]


def _text(column: Sequence[str], rows: int) -> list[str]:
    return list(column) or [""] * rows
