"""History, scope, audit and time travel against a real PostgreSQL."""

import datetime
import time

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from dashebao.kernel.identity.models import Office
from dashebao.kernel.records import api as records
from dashebao.kernel.records.api import Actor, Change, acting, as_known
from dashebao.kernel.records.models import Seal
from dashebao.kernel.registry.models import Person

OFFICER = Actor("officer", 7, region="4401", name="Li")


def person(name="Zhang", region="440106"):
    return Person.objects.create(name=name, sex="1", birth_on=datetime.date(1970, 1, 1), region_code=region)


@pytest.mark.django_db
def test_bulk_sql_leaves_who_when_why_before_and_after():
    with acting(OFFICER, "correct the name"):
        made = person()
        with connection.cursor() as cursor:
            cursor.execute("update registry_person set name = 'Chang'")
    inserted, updated = Change.objects.filter(table_name="registry_person", row_id=str(made.pk)).order_by("id")
    assert (inserted.op, inserted.before, inserted.after["name"]) == ("I", None, "Zhang")
    assert (updated.before["name"], updated.after["name"]) == ("Zhang", "Chang")
    assert (updated.actor_kind, updated.actor_id, updated.why) == ("officer", 7, "correct the name")


@pytest.mark.django_db
def test_the_past_can_be_read_as_it_was_known():
    made = person()
    gone = person("Gone")
    before = timezone.now()
    Person.objects.filter(pk=made.pk).update(name="Renamed")
    gone.delete()
    later = person("Later")
    then = {row.name for row in as_known(Person, before)}
    assert {"Zhang", "Gone"} <= then
    assert not {"Renamed", "Later"} & then
    assert {row.name for row in as_known(Person, timezone.now())} >= {"Renamed", later.name}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["update records_change set why = ''", "delete from records_auditentry", "truncate records_seal"]
)
def test_the_past_cannot_be_changed(statement):
    person()
    records.audit("test.act", ("thing", 1))
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("select set_config('app.allow_truncate', 'off', true)")
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            cursor.execute(statement)


def sealed_within(seconds):
    """Seal until the audit trail has a seal; tests beside this one hold transactions that it waits for."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        records.seal()
        if Seal.objects.filter(log="audit").exists():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.django_db(transaction=True)
def test_tampering_by_the_owner_is_found():
    with acting(OFFICER, "hire"):
        person()
        records.audit("test.act", ("thing", 1), region="440106")
    assert sealed_within(60)
    assert records.verify().differences == ()
    with connection.cursor() as cursor:
        cursor.execute("alter table records_auditentry disable trigger all")
        cursor.execute("update records_auditentry set verb = 'test.other'")
        cursor.execute("alter table records_auditentry enable trigger all")
    assert any("audit" in difference for difference in records.verify().differences)


def past_the_triggers(statement):
    """One statement of somebody who switched the guards of the table off; returns what the proof of the rows says then."""
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table registry_person disable trigger user")
        cursor.execute(statement)
        cursor.execute("alter table registry_person enable trigger user")
        found = [line for line in records.changed_rows() if line.startswith("registry_person ")]
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
def test_a_row_changed_past_its_history_is_named():
    with acting(OFFICER, "hire"):
        made = person()
        Person.objects.filter(pk=made.pk).update(name="Chang")
    row = f"registry_person {made.pk}"
    assert list(records.changed_rows()) == []
    changed = past_the_triggers(f"update registry_person set name = 'Wang' where id = {made.pk}")
    assert changed == [f"{row} is not as its history left it: name"]
    assert past_the_triggers(f"delete from registry_person where id = {made.pk}") == [f"{row} is gone"]
    columns = "name, sex, birth_on, nation, region_code, hukou_region, hukou_kind, mobile, address"
    slipped_in = f"insert into registry_person ({columns}) select {columns} from registry_person where id = {made.pk}"
    assert [line.split(" ", 2)[2] for line in past_the_triggers(slipped_in)] == ["has no history"]
    assert list(records.changed_rows()) == []


@pytest.mark.django_db(transaction=True)
def test_a_past_that_was_sealed_anew_is_found_by_the_published_seal():
    with acting(OFFICER, "hire"):
        records.audit("test.act", ("thing", 1), region="440106")
    assert sealed_within(60)
    published = records.newest()
    with connection.cursor() as cursor:
        for table, statement in (
            ("records_auditentry", "update records_auditentry set verb = 'test.other'"),
            ("records_seal", "delete from records_seal"),
        ):
            cursor.execute(f"alter table {table} disable trigger user")
            cursor.execute(statement)
            cursor.execute(f"alter table {table} enable trigger user")
    assert sealed_within(60)
    assert records.verify().differences == ()
    assert any("published" in difference for difference in records.verify(published).differences)


@pytest.fixture
def web(transactional_db):
    """A connection of the web login, under row-level security."""
    place = connection.settings_dict
    password = settings.SECRETS["passwords"]["dashebao_web"]
    with psycopg.connect(
        host=place["HOST"],
        port=place["PORT"],
        dbname=place["NAME"],
        user="dashebao_web",
        password=password,
        autocommit=True,
    ) as opened:
        yield opened


def act(web, actor, lifetime=3600):
    web.execute("select set_config('app.ctx', %s, false)", [records.sign(actor, lifetime)])


def names(web):
    return {row[0] for row in web.execute("select name from registry_person")}


def test_row_security_shows_each_actor_only_what_is_theirs(web):
    here, _there = person("Here", "440106"), person("There", "440303")
    assert names(web) == set()
    act(web, OFFICER)
    assert names(web) == {"Here"}
    act(web, Actor("officer", 7, region="44"))
    assert names(web) == {"Here", "There"}
    act(web, Actor("person", here.pk))
    assert names(web) == {"Here"}


@pytest.mark.parametrize(
    "forge",
    [
        lambda c: c.replace("|4401|", "|44|"),
        lambda c: c.replace("officer", "system"),
        lambda c: c[:-1] + ("0" if c[-1] != "0" else "1"),
        lambda c: "",
        lambda c: "|".join(c.split("|")[:5]),
    ],
)
def test_a_forged_context_shows_nothing(web, forge):
    person()
    web.execute("select set_config('app.ctx', %s, false)", [forge(records.sign(OFFICER))])
    assert names(web) == set()


def test_an_expired_context_shows_nothing(web):
    person()
    act(web, OFFICER, lifetime=-1)
    assert names(web) == set()


def test_the_web_login_can_neither_read_the_key_nor_switch_guards_off(web):
    act(web, OFFICER)
    for statement in (
        "select * from ctx.key",
        "alter table registry_person disable row level security",
        "set role dashebao_owner",
        "set session_replication_role = replica",
        "delete from records_change",
        "truncate registry_person",
    ):
        with pytest.raises(psycopg.Error):
            web.execute(statement)


def test_an_officer_cannot_write_outside_the_own_region(web):
    act(web, OFFICER)
    row = "insert into registry_person(name, sex, birth_on, nation, region_code, hukou_region, hukou_kind, mobile, address) values ('X','1','1970-01-01','01',%s,'','','','')"
    web.execute(row, ["440106"])
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(row, ["440303"])


@pytest.mark.django_db
def test_an_inner_actor_gives_way_to_the_outer_one_again():
    with acting(OFFICER, "outer"):
        with acting(records.SYSTEM, "inner"):
            Office.objects.create(code="a", name="甲", name_en="A", level="city", region_code="440100")
        Office.objects.create(code="b", name="乙", name_en="B", level="city", region_code="440100")
    whys = Change.objects.filter(table_name="identity_office").order_by("id").values_list("actor_kind", "why")
    assert list(whys) == [("system", "inner"), ("officer", "outer")]
