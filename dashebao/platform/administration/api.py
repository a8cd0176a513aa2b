"""The door of the administration: what businesses register, and what other processes may ask."""

from dashebao.platform.administration.acts import register_acts
from dashebao.platform.administration.register import (
    Sample,
    Samples,
    Touched,
    register_samples,
    register_touched,
)

__all__ = ["Sample", "Samples", "Touched", "register_acts", "register_samples", "register_touched"]
