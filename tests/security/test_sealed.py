"""No account and no identity number lies in plain text in a table of a province whose month was run, nor in other files."""

import re

import psycopg
import pytest
from django.conf import settings

from dashebao.site.postgres import Cluster

# Files that hold accounts because somebody must read them: what lies ready for the partners and what they keep
# themselves (the invented bank), the papers with their seal, the invented people a visitor may play, and the server's own
# files (searched as tables).
PLAIN_BY_NATURE = ("exchange/", "partners/", "papers/", "postgres/", "demonstration.json")
SEEDED = {
    "a person's account, paid": "select account_number from fund_paymentbatchline order by month desc, id limit 1",
    "a unit's account": "select debit_account from levy_unitregistration where debit_account <> '' order by id limit 1",
    "another province's account": "select account_number from pension_transferletter where to_region not like '44%' order by id limit 1",
    "an identity number": "select value from registry_personidentifier where kind = 'resident_id' order by id limit 1",
    "the number of somebody paid for": "select i.value from registry_personidentifier i join levy_contributionline l"
    " using (person_id) order by l.month desc, l.person_id limit 1",
    "the number of a citizen with an account": "select i.value from registry_personidentifier i join identity_user u"
    " using (person_id) where u.kind = 'citizen' order by u.id limit 1",
    "the number of a claimant": "select i.value from registry_personidentifier i join cases_case c using (person_id)"
    " order by c.id limit 1",
    "the number in a certificate": "select i.value from registry_personidentifier i join papers_issuedpaper p"
    " using (person_id) order by p.id limit 1",
    "an account typed into a form": "select answers ->> 'number' from cases_case where item_code = 'SI-408' order by id limit 1",
}
COLUMNS = """
select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind = 'r' order by 1"""


def plain_in_tables(product, numbers):
    """Tables that hold one of the numbers as text, or as bytes, in any column of any row."""
    wanted = [*numbers, *(number.encode().hex() for number in numbers)]
    found = set()
    with psycopg.connect(Cluster(product.data).dsn("postgres")) as connection:
        for (table,) in connection.execute(COLUMNS).fetchall():
            held = "exists (select 1 from unnest(%s::text[]) w where strpos(t::text, w) > 0)"
            if connection.execute(f"select exists (select 1 from {table} t where {held})", [wanted]).fetchone()[0]:
                found.add(table)
    return found


@pytest.fixture(scope="module")
def numbers(product):
    """One account of every kind, as the province knows them."""
    kept = {name: product.rows(query) for name, query in SEEDED.items()}
    return {name: product.opened(rows[0][0]) for name, rows in kept.items() if rows}


def test_accounts_of_every_kind_are_there_to_be_looked_for(numbers):
    assert set(numbers) == set(SEEDED)
    assert all(re.fullmatch(r"\d{8,34}|\d{17}X", number) for number in numbers.values())


def test_no_table_holds_an_account_in_plain_text(product, numbers):
    assert plain_in_tables(product, list(numbers.values())) == set()


def test_a_column_that_is_not_sealed_is_noticed(product, numbers):
    """The control: the same search finds one plain copy, in a text, in JSON and as bytes."""
    number = numbers["a person's account, paid"]
    with psycopg.connect(Cluster(product.data).dsn("postgres"), autocommit=True) as connection:
        try:
            connection.execute("create table leak_text as select %s::text as copied", [f"to {number}."])
            connection.execute("create table leak_json as select jsonb_build_object('n', %s::text) as copied", [number])
            connection.execute("create table leak_bytes as select %s::bytea as copied", [number.encode()])
            assert plain_in_tables(product, [number]) == {"leak_text", "leak_json", "leak_bytes"}
        finally:
            connection.execute("drop table if exists leak_text, leak_json, leak_bytes")


def test_no_file_holds_one_but_those_that_must(product, numbers):
    wanted = [number.encode() for number in numbers.values()]
    found = []
    for path in product.data.rglob("*"):
        place = str(path.relative_to(product.data))
        if path.is_file() and not place.startswith(PLAIN_BY_NATURE):
            content = path.read_bytes()
            found += [place for number in wanted if number in content]
    assert found == []


def test_the_keys_are_not_in_the_database_and_the_web_process_cannot_ask_for_them(product):
    held = (product.data / "keys" / "fields.json").read_text()
    secrets = re.findall(r'"([0-9a-f]{64})"', held)
    assert len(secrets) >= 2
    assert plain_in_tables(product, secrets) == set()
    assert product.data != settings.DATA


def test_a_web_statement_reads_only_what_is_sealed(product):
    """The web login sees the rows of its scope; without the keys they tell the last four digits."""
    rows = product.rows("select number from registry_bankaccount limit 200")
    assert rows
    assert all(re.fullmatch(r"~[\w-]{22}\.[pu]\d+\.a\d+\.[\w-]{39,}\.(\d{4}|\*{4})", number) for (number,) in rows)
