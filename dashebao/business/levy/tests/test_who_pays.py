"""A contribution row says who pays what: a person without a unit pays all of it."""

import pytest

from dashebao.business.levy.queries.histories import LineView

PENSION, MEDICAL = "110", "310"


@pytest.mark.parametrize(("unit_id", "by_unit", "by_person"), [(7, 250_00, 100_00), (0, 0, 350_00)])
def test_what_the_unit_and_the_person_pay(unit_id, by_unit, by_person):
    line = LineView(
        month=202611, for_month=202611, unit_id=unit_id, unit_name="", person_id=1, kind=0, wage_fen=1_000_00,
        parameter_set_id=1, base_fen={PENSION: 1_000_00, MEDICAL: 1_000_00}, employer_fen={PENSION: 160_00, MEDICAL: 90_00},
        worker_fen={PENSION: 80_00, MEDICAL: 20_00}, paid_month={PENSION: 0, MEDICAL: 0},
    )  # fmt: skip
    assert (line.by_unit_fen, line.by_person_fen) == (by_unit, by_person)
