"""What a run tells is kept as words and values, and said in the language of whoever reads it."""

import pytest
from django.utils import translation

from dashebao.kernel.batches.api import (
    Chunk,
    ChunkPlan,
    Counts,
    Run,
    Step,
    Waiting,
    counted_by_step,
    register_pipeline,
    run,
)

pytestmark = pytest.mark.django_db(transaction=True)


class Telling(Step):
    """Counts batches in three chunks, then waits in the fourth."""

    name, title = "telling", "Telling"

    def plan(self, period):
        return [ChunkPlan(str(n), {"n": n}) for n in range(4)]

    def execute(self, period, args):
        if args["n"] == 3:
            raise Waiting("Fund request %(number)s waits for the finance office.", number="YK-1")
        return Counts(counted={"payment batches": 400 * args["n"], "payments to send again": 0})


@pytest.fixture(params=["en", "zh-hans"])
def left(request):
    """A run that another language's process left waiting."""
    register_pipeline("p", [Telling()])
    with translation.override(request.param):
        run("p", 202611)
    return Run.objects.get()


@pytest.mark.parametrize(
    ("language", "waits", "one", "together"),
    [
        ("en", "Fund request YK-1 waits for the finance office.", "payment batches: 400", "payment batches: 1,200"),
        ("zh-hans", "用款申请 YK-1 等待财政部门拨付。", "支付批次：400", "支付批次：1,200"),
    ],
)
def test_it_is_said_in_the_language_of_the_reader(left, language, waits, one, together):
    with translation.override(language):
        assert left.waiting_for == waits
        assert [chunk.note for chunk in Chunk.objects.order_by("id")] == ["", one, one.replace("400", "800"), ""]
        assert list(counted_by_step(left.pk).values()) == [together]


def test_a_run_that_does_not_wait_says_nothing(left):
    class Done(Telling):
        def execute(self, period, args):
            return Counts()

    register_pipeline("p", [Done()])
    assert run("p", 202611).waiting_for == ""
