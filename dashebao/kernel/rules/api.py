"""The public door of the rules package."""

from dashebao.kernel.rules.columns import CHUNK, filled, run_columns
from dashebao.kernel.rules.errors import BadInput, NoParameter, ParameterError, RulesError, UnknownFormula
from dashebao.kernel.rules.exact import ZERO, Column, Exact, Number, Rounding, choose, clip, exact, high, low
from dashebao.kernel.rules.examples import Outcome, check_examples, read_examples, read_inputs_file
from dashebao.kernel.rules.law import STORE, Change, Law, Store, mount, parameters, scopes
from dashebao.kernel.rules.parameters import Origin, Reference, Scale
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
    "BadInput",
    "Change",
    "Column",
    "Count",
    "Days",
    "Exact",
    "Formula",
    "Law",
    "Months",
    "NoParameter",
    "NotExact",
    "Number",
    "Origin",
    "Outcome",
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
    "Years",
    "Yuan",
    "check_examples",
    "choose",
    "clip",
    "evaluate",
    "exact",
    "explain",
    "filled",
    "formula",
    "high",
    "line",
    "low",
    "mount",
    "number",
    "parameters",
    "plain",
    "ratio_text",
    "read_examples",
    "read_inputs_file",
    "replay",
    "run_columns",
    "scopes",
    "worded",
    "yuan_text",
]
