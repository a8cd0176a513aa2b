"""Identity numbers lie sealed in what a unit declares, and are read where they are needed: its lists, its searches, T01."""

import json

from django.db import connection

from dashebao.business.levy.actions import telling
from dashebao.business.levy.api import Declared, declare
from dashebao.business.levy.models import DeclarationRow
from dashebao.business.levy.queries.checks import check_rows
from dashebao.business.levy.queries.enrolments import staff_of
from dashebao.business.levy.queries.staffing import StaffFilter, StaffLines, check_joining
from dashebao.business.levy.workbooks import SheetRow
from dashebao.kernel.legal_time.api import month_plus

MONTH = 202611


def test_a_declared_number_is_kept_sealed_and_read_plain(world):
    unit = world.unit()
    world.staff(unit, [400_000])
    [known] = staff_of(unit, MONTH)
    sheet = [SheetRow(1, known.id_number, known.name, 500_000), SheetRow(2, "not a number", "P", 500_000)]
    declare(Declared(unit, MONTH, check_rows(unit, MONTH, sheet).rows))
    with connection.cursor() as cursor:
        cursor.execute("select id_number from levy_declarationrow order by row_no")
        stored = [number for (number,) in cursor.fetchall()]
    assert all(number.startswith("~") and f".u{unit}." in number for number in stored)
    kept = [row.id_number for row in DeclarationRow.objects.order_by("row_no")]
    assert kept == [known.id_number, "not a number"]


def test_a_staff_list_is_searched_by_any_part_of_a_number(world):
    unit = world.unit()
    world.staff(unit, [400_000, 500_000, 600_000])
    wanted = staff_of(unit, MONTH)[1]
    found = StaffLines(StaffFilter(unit, MONTH, text=wanted.id_number[-6:]))[0:10]
    assert [line.person_id for line in found] == [wanted.person_id]
    assert len(StaffLines(StaffFilter(unit, MONTH, text=wanted.id_number[:10]))[0:10]) == 3
    assert StaffLines(StaffFilter(unit, MONTH, text="999999"))[0:10] == []


def test_people_who_join_are_known_by_their_number(world):
    here, elsewhere = world.unit(), world.unit()
    world.staff(elsewhere, [400_000, 500_000])
    rows = [SheetRow(n, one.id_number, one.name, 500_000) for n, one in enumerate(staff_of(elsewhere, MONTH), 1)]
    checked = check_joining(here, month_plus(MONTH, 1), rows).rows
    assert [row.person_id for row in checked] == [one.person_id for one in staff_of(elsewhere, MONTH)]


def test_the_tax_office_is_told_plain_numbers(world, monkeypatch):
    unit = world.unit()
    world.staff(unit, [400_000, 500_000])
    sent = []
    monkeypatch.setattr(telling, "send", lambda *_to, file, **_as: sent.append(file))
    telling.tell_movements(MONTH)
    told = {json.loads(line)["id_number"] for line in sent[0].decode().splitlines()}
    assert {one.id_number for one in staff_of(unit, MONTH)} <= told
    assert not any(number.startswith("~") for number in told)
