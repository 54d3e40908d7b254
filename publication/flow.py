"""From the ledger to the readers in one call; the DAG runs the same steps as tasks of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from expectations.gate import GateOutcome
from publication import approval
from publication.build import build
from publication.fallback import judge, judge_or_fall_back
from publication.releases import PASSABLE, hold, open_release, publish
from publication.retention import drop_old_content

Ending = Literal["unchanged", "published", "held"]


@dataclass(frozen=True, slots=True)
class FlowResult:
    """held_back: datasets published as they were, because what was sent since did not pass the gate."""

    release_id: int | None
    ending: Ending
    gate: GateOutcome | None
    held_back: tuple[str, ...] = ()


def build_and_publish(
    *,
    force: bool = False,
    wait_for_approval: bool = False,
    actor: str = "chaidaen",
    progress: Callable[[str], None] = lambda _: None,
) -> FlowResult:
    """Open, build, gate, then publish or hold. A release that fails is tried without the datasets at fault.

    One that passed waits for a person when `wait_for_approval`, or `CHAIDAEN_APPROVAL`, says so.
    Raises BuildFailed; a gate that crashes, or fails whatever is held back, holds the release.
    """
    release_id = open_release(force=force, actor=actor)
    if release_id is None:
        return FlowResult(None, "unchanged", None)
    build(release_id, progress=progress)
    progress("gate")
    judged = judge_or_fall_back(release_id, actor, progress=progress)
    if not judged.passed:
        return FlowResult(judged.release_id, "held", judged.gate)
    if wait_for_approval or approval.is_needed(judged.gate):
        hold(judged.release_id, actor, approval.WAITS)
        return FlowResult(judged.release_id, "held", judged.gate, judged.held_back)
    progress("publish")
    publish(judged.release_id, actor)
    progress("tidy")
    drop_old_content(actor)
    return FlowResult(judged.release_id, "published", judged.gate, judged.held_back)


def pass_gate(release_id: int, *, anew: bool = False) -> GateOutcome:
    """Judge the release and hold it unless it passed (or only warned); nothing else is tried.

    anew: no verdict of an earlier release stands.
    """
    outcome = judge(release_id, anew=anew)
    if outcome not in PASSABLE:
        hold(release_id, "gate", f"gate {outcome}")
    return outcome
