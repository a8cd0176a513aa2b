"""What runs tell: kept as words of the program and values, and said in the language of whoever reads it later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

COUNTED = """
    with summed as (
      select c.step_id, e.key as what, sum(e.value::bigint)::bigint as count
        from batches_chunk c join batches_stepstate s on s.id = c.step_id cross join jsonb_each_text(c.counted) e
       where s.run_id = %s group by 1, 2)
    select step_id, jsonb_object_agg(what, count) from summed group by 1"""


class Waiting(Exception):
    """An outside answer or a person's decision is missing; the chunk is undone and tried again on the next run.

    `text` is a sentence marked with `gettext_noop`, `values` what stands in it (numbers, codes, amounts as text).
    """

    def __init__(self, text: str, **values: int | str) -> None:
        super().__init__(text, values)
        self.kept: dict[str, Any] = {"text": text, "values": values}

    def __str__(self) -> str:
        return why_waiting(self.kept)


def why_waiting(kept: Mapping[str, Any]) -> str:
    """What a run waits for, of what `Waiting` kept; "" where it kept nothing."""
    if not kept:
        return ""
    text, values = kept["text"], kept["values"]
    return str(_(text) % values)


def counted_by_step(run: int) -> dict[int, str]:
    """What the chunks of a run counted beside their rows, taken together, in words: by the key of the step's state."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, [run])
        return {step: counts_told(json.loads(counted)) for step, counted in cursor.fetchall()}


def counts_told(counted: Mapping[str, int]) -> str:
    """What a chunk counted beside its rows: "payment batches: 12; bank files: 3". Zeros are left out."""
    said = [
        _("%(what)s: %(count)s") % {"what": _(what), "count": f"{count:,}"} for what, count in counted.items() if count
    ]
    return _("; ").join(said)
