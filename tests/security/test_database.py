"""An injected statement: raw SQL as the web login on the running province, in the name of somebody far away."""

import json

import psycopg
import pytest
from django.test import override_settings

from dashebao.kernel.identity.api import User
from dashebao.kernel.records.api import Actor, sign
from dashebao.kernel.records.guards import records
from dashebao.site.postgres import Cluster

OPEN = ("everybody", "staff")
SCOPED = [model for model in records() if model._meta.managed and not any(getattr(model.scope, name) for name in OPEN)]
ABSENT = 10**15
STRANGERS = {
    "nobody": None,
    "a citizen": Actor("person", ABSENT),
    "an operator": Actor("unit", ABSENT, unit_id=ABSENT),
    "an officer of another province": Actor("officer", ABSENT, region="99"),
    "a partner of another province": Actor("partner", ABSENT, region="99"),
}
FAR = "440305"


@pytest.fixture(scope="module")
def web(product):
    """A connection of the web login to the province, and how to sign in."""
    secrets = json.loads((product.data / "secrets.json").read_text())
    with psycopg.connect(Cluster(product.data).dsn("dashebao_web"), autocommit=True) as line:

        def act(actor):
            with override_settings(CONTEXT_KEY=bytes.fromhex(secrets["context_key"])):
                line.execute("select set_config('app.ctx', %s, false)", [sign(actor) if actor else ""])
            return line

        yield act


@pytest.fixture(scope="module")
def filled(product):
    """The tables that hold rows at all."""
    return {model: product.rows(f'select count(*) from "{model._meta.db_table}"')[0][0] for model in SCOPED}


def test_the_province_fills_most_tables(filled):
    assert sum(count > 0 for count in filled.values()) > 60


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_counts_nothing_in_any_table(web, filled, who):
    line = web(STRANGERS[who])
    seen = {}
    for model in filled:
        count = line.execute(f'select count(*) from "{model._meta.db_table}"').fetchone()[0]
        if count:
            seen[model._meta.db_table] = count
    assert seen == {}


def test_an_officer_counts_the_rows_of_the_own_county_only(web, filled, product):
    line, beyond, inside = web(Actor("officer", ABSENT, region=FAR)), {}, 0
    for model in filled:
        if model.scope.region:
            table, column = model._meta.db_table, model.scope.region
            query = f'select count(*) filter (where "{column}" <> %s), count(*) from "{table}"'
            others, whole = line.execute(query, [FAR]).fetchone()
            wanted = product.rows(f'select count(*) from "{table}" where "{column}" = \'{FAR}\'')[0][0]
            inside += wanted
            if others or whole != wanted:
                beyond[table] = (others, whole, wanted)
    assert beyond == {}
    assert inside > 0


def test_the_history_of_rows_is_seen_by_those_who_see_the_rows(web, product):
    query = (
        "select table_name, row_id::bigint from records_change where table_name in ('registry_person', 'cases_case')"
    )
    seen = web(Actor("officer", ABSENT, region=FAR)).execute(query).fetchall()
    places = {
        table: dict(product.rows(f"select id, region_code from {table}")) for table in ("registry_person", "cases_case")
    }
    assert {places[table][key] for table, key in seen} <= {FAR}
    whole = product.rows("select count(*) from records_change where table_name in ('registry_person', 'cases_case')")
    assert web(Actor("officer", ABSENT, region="44")).execute(query).rowcount == whole[0][0] > len(seen)
    for who in ("nobody", "a citizen", "an officer of another province"):
        personal = (
            "select count(*) from records_change where table_name like 'registry_%' and table_name not like '%region'"
        )
        assert web(STRANGERS[who]).execute(personal).fetchone()[0] == 0


ACCOUNTS = {
    "another's password": "update identity_user set password = 'x' where username = 'citizen-pensioner'",
    "another's second factor": "update identity_user set totp_secret = '' where username = 'employer'",
    "an account turned to another person": "update identity_user set person_id = 1 where username = 'citizen'",
    "an account turned into an officer's": "update identity_user set kind = 'officer', office_id = 1 where username = 'citizen'",
    "an account for another's record": "insert into identity_user (password, username, kind, name, person_id, is_active,"
    ' totp_secret, totp_last_step, failures, "window", must_change_password)'
    " values ('', 'x', 'citizen', 'x', 1, true, '', 0, 0, '', false)",
    "an account deleted": "delete from identity_user where username = 'employer-viewer'",
    "a role": "insert into identity_grant (user_id, role, family, valid_during) select id, 'audit.reader', 'audit',"
    " '[2020-01-01,)' from identity_user where username = 'citizen'",
}


@pytest.mark.parametrize("what", ACCOUNTS)
@pytest.mark.parametrize("who", ["nobody", "citizen", "employer-staff", "pension-clerk"])
def test_no_account_is_taken_over_by_a_statement(web, product, who, what):
    actor = None
    if who != "nobody":
        query = (
            f"select id, kind, coalesce(person_id, 0), coalesce(unit_id, 0) from identity_user where username = '{who}'"
        )
        ((key, kind, person, unit),) = product.rows(query)
        actor = {
            "citizen": Actor("person", person), "operator": Actor("unit", key, unit_id=unit),
            "officer": Actor("officer", key, region="4401"),
        }[kind]  # fmt: skip
    line = web(actor)
    with pytest.raises(psycopg.Error) as refused, line.transaction():
        line.execute(ACCOUNTS[what])
    assert refused.value.sqlstate == "42501", refused.value


def test_everybody_keeps_the_own_password(web, product):
    ((person,),) = product.rows("select person_id from identity_user where username = 'citizen'")
    line = web(Actor("person", person))
    with line.transaction(force_rollback=True):
        done = line.execute(
            "update identity_user set failures = 1 where username = 'citizen' and person_id = %s", [person]
        )
        assert done.rowcount == 1


def test_every_account_is_of_a_kind_tried_here():
    assert {code for code, _name in User._meta.get_field("kind").choices} == {"officer", "citizen", "operator"}
