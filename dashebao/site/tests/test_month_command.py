"""`dashebao month status` on the terminal."""

import pytest
from django.utils import translation

from dashebao.kernel.batches.api import Chunk, Run, StepState
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.site.management.commands.month import as_text, status
from dashebao.site.month import MONTH


@pytest.fixture
def paying(db):
    """A month that waits for the bank's answers, half of its batches made."""
    with acting(SYSTEM, "test"):
        text = "Bank files without an answer: %(count)d."
        left = {"state": "waiting", "waits_for": {"text": text, "values": {"count": 3}}}
        run = Run.objects.create(pipeline=MONTH, period=202611, **left)
        step = StepState.objects.create(run=run, position=7, name="fund.batch", state="done")
        for number in (1, 2):
            Chunk.objects.create(step=step, key=str(number), state="done", rows=10, counted={"payment batches": number})


@pytest.mark.parametrize(
    ("language", "heading", "made"),
    [
        ("en", "Month 202611: Waiting – Bank files without an answer: 3.", "Done     2/2 20 0.00s payment batches: 3"),
        ("zh-hans", "月份 202611：等待 – 银行未回盘的文件：3 个。", "完成       2/2 20 0.00s 支付批次：3"),
    ],
)
def test_the_status_is_in_the_language_of_the_reader(paying, language, heading, made):
    with translation.override(language):
        first, *steps = as_text(status(202611)).splitlines()
    assert first == heading
    (batches,) = [line for line in steps if line.startswith("  fund.batch ")]
    assert batches.split() == ["fund.batch", *made.split()]
