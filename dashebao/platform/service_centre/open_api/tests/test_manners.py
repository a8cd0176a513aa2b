"""HTTP manners: methods, media types, sizes, ETags, problems for everything, and the description."""

import json

import pytest
from django.test import Client

from dashebao.kernel.catalogue.api import Channel, items_for
from dashebao.platform.service_centre.open_api.document import operations
from dashebao.platform.service_centre.open_api.tests.conftest import ID_NUMBER, NAME, call, problem

pytestmark = pytest.mark.django_db
FIND = {"id_number": ID_NUMBER, "name": NAME}


@pytest.fixture
def program(world):
    return world.partner()


def described(language="en"):
    answer = call("GET", "openapi.json", headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.json()


def test_what_cannot_be_read_is_refused_as_a_problem(program):
    problem(program.call("POST", "persons/find", "{not json"), 400, "unreadable")
    problem(program.call("POST", "persons/find", b"\xff\xfe\x00"), 400, "unreadable")
    problem(program.call("POST", "persons/find", "id_number=1", Content_Type="application/x-www-form-urlencoded"), 415)
    problem(program.call("POST", "persons/find", FIND, Accept="text/html"), 406)
    problem(program.call("POST", "persons/find", "x" * (5 * 1024 * 1024 + 1)), 413, "too-large")
    wrong = program.call("DELETE", "cases")
    problem(wrong, 405, "method-not-allowed")
    assert "GET" in wrong.headers["Allow"]
    problem(program.get("nowhere/at/all"), 404)
    problem(program.get("cases/"), 404)
    problem(program.get("cases/1"), 422)


def test_every_value_is_of_its_exact_type(program):
    for name in (5, None, True, ["x"], {"a": 1}, "\ud800"):
        problem(program.call("POST", "persons/find", json.dumps(FIND | {"name": name})), 422)
    problem(program.call("POST", "persons/find", "[]"), 422)
    problem(program.call("POST", "persons/find", "null"), 422)
    problem(program.call("POST", "persons/find", FIND | {"name": "\x00"}), 404)


def test_reference_data_has_an_etag_and_personal_data_is_not_stored(program):
    first = program.get("regions?within=4401&limit=3")
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = program.get("regions?within=4401&limit=3", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert program.get("regions?within=4401&limit=4", If_None_Match=first.headers["ETag"]).status_code == 200
    assert program.get("cases").headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in first.headers


def test_regions_and_code_tables_are_told(program):
    page = program.get("regions?within=44&limit=100").json()
    assert page["items"][0]["code"] == "440000"
    more = program.get(f"regions?within=44&limit=100&cursor={page['next_cursor']}").json()
    assert more["items"][0]["code"] > page["items"][-1]["code"]
    tables = program.get("code-tables").json()["items"]
    assert "scheme" in {table["name"] for table in tables}
    assert len(program.get("code-tables?table=sex").json()["items"]) == 1
    problem(program.get("code-tables?table=nothing"), 404)


def test_the_guide_follows_the_language(program):
    english, chinese = program.get("items/SI-301"), program.get("items/SI-301", Accept_Language="zh-CN")
    assert english.json()["title"] != chinese.json()["title"]
    assert english.json()["official_name"] == chinese.json()["official_name"]
    assert {line["code"] for line in program.get("items").json()["items"]} >= {"SI-301", "SI-401", "SI-103"}
    problem(program.get("items/SI-999"), 404)


def test_every_open_item_has_an_operation_with_its_forms_fields():
    found = described()
    by_item = {one["x-item"]: one for _path, _method, one in operations(found) if "x-item" in one}
    assert set(by_item) == {item.code for item in items_for(Channel.API)}
    schemas = found["components"]["schemas"]
    for item in items_for(Channel.API):
        name = item.code.replace("-", "")
        assert set(schemas[f"{name}Answers"]["properties"]) == set(item.Form().fields) if item.Form().fields else True
        assert schemas[f"{name}Submission"]["additionalProperties"] is False


def test_money_is_whole_fen_everywhere():
    found = described()
    for name, schema in found["components"]["schemas"].items():
        for field, value in schema.get("properties", {}).items():
            kinds = {value.get("type")} | {one.get("type") for one in value.get("anyOf", ())}
            assert "number" not in kinds, f"{name}.{field}"
            if field.endswith("_fen"):
                assert "integer" in kinds, f"{name}.{field}"


def test_the_description_is_openapi_31_in_both_languages():
    english, chinese = described("en"), described("zh-CN")
    assert english["openapi"].startswith("3.1")
    assert set(english["paths"]) == set(chinese["paths"])
    assert english["info"]["title"] == "DaShebao open interface"
    assert chinese["info"]["title"] != english["info"]["title"]
    ids = [one["operationId"] for _path, _method, one in operations(english)]
    assert len(ids) == len(set(ids))
    words = {one["summary"] for _path, _method, one in operations(chinese)}
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in word) for word in words), words
    for _path, _method, operation in operations(english):
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"]


HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_documentation_page_is_served_by_ourselves(language):
    answer = Client(headers={"accept-language": language}).get("/api/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="submitSI103"' in page
    assert "style=" not in page
    assert "<script>" not in page
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "https://" not in page
    assert "<code>curl -X POST" not in page  # the details of an operation come when it is opened
    address = "/api/operation/submitSI103/"
    assert f'hx-get="{address}"' in page
    whole, part = (Client(headers={"accept-language": language, **more}).get(address) for more in ({}, HTMX))
    assert all("curl -X POST" in answer.content.decode() for answer in (whole, part))
    assert (b"<!doctype" in whole.content, b"<!doctype" in part.content) == (True, False)


def test_an_operation_nobody_has_is_not_found():
    assert Client().get("/api/operation/nothing/").status_code == 404
