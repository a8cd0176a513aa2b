"""Every name that a formula's text shows has words in both languages."""

import ast
import re
from pathlib import Path

import pytest

from dashebao.kernel.rules.words import FUNCTIONS, NAMES, worded

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted(ROOT.glob("business/**/rules*.py"))


def formulas(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef) and any(
            isinstance(one, ast.Call) and getattr(one.func, "id", "") == "line" for one in node.decorator_list
        ):
            returned = [one for one in ast.walk(node) if isinstance(one, ast.Return) and one.value][-1].value
            if isinstance(returned, ast.Call) and getattr(returned.func, "attr", "") == "rounded":
                returned = returned.func.value
            yield ast.unparse(returned)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_name_in_a_formula_has_words(path):
    texts = " ".join(formulas(path)).replace(".floor()", "")
    names = set(re.findall(r"[A-Za-z_][A-Za-z_0-9]*", texts))
    assert names - set(FUNCTIONS) - set(NAMES) == set()


def test_a_formula_reads_in_the_language_of_the_reader():
    text = "choose(offset < 0, 0, low(maximum, (offset ÷ step).floor() + 1))"
    assert worded(text) == "若(距起始月数 < 0, 0, 取小(最多延迟月数, (距起始月数 ÷ 延迟步长月数)（取整数） + 1))"
    assert worded("monthly_base ÷ average_wage", "en") == "monthly base ÷ average wage"
    assert worded("= 710.00 ÷ 847.00") == "= 710.00 ÷ 847.00"
