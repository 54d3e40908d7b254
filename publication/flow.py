"""From the ledger to the readers in one call; the DAG runs the same steps as tasks of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from expectations.gate import GateOutcome, run_gate
from publication.build import build, rebuild_release_notes
from publication.releases import PASSABLE, hold, open_release, publish
from publication.retention import drop_old_content

Ending = Literal["unchanged", "published", "held"]


@dataclass(frozen=True, slots=True)
class FlowResult:
    release_id: int | None
    ending: Ending
    gate: GateOutcome | None


def build_and_publish(
    *,
    force: bool = False,
    wait_for_approval: bool = False,
    actor: str = "chaidaen",
    progress: Callable[[str], None] = lambda _: None,
) -> FlowResult:
    """Open, build, gate, then publish or hold. Raises BuildFailed; a gate that fails or crashes holds the release."""
    release_id = open_release(force=force, actor=actor)
    if release_id is None:
        return FlowResult(None, "unchanged", None)
    build(release_id, progress=progress)
    progress("gate")
    outcome = pass_gate(release_id)
    if outcome not in PASSABLE:
        return FlowResult(release_id, "held", outcome)
    if wait_for_approval:
        hold(release_id, actor, "waits for approval")
        return FlowResult(release_id, "held", outcome)
    progress("publish")
    publish(release_id, actor)
    progress("tidy")
    drop_old_content(actor)
    return FlowResult(release_id, "published", outcome)


def pass_gate(release_id: int) -> GateOutcome:
    """Judge the release, hold it unless it passed (or only warned), and write the verdict into its release notes."""
    outcome = run_gate(release_id)
    if outcome not in PASSABLE:
        hold(release_id, "gate", f"gate {outcome}")
    rebuild_release_notes(release_id)
    return outcome
