"""Faults made on purpose, in a size for every day: each claim holds, and each control run is noticed."""

import json
import re

import pytest

from drills.folders import python

pytestmark = pytest.mark.drill
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SMALL = ("kill-postgres", "hostile-files", "one-key", "lost-connections", "disk-full", "planted-fen")


@pytest.fixture(scope="module")
def results(province, paid_province):
    """What became of the drills that are quick enough, by name."""
    places = "--province", str(province), "--finished", str(paid_province)
    done = python(province, "-m", "drills", *SMALL, "--small", "--seed", "7", "--json", *places, check=False)
    return {result["name"]: result for result in json.loads(done.stdout)["drills"]}


@pytest.fixture
def result(results, name):
    """What became of one drill, where this machine can run it (a full disk needs root, to mount a small one)."""
    if results[name]["skipped"]:
        pytest.skip(results[name]["skipped"])
    return results[name]


@pytest.mark.parametrize("name", SMALL)
def test_the_claim_holds(result):
    assert result["broken"] == ""
    assert result["wrong"] == []


@pytest.mark.parametrize("name", SMALL)
def test_the_control_is_noticed(result):
    assert result["control_saw"] != []


def test_every_drill_says_in_both_languages_what_it_breaks_claims_and_controls(province):
    told = json.loads(python(province, "-m", "drills", "list", "--json").stdout)
    assert {row["name"] for row in told} >= set(SMALL)
    for row in told:
        for english, chinese in (row["breaks"], row["claim"], row["control"]):
            assert not CHINESE.search(english), row["name"]
            assert CHINESE.search(chinese), row["name"]
