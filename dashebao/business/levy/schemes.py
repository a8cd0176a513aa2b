"""The insurances that one declaration covers, and the columns each has in the wide contribution row."""

from dataclasses import dataclass

PENSION = "110"
RESIDENTS = "170"
UNEMPLOYMENT = "210"
MEDICAL = "310"
INJURY = "410"
MATERNITY = "510"

INJURY_NUMBER = 410


@dataclass(frozen=True)
class SchemeColumns:
    """Where one scheme stands in a contribution row: `<prefix>_base_fen`, `<prefix>_employer_fen`, `<prefix>_worker_fen`."""

    code: str
    prefix: str
    worker_pays: bool

    @property
    def base(self) -> str:
        """Column of the clamped base."""
        return f"{self.prefix}_base_fen"

    @property
    def employer(self) -> str:
        """Column of the employer's part."""
        return f"{self.prefix}_employer_fen"

    @property
    def worker(self) -> str:
        """Column of the worker's part; only where `worker_pays`."""
        return f"{self.prefix}_worker_fen"

    @property
    def amounts(self) -> tuple[str, ...]:
        """The amount columns of this scheme that exist."""
        return (self.employer, self.worker) if self.worker_pays else (self.employer,)

    @property
    def number(self) -> int:
        """The scheme code as stored in integer arrays."""
        return int(self.code)


# The order of columns in the row; the order in which partial money is allocated is a parameter.
SCHEMES: tuple[SchemeColumns, ...] = (
    SchemeColumns(PENSION, "pension", True),
    SchemeColumns(MEDICAL, "medical", True),
    SchemeColumns(MATERNITY, "maternity", False),
    SchemeColumns(UNEMPLOYMENT, "unemployment", True),
    SchemeColumns(INJURY, "injury", False),
)
BY_CODE = {scheme.code: scheme for scheme in SCHEMES}

# What an employee joins (社会保险法 10, 23, 33, 44, 53) and what a flexible worker may choose (10, 23).
EMPLOYEE_SCHEMES = (PENSION, MEDICAL, MATERNITY, UNEMPLOYMENT, INJURY)
FLEXIBLE_SCHEMES = (PENSION, MEDICAL)


def numbers(codes: "tuple[str, ...] | list[str]") -> list[int]:
    """Scheme codes as the integers stored in arrays, sorted, without repeats."""
    return sorted({int(code) for code in codes})


def codes(stored: "list[int] | tuple[int, ...]") -> tuple[str, ...]:
    """Stored integers back to scheme codes."""
    return tuple(str(number) for number in stored)
