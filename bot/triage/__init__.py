"""What reads messages. `scores` is what an evaluation stands on."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bot.triage.read import Triage


def scores(texts: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    """Rank messages with the weights and cues of this release.

    Gives, for each of the nine concerns (`bot.triage.head.CONCERN_HEADS`), one fused score a text,
    in their order: log-odds were half of all messages of that concern. Only their order means
    something in a community that was not calibrated. Raises BadFile where a file is broken.
    """
    return _shipped().scores(texts)


@cache
def _shipped() -> Triage:
    # The one import that goes up a floor (docs/decisions/0006): who asks has nothing but texts.
    from bot.knowledge import load_knowledge  # noqa: PLC0415
    from bot.settings import Settings  # noqa: PLC0415

    return load_knowledge(Settings.from_env({})).triage
