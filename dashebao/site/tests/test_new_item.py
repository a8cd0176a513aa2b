"""`dashebao new item`: what it writes runs, passes its own test, and keeps the packages in order."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dashebao.site.scaffolds import NewItem, ScaffoldRefused, with_import, write_item

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = '"""Items."""\n\nfrom a.items import apples, pears\n\n__all__ = ["apples", "pears"]\n'


def test_the_package_imports_and_lists_the_new_item_in_order():
    assert with_import(PACKAGE, "a.items", "figs") == (
        '"""Items."""\n\nfrom a.items import apples, figs, pears\n\n__all__ = ["apples", "figs", "pears"]\n'
    )


def test_a_package_of_another_shape_is_refused():
    with pytest.raises(ScaffoldRefused):
        with_import('"""Items."""\n', "a.items", "figs")


def test_nothing_is_written_for_a_name_that_is_no_verb_and_object(tmp_path):
    wanted = NewItem(
        module="a", folder=tmp_path, code="SI-999", name="check", zh="示例", title="Example", person=False,
        clerk="levy.clerk", decider="levy.reviewer",
    )  # fmt: skip
    with pytest.raises(ScaffoldRefused):
        write_item(wanted)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.drill
@pytest.mark.parametrize("who", ["unit", "person"])
def test_what_it_makes_runs_and_passes_its_own_test(tmp_path, who):
    for name in ("dashebao", "demonstration", "tests", "drills", "docs", "conftest.py", "pyproject.toml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "screens"
                            if name == "docs" else "__pycache__"))  # fmt: skip
        else:
            shutil.copy(source, tmp_path / name)
    surroundings = os.environ | {"PYTHONPATH": str(tmp_path), "DASHEBAO_TEST_DB": f"new_{who}"}
    command = [sys.executable, "-m", "dashebao", "new", "item", "levy", "SI-2099", "CheckArrears"]
    more = ["--zh", "欠费核查", "--title", "Check of arrears", *(["--person"] if who == "person" else [])]
    made = subprocess.run([*command, *more], cwd=tmp_path, env=surroundings, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    assert "items/check_arrears.py" in made.stdout
    linted = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "dashebao/business/levy", "-q"], cwd=tmp_path, capture_output=True
    )
    assert linted.returncode == 0, linted.stdout
    test = "dashebao/business/levy/tests/test_check_arrears.py"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", test, "tests/every/test_every_item.py", "-q", "-n0", "-k", "2099 or arrears"],
        cwd=tmp_path, env=surroundings, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-3000:]
