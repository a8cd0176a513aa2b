"""What is sealed opens again, for its holder only, under old keys and new ones, and tells nothing without a key."""

import json

import pytest

from dashebao.kernel.secrecy import keys
from dashebao.kernel.secrecy.api import (
    CannotOpen,
    Family,
    add_key,
    current_keys,
    digest,
    drop_key,
    open_,
    open_members,
    opened_json,
    resealed,
    seal,
    seal_many,
    sealed_json,
)

NUMBER = "6222020000001234567"


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.DATA = tmp_path


def test_what_is_sealed_opens_again_and_shows_only_its_tail():
    sealed = seal(Family.ACCOUNT, "p7", NUMBER)
    assert (open_(sealed), open_(sealed, "p7"), sealed[-4:]) == (NUMBER, NUMBER, "4567")
    assert NUMBER[:-4] not in sealed
    assert sealed != seal(Family.ACCOUNT, "p7", NUMBER)
    assert (seal(Family.ACCOUNT, "p7", ""), open_("")) == ("", "")
    assert open_(seal(Family.ANSWER, "x", "号码 6222")) == "号码 6222"


def test_short_values_and_answers_show_nothing():
    assert seal(Family.ACCOUNT, "p7", "1234567").endswith(".****")
    assert seal(Family.ANSWER, "x", NUMBER).endswith(".****")


def test_equal_values_have_one_digest_and_families_do_not_meet():
    first, second = seal_many(Family.ACCOUNT, ["p1", "p2"], [NUMBER, NUMBER])
    assert first[:23] == second[:23] == digest(Family.ACCOUNT, NUMBER)
    assert digest(Family.ACCOUNT, NUMBER) != digest(Family.ANSWER, NUMBER)
    assert digest(Family.ACCOUNT, NUMBER) != digest(Family.ACCOUNT, NUMBER[:-1])


@pytest.mark.parametrize("part", range(5))
def test_no_part_can_be_changed(part):
    mine, other = (seal(Family.ACCOUNT, f"p{n}", f"62220200000000{n}").split(".") for n in (1111, 2222))
    mine[part] = other[part] if mine[part] != other[part] else "a2"
    with pytest.raises(CannotOpen):
        open_(".".join(mine))


def test_a_value_of_another_holder_is_refused():
    with pytest.raises(CannotOpen, match="belongs to p1, not to p2"):
        open_(seal(Family.ACCOUNT, "p1", NUMBER), "p2")


@pytest.mark.parametrize("value", ["6222020000001234567", "~x", "a.b.c.d.e", "~" + "A" * 22 + ".p1.a1.AAAA.4567"])
def test_what_is_not_sealed_does_not_open(value):
    current_keys(make=True)
    with pytest.raises(CannotOpen):
        open_(value)


def test_a_new_key_seals_and_the_old_one_opens_until_it_is_dropped():
    old = seal(Family.ACCOUNT, "p1", NUMBER)
    assert add_key().number == 2
    new = resealed(old)
    assert (old.split(".")[2], new.split(".")[2], new.split(".")[1]) == ("a1", "a2", "p1")
    assert (open_(old), open_(new), new[:23]) == (NUMBER, NUMBER, old[:23])
    assert resealed(new) == new
    with pytest.raises(ValueError, match="in use"):
        drop_key(2)
    drop_key(1)
    assert open_(new) == NUMBER
    with pytest.raises(CannotOpen, match="key 1 is not in"):
        open_(old)


def test_the_keys_are_the_owners_alone_and_without_them_nothing_opens(monkeypatch):
    sealed = seal(Family.ACCOUNT, "p1", NUMBER)
    assert keys.place().stat().st_mode & 0o777 == 0o600
    assert keys.place().parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in keys.place().parent.iterdir()] == ["fields.json"]
    keys.place().unlink()
    monkeypatch.setattr(keys, "_held", None)  # another program, which has not read them yet
    with pytest.raises(CannotOpen, match="is not there"):
        open_(sealed)


def test_long_numbers_in_json_are_sealed_and_words_are_not():
    answers = {
        "number": NUMBER,
        "name": "甲",
        "rows": [{"id_number": "11010119900307721X", "fen": 12345678}],
        "on": "2026-11-22",
    }
    stored = sealed_json(answers)
    text = json.dumps(stored)
    assert NUMBER not in text
    assert "11010119900307721X" not in text
    assert (stored["on"], stored["rows"][0]["fen"]) == ("2026-11-22", 12345678)
    assert opened_json(json.loads(text)) == answers


def test_what_somebody_typed_to_look_sealed_comes_back_as_typed():
    stolen = seal(Family.ACCOUNT, "p1", NUMBER)
    for typed in (stolen, f"see {stolen}", "~" + "A" * 22 + ".p1.a1." + "A" * 40 + ".4567"):
        assert opened_json(sealed_json({"name": typed})) == {"name": typed}
    forged = {"name": "~" + "A" * 22 + ".p1.a1." + "A" * 40 + ".4567"}
    assert opened_json(forged) == forged


def test_a_file_put_together_in_sql_is_opened_in_the_member_alone():
    sealed = seal(Family.ACCOUNT, "u3", NUMBER)
    text = json.dumps({"name": sealed, "account": sealed, "empty": ""}, separators=(", ", " : "))
    assert json.loads(open_members(text, "account")) == {"name": sealed, "account": NUMBER, "empty": ""}
