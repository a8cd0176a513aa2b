"""Sleeping by `select`: what moves a program's clock breaks the call that Python sleeps by. Found by way of PYTHONPATH."""

import select
import time


def sleep(seconds: float) -> None:
    """As time.sleep."""
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], seconds)


time.sleep = sleep
