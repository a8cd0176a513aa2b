"""A data folder from before: what was stored plain is sealed by the migrations, the past and the audit trail too."""

import datetime
from types import SimpleNamespace

import pytest
from django.db import connection

from dashebao.kernel.records import api as records
from dashebao.kernel.records.api import SYSTEM, Change, acting
from dashebao.kernel.records.models import Seal
from dashebao.kernel.records.taking_over import seal_audit_trail, seal_column
from dashebao.kernel.registry.api import AccountEntry, BankAccount, Person, set_bank_account

NUMBER = "6222020000008880001"
PLAIN = """
set constraints all immediate;
alter table registry_bankaccount drop constraint registry_account_sealed;
alter table registry_bankaccount disable trigger user;
alter table records_change disable trigger user;
alter table records_auditentry disable trigger user;
update registry_bankaccount set number = '{0}';
update records_change set after = after || '{{"number": "{0}"}}' where table_name = 'registry_bankaccount';
update records_auditentry set detail = '{{"before": {{"debit_account": "{0}"}}}}' where verb = 'levy.unit_changed';
insert into records_seal (log, number, from_xid, below_xid, rows, root, chain)
values ('history', 1, 0, 1, 0, '', ''), ('audit', 1, 0, 1, 0, '', '');
alter table registry_bankaccount enable trigger user;
alter table records_change enable trigger user;
alter table records_auditentry enable trigger user;
"""
EVERYWHERE = """
select count(*) from (
  select t::text as content from registry_bankaccount t union all select t::text from records_change t
  union all select t::text from records_auditentry t) x where strpos(content, %s) > 0"""


def plain_rows():
    with connection.cursor() as cursor:
        cursor.execute(EVERYWHERE, [NUMBER])
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_what_lay_plain_is_sealed_and_the_seals_begin_anew(settings, tmp_path):
    settings.DATA = tmp_path
    with acting(SYSTEM, "test"):
        who = Person.objects.create(name="甲", sex="1", birth_on=datetime.date(1970, 1, 1), region_code="440106")
        set_bank_account(who.pk, AccountEntry("102", "12345678", "甲"), datetime.date(2020, 1, 1))
        records.audit("levy.unit_changed", ("unit", 1))
    with connection.cursor() as cursor:
        cursor.execute(PLAIN.format(NUMBER))
    assert plain_rows() == 3  # the row, its history, and what an act told
    editor = SimpleNamespace(connection=connection)
    seal_column("registry_bankaccount", "number", ("person_id", "unit_id")).code(None, editor)
    seal_audit_trail().code(None, editor)
    assert plain_rows() == 0
    assert Seal.objects.count() == 0
    assert BankAccount.objects.get(person=who).number == NUMBER
    assert Change.objects.get(table_name="registry_bankaccount").after["number"] == NUMBER
    assert records.AuditEntry.objects.get(verb="levy.unit_changed").detail == {"before": {"debit_account": NUMBER}}
    seal_column("registry_bankaccount", "number", ("person_id", "unit_id")).code(None, editor)  # finds nothing left
    assert BankAccount.objects.get(person=who).number == NUMBER
