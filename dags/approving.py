"""A step of a flow that waits for a person, who may answer in Airflow or by `chaidaen publish`."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowSkipException, TaskAwaitingInput
from airflow.triggers.base import BaseTrigger, TriggerEvent

from core import clock
from dags.wiring import step

LOOK_EVERY_SECONDS = 1.0
log = logging.getLogger(__name__)


class ReleaseApproval(ApprovalOperator):
    """Asks whether a release is to be published, and passes at once when nobody is to be asked.

    Airflow would only listen to its own page; the ledger of releases is asked as well, so an answer by command ends
    the wait. While it waits it takes no worker, only the triggerer. Nobody answers in `CHAIDAEN_APPROVAL_HOURS`: the
    flow goes no further, the release stays held and can still be approved.
    """

    template_fields = ("subject", "body", "release_id")

    def __init__(self, *, release_id: object, actor: str, **options: Any) -> None:  # noqa: ANN401 - Airflow's own
        super().__init__(subject="", **options)
        self.release_id = release_id
        self.actor = actor

    @step
    def execute(self, context: Context) -> object:
        from core.settings import settings
        from publication import approval

        question = approval.ask(int(self.release_id), self.actor)
        if question is None:
            return self._go_on(context, approval.standing(int(self.release_id)))
        self.subject, self.body = question.subject, question.body
        try:
            return super().execute(context)
        except TaskAwaitingInput as waiting:
            until = clock.now() + timedelta(hours=settings().approval_hours)
            trigger = ReleaseDecisionTrigger(int(self.release_id), until.isoformat())
            self.defer(trigger=trigger, method_name=waiting.method_name)

    @step
    def execute_complete(self, context: Context, event: dict[str, Any]) -> int:
        """Write the answer into the ledger; what stands there is what counts, also if both sides answered at once."""
        from publication import approval

        release_id = int(self.release_id)
        standing = approval.standing(release_id)
        user = event.get("responded_by_user")
        if standing == "waiting" and user is None:
            raise AirflowSkipException(f"Nobody has decided about release {release_id}; it stays held.")
        if standing == "waiting" and self.APPROVE in event["chosen_options"]:
            standing = approval.approve(release_id, user["name"], "airflow")
        elif standing == "waiting":
            standing = approval.reject(release_id, user["name"], "airflow", "ไม่อนุมัติใน Airflow · refused in Airflow")
        return self._go_on(context, standing)

    def _go_on(self, context: Context, standing: str) -> int:
        if standing in ("rejected", "superseded"):
            self.log.info("Release %s is %s; the published one stands.", self.release_id, standing)
            self.skip(ti=context["ti"], tasks=context["task"].get_direct_relatives(upstream=False))
        return int(self.release_id)


class ReleaseDecisionTrigger(BaseTrigger):
    """Fires when the ledger of releases has an answer, or when it is too late.

    What is answered in Airflow itself wakes the step without it.
    """

    def __init__(self, release_id: int, until: str, look_every_seconds: float = LOOK_EVERY_SECONDS) -> None:
        super().__init__()
        self.release_id, self.until, self.look_every_seconds = release_id, until, look_every_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        options = {"release_id": self.release_id, "until": self.until, "look_every_seconds": self.look_every_seconds}
        return "dags.approving.ReleaseDecisionTrigger", options

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look until somebody has decided. The event says no more than that."""
        while await asyncio.to_thread(_standing, self.release_id) == "waiting":
            if clock.now() > datetime.fromisoformat(self.until):
                yield TriggerEvent({"decided": False})
                return
            await asyncio.sleep(self.look_every_seconds)
        yield TriggerEvent({"decided": True})


def _standing(release_id: int) -> str:
    """A database that is away is asked again: the wait outlives that."""
    from core import database
    from core.errors import DatabaseUnavailable
    from publication import approval

    try:
        return approval.standing(release_id)
    except (DatabaseUnavailable, OSError) as error:
        database.forget()
        log.warning("The releases cannot be asked: %s", error)
        return "waiting"
