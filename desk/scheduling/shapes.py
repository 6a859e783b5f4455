"""The shape of a share that is planned, and not made yet."""

from __future__ import annotations

from collections.abc import Mapping

from desk.scheduling.campaigns import Step
from desk.shapes import Json, moment


def step_json(step: Step, names: Mapping[int, str]) -> Json:
    """`names`: of the channels."""
    return {
        "text": step.said,
        "kind": step.kind,
        "posts": [
            {"channel": names[channel_id], "due_at": moment(at)}
            for channel_id, at in step.slots.items()
        ],
    }
