"""The case machine's own dated parameters, and what they decide."""

from datetime import date
from pathlib import Path

from dashebao.kernel.rules.api import mount, parameters

mount("cases", Path(__file__).parent / "parameters")


def is_above(amount_fen: int, parameter: str, region: str, on: date) -> bool:
    """Whether an amount in fen is higher than a parameter in yuan (劳社部发〔2007〕2号: large payments are checked twice)."""
    return amount_fen > parameters(region, on).fen(parameter)
