"""Which formulas read a parameter is found in the source; parameters written back are the files' own layout."""

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

import dashebao
from dashebao.kernel.rules.api import STORE, Amendment, Reference, Store, as_yaml, parameters, trial
from dashebao.platform.administration import readers
from dashebao.platform.administration.acts import act_name, detail_text
from dashebao.platform.administration.acts_words import ACTS, AREAS

PACKAGE = Path(dashebao.__file__).parent
ACT = Reference("粤人社发〔2026〕99号", "第二条")


@pytest.mark.parametrize(
    ("name", "formulas"),
    [
        ("pension.calc_base", {"pension.award", "pension.award_guangdong"}),
        ("levy.late_fee_rate", {"levy.late_fee"}),
        ("residents.basic", {"pension.residents", "pension.residents_award"}),
        ("pension.retirement.M60.step", set()),
    ],
)
def test_the_formulas_that_read_a_parameter_are_named(name, formulas):
    found = {formula.name for formula in readers.formulas_reading(name)}
    assert found >= formulas


def test_functions_outside_formulas_are_named_too():
    assert {"_rates", "scheme_terms"} <= {reader.function for reader in readers.readers_of("levy.pension.cap")}


@pytest.mark.parametrize(
    "name", ["residents.basic", "pension.payout_months", "levy.late_fee_cap", "pension.index_wage", "residents.tiers"]
)
def test_a_parameter_written_back_reads_the_same(name, tmp_path):
    for region, parameter in STORE.parameters[name].items():
        prefix, *rest = name.split(".")
        folder = tmp_path / (region or "nation")
        path = folder / region / f"{'/'.join(rest)}.yaml" if region else folder / f"{'/'.join(rest)}.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(as_yaml(parameter))
        store = Store()
        store.mount(prefix, folder)
        again = store.parameters[name][region]
        assert again.versions == parameter.versions
        assert again.brackets == parameter.brackets
        assert (again.unit, again.yearly) == (parameter.unit, parameter.yearly)


def test_an_approved_value_costs_a_lookup_nothing():
    """A value laid over the files is merged once; asking the law for it again gives the same object, as before."""
    day = date(2027, 1, 1)
    with trial(Amendment("residents.basic", "44", day, Fraction(300), ACT)):
        changed = parameters("440106", day)
        assert changed["residents.basic"].whole() == 30_000
        assert changed["residents.basic"] is changed["residents.basic"]


@pytest.mark.django_db
def test_acts_are_told_in_words():
    assert act_name("levy.declared") == "Declared wages"
    assert act_name("cases.granted") == "Granted"
    assert act_name("levy.something_new") == "Worked on contributions"
    assert detail_text({"role": "levy.clerk", "until": "", "region": "440100"}).startswith("Levy clerk")


def test_every_act_that_is_written_has_words():
    written = {
        verb
        for path in PACKAGE.rglob("*.py")
        if "tests" not in path.parts
        for verb in re.findall(r'\b(?:write_)?audit\(\s*"([a-z_.]+)"', path.read_text())
    }
    assert len(written) > 100
    assert written - set(ACTS) == set()
    assert {verb.split(".")[0] for verb in ACTS} - set(AREAS) == set()
