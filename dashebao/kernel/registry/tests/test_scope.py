"""Searches use their indexes under row-level security and show each officer only their own region."""

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from dashebao.kernel.records.api import SYSTEM, Actor, acting, sign
from dashebao.kernel.registry.api import register_many
from dashebao.kernel.registry.tests.people import id_number
from dashebao.kernel.registry.tests.test_persons import people_columns
from dashebao.kernel.secrecy.api import Family, digest


@pytest.fixture
def web(transactional_db):
    """A connection of the web login."""
    place, password = connection.settings_dict, settings.SECRETS["passwords"]["dashebao_web"]
    with psycopg.connect(
        host=place["HOST"], port=place["PORT"], dbname=place["NAME"], user="dashebao_web", password=password,
        autocommit=True,
    ) as opened:  # fmt: skip
        yield opened


NAMES = "select name from registry_person where name ~>=~ '人1' and name ~<~ '人2' order by name"
NUMBERS = "select person_id from registry_personidentifier where digest = '{}'"


def test_searches_use_their_indexes_and_respect_the_region(web):
    with acting(SYSTEM, "test"):
        register_many(people_columns(400))
    web.execute("select set_config('app.ctx', %s, false)", [sign(Actor("officer", 7, region="4401"))])
    web.execute("set enable_seqscan = off")
    numbers = NUMBERS.format(digest(Family.IDENTITY, id_number(7)))
    for query, index in ((NAMES, "registry_person_name"), (numbers, "registry_identifier_digest")):
        plan = "\n".join(row[0] for row in web.execute(f"explain {query}"))
        assert index in plan
        assert "Index Cond" in plan
    assert len(web.execute(NAMES).fetchall()) == 111
    assert len(web.execute(numbers).fetchall()) == 1
    web.execute("select set_config('app.ctx', %s, false)", [sign(Actor("officer", 7, region="4403"))])
    assert web.execute(NAMES).fetchall() == []
    assert web.execute(numbers).fetchall() == []
