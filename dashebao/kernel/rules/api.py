"""The public door of the rules package."""

from dashebao.kernel.rules.amendments import Amendment, AmendmentRefused, nearest, read_value, versions_of, written
from dashebao.kernel.rules.amendments import check as check_amendment
from dashebao.kernel.rules.columns import CHUNK, filled, run_columns
from dashebao.kernel.rules.errors import BadInput, NoParameter, ParameterError, RulesError, UnknownFormula
from dashebao.kernel.rules.exact import ZERO, Column, Exact, Number, Rounding, choose, clip, exact, high, low
from dashebao.kernel.rules.examples import Outcome, check_examples, read_examples, read_inputs_file
from dashebao.kernel.rules.files_written import as_yaml
from dashebao.kernel.rules.law import STORE, Change, Edition, Law, Store, mount, parameters, scopes, trial
from dashebao.kernel.rules.parameters import Origin, Parameter, Reference, Scale, Version, in_force
from dashebao.kernel.rules.reading import plain
from dashebao.kernel.rules.register import REGISTER, Formula, Results, evaluate, explain, formula, replay
from dashebao.kernel.rules.trace import Trace, line
from dashebao.kernel.rules.values import (
    Count,
    Days,
    Months,
    NotExact,
    Ratio,
    Years,
    Yuan,
    number,
    ratio_text,
    yuan_text,
)
from dashebao.kernel.rules.words import worded

__all__ = [
    "CHUNK",
    "REGISTER",
    "STORE",
    "ZERO",
    "Amendment",
    "AmendmentRefused",
    "BadInput",
    "Change",
    "Column",
    "Count",
    "Days",
    "Edition",
    "Exact",
    "Formula",
    "Law",
    "Months",
    "NoParameter",
    "NotExact",
    "Number",
    "Origin",
    "Outcome",
    "Parameter",
    "ParameterError",
    "Ratio",
    "Reference",
    "Results",
    "Rounding",
    "RulesError",
    "Scale",
    "Store",
    "Trace",
    "UnknownFormula",
    "Version",
    "Years",
    "Yuan",
    "as_yaml",
    "check_amendment",
    "check_examples",
    "choose",
    "clip",
    "evaluate",
    "exact",
    "explain",
    "filled",
    "formula",
    "high",
    "in_force",
    "line",
    "low",
    "mount",
    "nearest",
    "number",
    "parameters",
    "plain",
    "ratio_text",
    "read_examples",
    "read_inputs_file",
    "read_value",
    "replay",
    "run_columns",
    "scopes",
    "trial",
    "versions_of",
    "worded",
    "written",
    "yuan_text",
]
